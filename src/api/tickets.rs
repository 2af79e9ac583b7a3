//! Tickets, for agents.

use crate::model::agent::AgentRef;
use crate::model::error::ApiError;
use crate::model::ids::{AgentId, CommandId, TicketId};
use crate::model::ticket::{Ticket, TicketCommand, TicketEntry, TicketStatus};
use leptos::server;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

/// Which tickets a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketQuery {
    /// Of this status; all when missing.
    #[serde(default)]
    pub status: Option<TicketStatus>,
    /// Assigned to this agent.
    #[serde(default)]
    pub assignee: Option<AgentId>,
    /// With all these words; empty for any.
    #[serde(default)]
    pub words: String,
}

/// Where the next page of the list begins: after the ticket with this time and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketCursor {
    pub updated_at: i64,
    pub id: TicketId,
}

/// A ticket with all that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketView {
    pub ticket: Ticket,
    pub entries: Vec<TicketEntry>,
}

/// One page of tickets, latest change first; an empty page is the end.
#[server(prefix = "/api", endpoint = "agent/tickets", input = Json, output = Json)]
pub async fn ticket_list(query: TicketQuery, after: Option<TicketCursor>) -> Result<Vec<Ticket>, ApiError> {
    use crate::store::TicketFilter;
    let caller = super::Caller::current();
    caller.agent().await?;
    let words = Some(query.words).filter(|words| !words.trim().is_empty());
    let filter = TicketFilter { status: query.status, assignee: query.assignee, words };
    caller.desk.tickets(filter, after.map(|cursor| (cursor.updated_at, cursor.id))).await
}

/// A ticket with all that happened.
#[server(name = GetTicket, prefix = "/api", endpoint = "agent/ticket", input = Json, output = Json)]
pub async fn ticket(id: TicketId) -> Result<TicketView, ApiError> {
    let caller = super::Caller::current();
    caller.agent().await?;
    let (ticket, entries) = caller.desk.ticket(id).await?;
    Ok(TicketView { ticket, entries })
}

/// Changes a ticket; returns it. May be repeated: a command with the same id is carried out once.
#[server(name = ChangeTicket, prefix = "/api", endpoint = "agent/ticket/command", input = Json, output = Json)]
pub async fn ticket_command(ticket: TicketId, id: CommandId, command: TicketCommand) -> Result<Ticket, ApiError> {
    let caller = super::Caller::current();
    let agent = caller.agent().await?;
    caller.desk.ticket_command(&agent, ticket, id, command).await
}

/// The agents to whom a ticket can be given.
#[server(name = GetColleagues, prefix = "/api", endpoint = "agent/colleagues", input = Json, output = Json)]
pub async fn colleagues() -> Result<Vec<AgentRef>, ApiError> {
    let caller = super::Caller::current();
    caller.agent().await?;
    caller.desk.colleagues().await
}
