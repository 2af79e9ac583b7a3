//! What a visitor's widget calls.

use super::client::BearerClient;
use crate::model::chat::{Ack, Command};
use crate::model::department::DepartmentRef;
use crate::model::error::ApiError;
use crate::model::ids::{ChatId, CommandId};
use leptos::server;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

/// What a widget needs to know before it shows anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitorState {
    /// The live chat to go on with.
    pub chat: Option<ChatId>,
    /// The departments to choose from.
    pub departments: Vec<DepartmentRef>,
}

/// The visitor's live chat, if there is one, and what the form offers.
#[server(name = GetVisitorState, prefix = "/api", endpoint = "visitor/state", input = Json, output = Json, client = BearerClient)]
pub async fn visitor_state() -> Result<VisitorState, ApiError> {
    let caller = super::Caller::current();
    let departments = caller.desk.departments().await?;
    let chat = match caller.desk.visitor(caller.bearer()?).await? {
        Some(visitor) => caller.desk.live_chat_of(visitor).await?,
        None => None,
    };
    Ok(VisitorState { chat, departments })
}

/// Carries out a visitor's command; `chat` is missing for the start of a new chat. May be repeated: a command with the
/// same id is carried out once and answered as the first time.
#[server(prefix = "/api", endpoint = "visitor/command", input = Json, output = Json, client = BearerClient)]
pub async fn visitor_command(chat: Option<ChatId>, id: CommandId, command: Command) -> Result<Ack, ApiError> {
    let caller = super::Caller::current();
    let visitor = match (chat, &command) {
        (None, Command::Start { .. }) => caller.desk.ensure_visitor(caller.bearer()?, &caller.connection.ip).await?,
        _ => caller.desk.visitor(caller.bearer()?).await?.ok_or(ApiError::NoSuchChat)?,
    };
    caller.desk.visitor_command(visitor, caller.connection, chat, id, command).await
}
