//! What an agent's console calls.

use super::{ChatTab, PageCursor};
use crate::model::agent::Agent;
use crate::model::chat::{Ack, ChatRow, Command};
use crate::model::error::ApiError;
use crate::model::ids::{ChatId, CommandId};
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
}

/// Who is logged in, and the live chats.
#[server(name = GetMe, prefix = "/api", endpoint = "agent/me", input = Json, output = Json)]
pub async fn me() -> Result<Me, ApiError> {
    let caller = super::Caller::current();
    let agent = caller.agent().await?;
    let (live, complete) = caller.desk.live_rows(agent.id).await?;
    Ok(Me { agent, live, complete })
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
