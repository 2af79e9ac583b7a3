//! What a visitor's widget calls.

use super::client::BearerClient;
use crate::model::Millis;
use crate::model::chat::{Ack, Command};
use crate::model::department::DepartmentRef;
use crate::model::error::ApiError;
use crate::model::identity::Introduction;
use crate::model::ids::{ChatId, CommandId, DepartmentId, TicketId};
#[cfg(feature = "ssr")]
use crate::model::site::Site;
use crate::model::site::SiteLook;
use crate::model::text::RichText;
use leptos::server;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

/// What a widget needs to know before it shows anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitorState {
    /// The live chat to go on with.
    pub chat: Option<ChatId>,
    /// The departments to choose from: those in which somebody is available, or all when nobody is.
    pub departments: Vec<DepartmentRef>,
    /// Somebody could take a new chat now.
    pub available: bool,
    /// After this time without an answer the visitor may leave a message instead.
    pub answer_within_ms: Millis,
    /// Until when this visitor is kept out.
    #[serde(default)]
    pub blocked_until: Option<Millis>,
    /// The largest file, in bytes, and how many one message can have.
    pub max_file_bytes: u64,
    pub max_files: usize,
    /// Colour and texts of the site, when it is one of those that admins have set. Empty ones are the usual ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<SiteLook>,
}

/// The visitor's live chat, if there is one, and what the form offers, on the website that names no site.
///
/// # Errors
/// Those of [`visitor_state_on`].
pub async fn visitor_state() -> Result<VisitorState, ApiError> {
    visitor_state_on(String::new()).await
}

/// The same on the site with this key.
#[server(name = GetVisitorState, prefix = "/api", endpoint = "visitor/state", input = Json, output = Json, client = BearerClient)]
pub async fn visitor_state_on(#[server(default)] site: String) -> Result<VisitorState, ApiError> {
    let caller = super::Caller::current();
    let visitor = caller.desk.visitor(caller.bearer()?).await?;
    let chat = match visitor {
        Some(visitor) => caller.desk.live_chat_of(visitor).await?,
        None => None,
    };
    let blocked_until = caller.desk.blocked_until(visitor, &caller.connection.ip);
    Ok(VisitorState { chat, blocked_until, ..visitor_offer(&caller.desk, caller.desk.site(&site).as_ref()).await? })
}

/// What anybody is offered on a site.
///
/// # Errors
/// [`ApiError::Internal`] when it cannot be read.
#[cfg(feature = "ssr")]
pub async fn visitor_offer(desk: &crate::desk::Desk, site: Option<&Site>) -> Result<VisitorState, ApiError> {
    let (available, departments) = desk.offered_departments(site).await?;
    let rules = desk.rules();
    Ok(VisitorState {
        chat: None,
        departments,
        available,
        answer_within_ms: Millis::from(rules.answer_within_s) * 1_000,
        blocked_until: None,
        max_file_bytes: rules.max_file_bytes(),
        max_files: rules.max_files as usize,
        site: site.map(Site::look),
    })
}

/// A message that somebody leaves when nobody is available. It becomes a ticket, whose number is returned.
///
/// # Errors
/// Those of [`introduced_message`].
pub async fn leave_message(
    id: CommandId,
    name: String,
    email: String,
    department: Option<DepartmentId>,
    text: RichText,
) -> Result<TicketId, ApiError> {
    introduced_message(id, name, email, department, text, Introduction::default()).await
}

/// The same, with what the website says of its visitor.
#[server(name = LeaveMessage, prefix = "/api", endpoint = "visitor/leave-message", input = Json, output = Json, client = BearerClient)]
pub async fn introduced_message(
    id: CommandId,
    name: String,
    email: String,
    department: Option<DepartmentId>,
    text: RichText,
    #[server(default)] introduction: Introduction,
) -> Result<TicketId, ApiError> {
    let caller = super::Caller::current();
    let visitor = caller.desk.visitor(caller.bearer()?).await?;
    caller.desk.leave_message(visitor, &caller.connection, &introduction, id, &name, &email, department, text).await
}

/// Carries out a visitor's command; `chat` is missing for the start of a new chat. May be repeated: a command with the
/// same id is carried out once and answered as the first time.
///
/// # Errors
/// Those of [`introduced_command`].
pub async fn visitor_command(chat: Option<ChatId>, id: CommandId, command: Command) -> Result<Ack, ApiError> {
    introduced_command(chat, id, command, Introduction::default()).await
}

/// The same, with what the website says of its visitor: it counts at the start of a chat.
#[server(name = VisitorCommand, prefix = "/api", endpoint = "visitor/command", input = Json, output = Json, client = BearerClient)]
pub async fn introduced_command(
    chat: Option<ChatId>,
    id: CommandId,
    command: Command,
    #[server(default)] introduction: Introduction,
) -> Result<Ack, ApiError> {
    let caller = super::Caller::current();
    caller.desk.command_of(caller.bearer()?, caller.connection.clone(), &introduction, chat, id, command).await
}
