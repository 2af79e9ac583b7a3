//! What an agent's console calls.

use super::{ChatTab, PageCursor};
use crate::model::agent::{Agent, ReleasedChat};
use crate::model::chat::{Ack, ChatRow, Command};
use crate::model::department::DepartmentRef;
use crate::model::error::ApiError;
use crate::model::ids::{ChatId, CommandId};
use crate::model::label::Label;
use crate::model::rules::Rules;
use leptos::server;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

/// What a console needs to know before it shows anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    pub agent: Agent,
    /// The live chats: all that wait, all of the agent's own, and of the others the latest.
    pub live: Vec<ChatRow>,
    /// These are all live chats.
    pub complete: bool,
    /// The departments to which chats can be given.
    pub departments: Vec<DepartmentRef>,
    pub labels: Vec<Label>,
    pub rules: Rules,
    /// Chats that were taken from the agent while they were gone, latest first.
    #[serde(default)]
    pub released: Vec<ReleasedChat>,
}

/// Who is logged in, and the live chats.
#[server(name = GetMe, prefix = "/api", endpoint = "agent/me", input = Json, output = Json)]
pub async fn me() -> Result<Me, ApiError> {
    let caller = super::Caller::current();
    let agent = caller.agent().await?;
    me_of(&caller.desk, agent).await
}

/// What this agent's console needs to know.
///
/// # Errors
/// [`ApiError::Internal`] when it cannot be read.
#[cfg(feature = "ssr")]
pub async fn me_of(desk: &crate::desk::Desk, agent: Agent) -> Result<Me, ApiError> {
    let (live, complete) = desk.live_rows(agent.id).await?;
    let departments = desk.departments().await?;
    let labels = desk.labels().await?;
    let released = desk.released_chats(agent.id).await?;
    Ok(Me { agent, live, complete, departments, labels, rules: (*desk.rules()).clone(), released })
}

/// One page of the chat list, latest change first; an empty page is the end.
#[server(prefix = "/api", endpoint = "agent/chats", input = Json, output = Json)]
pub async fn chat_list(tab: ChatTab, after: Option<PageCursor>) -> Result<Vec<ChatRow>, ApiError> {
    use crate::store::List;
    let caller = super::Caller::current();
    let agent = caller.agent().await?;
    let list = match tab {
        ChatTab::Waiting => List::Waiting,
        ChatTab::Mine => List::Mine(agent.id),
        ChatTab::AllOpen => List::Live,
        ChatTab::Ended => List::Ended,
    };
    caller.desk.chat_rows(list, after.map(|cursor| (cursor.updated_at, cursor.id))).await
}

/// Carries out an agent's command. May be repeated: a command with the same id is carried out once and answered as the
/// first time.
#[server(prefix = "/api", endpoint = "agent/command", input = Json, output = Json)]
pub async fn agent_command(chat: ChatId, id: CommandId, command: Command) -> Result<Ack, ApiError> {
    let caller = super::Caller::current();
    let agent = caller.agent().await?;
    caller.desk.agent_command(&agent, chat, id, command).await
}

/// Turns the switch "Available for chat".
#[server(prefix = "/api", endpoint = "agent/available", input = Json, output = Json)]
pub async fn set_available(available: bool) -> Result<(), ApiError> {
    let caller = super::Caller::current();
    let agent = caller.agent().await?;
    caller.desk.set_available(&agent, available).await
}

/// The agent has read that these chats were taken from them while they were gone.
#[server(name = ForgetReleased, prefix = "/api", endpoint = "agent/released/forget", input = Json, output = Json)]
pub async fn forget_released(chats: Vec<ChatId>) -> Result<(), ApiError> {
    let caller = super::Caller::current();
    let agent = caller.agent().await?;
    caller.desk.forget_released(&agent, &chats).await
}

/// A chat that a search found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundChat {
    pub row: ChatRow,
    /// What was said around the hits, in pieces; `true` for a hit.
    pub snippet: Vec<(String, bool)>,
}

/// Ended chats in which all these words were said, latest first; an empty page is the end.
#[server(name = SearchChats, prefix = "/api", endpoint = "agent/search", input = Json, output = Json)]
pub async fn search_chats(words: String, before: Option<ChatId>) -> Result<Vec<FoundChat>, ApiError> {
    let caller = super::Caller::current();
    caller.agent().await?;
    let found = caller.desk.search_chats(&words, before).await?;
    Ok(found.into_iter().map(|(row, snippet)| FoundChat { row, snippet }).collect())
}

/// The chats that the visitor of this chat had before it, latest first, at most twenty.
#[server(name = EarlierChats, prefix = "/api", endpoint = "agent/earlier-chats", input = Json, output = Json)]
pub async fn earlier_chats(chat: ChatId) -> Result<Vec<ChatRow>, ApiError> {
    let caller = super::Caller::current();
    caller.agent().await?;
    caller.desk.earlier_chats(chat).await
}

/// All labels, by name.
#[server(name = GetLabels, prefix = "/api", endpoint = "agent/labels", input = Json, output = Json)]
pub async fn labels() -> Result<Vec<Label>, ApiError> {
    let caller = super::Caller::current();
    caller.agent().await?;
    caller.desk.labels().await
}

/// The label with this name; makes it when there is none.
#[server(name = CreateLabel, prefix = "/api", endpoint = "agent/labels/create", input = Json, output = Json)]
pub async fn create_label(name: String) -> Result<Label, ApiError> {
    let caller = super::Caller::current();
    caller.agent().await?;
    caller.desk.create_label(&name).await
}
