//! Tickets (M7): made of chats or of messages that somebody left, answered by email.

use super::{Desk, RETRY_AFTER_MS, address_of, now, unreadable, unwritable};
use crate::model::Millis;
use crate::model::agent::{Agent, AgentRef};
use crate::model::chat::{Author, Seq, subject_of, typed_email, typed_name};
use crate::model::error::{ApiError, Refusal};
use crate::model::identity::Introduction;
use crate::model::ids::{CommandId, DepartmentId, LabelId, TicketId, VisitorId};
use crate::model::label::Label;
use crate::model::live::ServerFrame;
use crate::model::pages::TICKETS_PER_PAGE;
use crate::model::text::RichText;
use crate::model::ticket::{
    self, MAX_ENTRIES, NewTicket, Ticket, TicketCommand, TicketContext, TicketEntry, TicketEntryBody,
};
use crate::model::visitor::Connection;
use crate::store::{JobKind, NewJob, TicketFilter, TicketPage, TransactError};

/// Entries read at one time.
const ENTRIES_PER_READ: u32 = 500;

impl Desk {
    /// A page of tickets, latest change first.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when they cannot be read.
    pub async fn tickets(
        &self,
        filter: TicketFilter,
        before: Option<(Millis, TicketId)>,
    ) -> Result<Vec<Ticket>, ApiError> {
        self.store().tickets(filter, TicketPage { before, limit: TICKETS_PER_PAGE }).await.map_err(unreadable)
    }

    /// A ticket with all that happened.
    ///
    /// # Errors
    /// [`ApiError::NoSuchTicket`].
    pub async fn ticket(&self, id: TicketId) -> Result<(Ticket, Vec<TicketEntry>), ApiError> {
        let ticket = self.store().ticket(id).await.map_err(unreadable)?.ok_or(ApiError::NoSuchTicket)?;
        let mut entries: Vec<TicketEntry> = Vec::new();
        while (entries.len() as Seq) < MAX_ENTRIES {
            let after = entries.last().map_or(0, |entry| entry.seq);
            let some = self.store().ticket_entries(id, after, ENTRIES_PER_READ).await.map_err(unreadable)?;
            if some.is_empty() {
                break;
            }
            entries.extend(some);
        }
        Ok((ticket, entries))
    }

    /// Changes a ticket.
    ///
    /// # Errors
    /// [`ApiError`]; nothing has happened then, and the same command may be sent again.
    pub async fn ticket_command(
        &self,
        agent: &Agent,
        id: TicketId,
        command_id: CommandId,
        command: TicketCommand,
    ) -> Result<Ticket, ApiError> {
        self.not_too_many(&format!("agent:{}", agent.id))?;
        let mut context =
            TicketContext { by: agent.to_ref(), now: now(), agent: None, department: None, labels: Vec::new() };
        match &command {
            TicketCommand::Assign { agent: Some(id) } => {
                context.agent = self.colleagues().await?.into_iter().find(|colleague| colleague.id == *id);
            }
            TicketCommand::SetDepartment { department: Some(id) } => {
                context.department = self.store().department(*id).await.map_err(unreadable)?;
            }
            TicketCommand::SetLabels { labels } => context.labels = self.known_labels(labels).await?,
            _ => {}
        }
        let change = Box::new(move |ticket: &mut Ticket| {
            let entries = ticket::commit(ticket, command, &context)?;
            let jobs = entries.iter().filter_map(|entry| reply_job(id, entry)).collect();
            Ok((entries, jobs))
        });
        let ticket = self.store().change_ticket(id, command_id, change).await.map_err(|error| match error {
            TransactError::Refused(refusal) => refusal.into(),
            TransactError::NoSuchChat => ApiError::NoSuchTicket,
            TransactError::Store(error) => unwritable(error),
        })?;
        self.jobs_due().notify_one();
        self.hub().tell_consoles(&ServerFrame::Tickets { tickets: vec![ticket.clone()] });
        Ok(ticket)
    }

    /// Everybody to whom a ticket can be given, by name.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when they cannot be read.
    pub async fn colleagues(&self) -> Result<Vec<AgentRef>, ApiError> {
        let agents = self.store().agents().await.map_err(unreadable)?;
        let active = agents.into_iter().filter(|agent| !agent.deactivated);
        Ok(active.map(|agent| AgentRef { id: agent.id, name: agent.name, photo: agent.photo }).collect())
    }

