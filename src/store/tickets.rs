//! Tickets: their state and their entries.

use super::{NewJob, StoreError, TransactError};
use crate::model::Millis;
use crate::model::chat::Seq;
use crate::model::error::Refusal;
use crate::model::ids::{AgentId, CommandId, TicketId};
use crate::model::ticket::{NewTicket, Ticket, TicketEntry, TicketStatus};
use async_trait::async_trait;

/// What a command does to the ticket it finds: changes it, and returns its new entries and jobs.
pub type ChangeTicket = Box<dyn FnOnce(&mut Ticket) -> Result<(Vec<TicketEntry>, Vec<NewJob>), Refusal> + Send>;

/// Which tickets a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketFilter {
    /// Of this status; all when missing.
    pub status: Option<TicketStatus>,
    /// Assigned to this agent.
    pub assignee: Option<AgentId>,
    /// With all these words somewhere in subject, requester or entries; each may be the beginning of one. White space
    /// alone counts as none.
    pub words: Option<String>,
}

/// Where a page of the list begins: after the ticket with this time and number, going back in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TicketPage {
    pub before: Option<(Millis, TicketId)>,
    /// Tickets at most.
    pub limit: u32,
}

/// What is kept of tickets.
#[async_trait]
pub trait TicketStore: Send + Sync + 'static {
    /// The next free number. Numbers that are not used leave a gap.
    async fn next_ticket(&self) -> Result<TicketId, StoreError>;

    /// Opens a ticket that comes from no chat. Under the same command id again: answers with the first one.
    ///
    /// # Errors
    /// [`Refusal::CommandReused`] when the command id was used for something else.
    async fn open_ticket(
        &self,
        command: CommandId,
        ticket: NewTicket,
        jobs: Vec<NewJob>,
    ) -> Result<TicketId, TransactError>;

    /// Changes a ticket; returns it when that is on disk. Under the same command id again: changes nothing.
    ///
    /// # Errors
    /// [`TransactError::Refused`] by the rules, [`TransactError::NoSuchChat`] when there is no such ticket.
    async fn change_ticket(
        &self,
        id: TicketId,
        command: CommandId,
        change: ChangeTicket,
    ) -> Result<Ticket, TransactError>;

    async fn ticket(&self, id: TicketId) -> Result<Option<Ticket>, StoreError>;

    /// The entries after `after`, in order, at most `limit`; replies with how far their mail is.
    async fn ticket_entries(&self, id: TicketId, after: Seq, limit: u32) -> Result<Vec<TicketEntry>, StoreError>;

    /// Tickets of a list, latest change first; of a search, latest number first.
    async fn tickets(&self, filter: TicketFilter, page: TicketPage) -> Result<Vec<Ticket>, StoreError>;

    /// How many tickets are open, counted up to `limit`.
    async fn count_open_tickets(&self, limit: u32) -> Result<i64, StoreError>;
}