    /// Those of these labels that there are.
    pub(super) async fn known_labels(&self, ids: &[LabelId]) -> Result<Vec<Label>, ApiError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.labels().await?.into_iter().filter(|label| ids.contains(&label.id)).collect())
    }

    /// A message that somebody leaves when nobody is available: a ticket, acknowledged by email. Answers go to the address
    /// that was typed, which the visitor sees, else to the one that their website has proven.
    ///
    /// # Errors
    /// [`ApiError`]; nothing has happened then, and the same command may be sent again.
    #[expect(clippy::too_many_arguments, reason = "one for each field of the form")]
    pub async fn leave_message(
        &self,
        visitor: Option<VisitorId>,
        connection: &Connection,
        introduction: &Introduction,
        id: CommandId,
        name: &str,
        email: &str,
        department: Option<DepartmentId>,
        text: RichText,
    ) -> Result<TicketId, ApiError> {
        if let Some(until) = self.blocked_until(visitor, &connection.ip) {
            return Err(Refusal::Blocked { until }.into());
        }
        text.check()?;
        let proven = self.proven(introduction).unwrap_or_default();
        let name = proven.name.map_or_else(|| typed_name(name), |name| Ok(Some(name)))?;
        let email = typed_email(email)?.or_else(|| proven.email.clone()).ok_or(Refusal::InvalidEmail)?;
        let email_proven = proven.email.as_ref() == Some(&email);
        if !self.inner.messages_per_address.allows(&address_of(&connection.ip)) {
            return Err(ApiError::TooMany { retry_after_ms: RETRY_AFTER_MS });
        }
        let chosen = department;
        let site = self.site(&introduction.site);
        let department = self.department_on(site.as_ref(), chosen).await?;
        if chosen.is_some() && department.is_none() {
            return Err(Refusal::UnknownDepartment.into());
        }
        let number = self.store().next_ticket().await.map_err(unwritable)?;
        let may_mail = email_proven || self.mails_stranger(&connection.ip);
        let jobs = may_mail.then(|| received_job(number, now()));
        let ticket = NewTicket {
            id: number,
            subject: subject_of(&text),
            name,
            email,
            email_proven,
            department,
            labels: Vec::new(),
            assignee: None,
            chat: None,
            site: site.map(|site| site.to_ref()),
            by: Author::Visitor,
            at: now(),
            description: text,
        };
        let opened = self.store().open_ticket(id, ticket, jobs.into_iter().collect()).await;
        let opened = opened.map_err(|error| match error {
            TransactError::Refused(refusal) => refusal.into(),
            TransactError::NoSuchChat => ApiError::NoSuchTicket,
            TransactError::Store(error) => unwritable(error),
        })?;
        self.jobs_due().notify_one();
        self.announce_ticket(opened).await;
        Ok(opened)
    }

    /// Whether a mail that nobody of the house asked for may go out now; counts it.
    pub(super) fn mails_stranger(&self, ip: &str) -> bool {
        self.inner.strangers_per_address.allows(&address_of(ip))
    }

    /// Shows a ticket as it is now in the consoles.
    pub async fn announce_ticket(&self, id: TicketId) {
        if let Ok(Some(ticket)) = self.store().ticket(id).await {
            self.hub().tell_consoles(&ServerFrame::Tickets { tickets: vec![ticket] });
        }
    }
}

/// Tells the one who left a message that it arrived.
pub fn received_job(ticket: TicketId, at: Millis) -> NewJob {
    NewJob { kind: JobKind::TicketReceived { ticket }, chat: None, dedup: format!("ticket-{ticket}-1"), at }
}

/// The mail that an entry brings: replies only.
fn reply_job(ticket: TicketId, entry: &TicketEntry) -> Option<NewJob> {
    matches!(entry.body, TicketEntryBody::Replied { .. }).then(|| NewJob {
        kind: JobKind::TicketReply { ticket, entry: entry.seq },
        chat: None,
        dedup: format!("ticket-{ticket}-{}", entry.seq),
        at: entry.at,
    })
}
