//! Tickets in SQLite.

use super::outbox::insert_job;
use super::search;
use super::transaction::WriteTransaction;
use super::{SqliteStore, to_json};
use crate::model::chat::{Author, Seq};
use crate::model::error::Refusal;
use crate::model::ids::{CommandId, TicketId};
use crate::model::ticket::{MailDelivery, NewTicket, Ticket, TicketEntry, TicketEntryBody, TicketStatus};
use crate::store::{ChangeTicket, NewJob, StoreError, TicketFilter, TicketPage, TicketStore, TransactError};
use async_trait::async_trait;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

#[async_trait]
impl TicketStore for SqliteStore {
    async fn next_ticket(&self) -> Result<TicketId, StoreError> {
        let row = sqlx::query("UPDATE counters SET value = value + 1 WHERE name = 'ticket' RETURNING value")
            .fetch_one(&mut *self.writer.take().await?)
            .await?;
        Ok(TicketId(row.get(0)))
    }

    async fn open_ticket(
        &self,
        command: CommandId,
        ticket: NewTicket,
        jobs: Vec<NewJob>,
    ) -> Result<TicketId, TransactError> {
        let mut transaction = WriteTransaction::begin(&self.writer).await?;
        let opened = open(&mut transaction, command, ticket, &jobs).await;
        transaction.finish(opened).await
    }

    async fn change_ticket(
        &self,
        id: TicketId,
        command: CommandId,
        change: ChangeTicket,
    ) -> Result<Ticket, TransactError> {
        let mut transaction = WriteTransaction::begin(&self.writer).await?;
        let changed = self::change(&mut transaction, id, command, change).await;
        transaction.finish(changed).await
    }

    async fn ticket(&self, id: TicketId) -> Result<Option<Ticket>, StoreError> {
        let row =
            sqlx::query("SELECT id, state FROM tickets WHERE id = $1").bind(id.0).fetch_optional(&self.readers).await?;
        row.as_ref().map(read_ticket).transpose()
    }

    async fn ticket_entries(&self, id: TicketId, after: Seq, limit: u32) -> Result<Vec<TicketEntry>, StoreError> {
        let rows = sqlx::query(
            "SELECT e.seq, e.at, e.body, o.state FROM ticket_entries e \
             LEFT JOIN outbox o ON o.dedup = 'ticket-' || e.ticket_id || '-' || e.seq \
             WHERE e.ticket_id = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $3",
        )
        .bind(id.0)
        .bind(after)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(|row| read_entry(id, row)).collect()
    }

    async fn tickets(&self, filter: TicketFilter, page: TicketPage) -> Result<Vec<Ticket>, StoreError> {
        if let Some(words) = filter.words.as_deref().and_then(search::match_all) {
            return self.found_tickets(&words, &filter, page).await;
        }
        let Some(assignee) = filter.assignee else { return self.listed_tickets(filter.status, page).await };
        // Each status is one range of the index; merged here.
        let statuses = match &filter.status {
            Some(status) => std::slice::from_ref(status),
            None => &TicketStatus::ALL,
        };
        let (at, id) = before(page);
        let mut tickets = Vec::new();
        for status in statuses {
            let rows = sqlx::query(
                "SELECT id, state FROM tickets WHERE assignee_id = $1 AND status = $2 AND (updated_at, id) < ($3, $4) \
                 ORDER BY updated_at DESC, id DESC LIMIT $5",
            )
            .bind(assignee.0)
            .bind(status.as_str())
            .bind(at)
            .bind(id)
            .bind(page.limit)
            .fetch_all(&self.readers)
            .await?;
            for row in &rows {
                tickets.push(read_ticket(row)?);
            }
        }
        tickets.sort_by_key(|ticket| std::cmp::Reverse((ticket.updated_at, ticket.id)));
        tickets.truncate(page.limit as usize);
        Ok(tickets)
    }

    async fn count_open_tickets(&self, limit: u32) -> Result<i64, StoreError> {
        let row = sqlx::query("SELECT count(*) FROM (SELECT 1 FROM tickets WHERE status = 'open' LIMIT $1)")
            .bind(limit)
            .fetch_one(&self.readers)
            .await?;
        Ok(row.get(0))
    }
}

impl SqliteStore {
    async fn listed_tickets(&self, status: Option<TicketStatus>, page: TicketPage) -> Result<Vec<Ticket>, StoreError> {
        let sql = match status {
            Some(_) => {
                "SELECT id, state FROM tickets WHERE status = $1 AND (updated_at, id) < ($2, $3) \
                 ORDER BY updated_at DESC, id DESC LIMIT $4"
            }
            None => {
                "SELECT id, state FROM tickets WHERE $1 IS NULL AND (updated_at, id) < ($2, $3) \
                 ORDER BY updated_at DESC, id DESC LIMIT $4"
            }
        };
        let (at, id) = before(page);
        let rows = sqlx::query(sql)
            .bind(status.map(TicketStatus::as_str))
            .bind(at)
            .bind(id)
            .bind(page.limit)
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(read_ticket).collect()
    }

    async fn found_tickets(
        &self,
        words: &str,
        filter: &TicketFilter,
        page: TicketPage,
    ) -> Result<Vec<Ticket>, StoreError> {
        let (_, id) = before(page);
        let rows = sqlx::query(
            "SELECT t.id, t.state FROM ticket_search s CROSS JOIN tickets t ON t.id = s.rowid \
             WHERE ticket_search MATCH $1 AND s.rowid < $2 AND ($3 IS NULL OR t.status = $3) \
             AND ($4 IS NULL OR t.assignee_id = $4) ORDER BY s.rowid DESC LIMIT $5",
        )
        .bind(words)
        .bind(id)
        .bind(filter.status.map(TicketStatus::as_str))
        .bind(filter.assignee.map(|agent| agent.0))
        .bind(page.limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(read_ticket).collect()
    }
}

fn before(page: TicketPage) -> (i64, i64) {
    page.before.map_or((i64::MAX, i64::MAX), |(at, id)| (at, id.0))
}

async fn open(
    connection: &mut SqliteConnection,
    command: CommandId,
    ticket: NewTicket,
    jobs: &[NewJob],
) -> Result<TicketId, TransactError> {
    let repeated = sqlx::query("SELECT ticket_id, seq FROM ticket_entries WHERE command_id = $1")
        .bind(command.0)
        .fetch_optional(&mut *connection)
        .await
        .map_err(StoreError::from)?;
    match repeated.map(|row| (TicketId(row.get(0)), row.get::<Seq, _>(1))) {
        Some((id, 1)) => return Ok(id),
        Some(_) => return Err(Refusal::CommandReused.into()),
        None => {}
    }
    let id = ticket.id;
    insert_ticket(connection, ticket, Some(command)).await?;
    for job in jobs {
        insert_job(connection, job.chat, job).await?;
    }
    Ok(id)
}

async fn change(
    connection: &mut SqliteConnection,
    id: TicketId,
    command: CommandId,
    change: ChangeTicket,
) -> Result<Ticket, TransactError> {
    let row = sqlx::query("SELECT id, state FROM tickets WHERE id = $1")
        .bind(id.0)
        .fetch_optional(&mut *connection)
        .await
        .map_err(StoreError::from)?;
    let mut ticket = row.as_ref().map(read_ticket).transpose()?.ok_or(TransactError::NoSuchChat)?;
    let repeated = sqlx::query("SELECT ticket_id FROM ticket_entries WHERE command_id = $1")
        .bind(command.0)
        .fetch_optional(&mut *connection)
        .await
        .map_err(StoreError::from)?;
    match repeated.map(|row| TicketId(row.get(0))) {
        Some(same) if same == id => return Ok(ticket),
        Some(_) => return Err(Refusal::CommandReused.into()),
        None => {}
    }
    let (entries, jobs) = change(&mut ticket)?;
    for (i, entry) in entries.iter().enumerate() {
        insert_entry(connection, id, entry, (i == 0).then_some(command)).await?;
    }
    for job in &jobs {
        insert_job(connection, job.chat, job).await?;
    }
    if !entries.is_empty() {
        update_ticket(connection, &ticket).await?;
        search::index_entries(connection, id, &entries).await?;
    }
    Ok(ticket)
}

/// Stores a new ticket with its first entry. `command` is the one that opened it; of tickets that are made of a chat it
/// is in the chat's log.
pub async fn insert_ticket(
    connection: &mut SqliteConnection,
    ticket: NewTicket,
    command: Option<CommandId>,
) -> Result<(), StoreError> {
    let (ticket, first) = ticket.open();
    sqlx::query(
        "INSERT INTO tickets (id, status, assignee_id, chat_id, created_at, updated_at, last_seq, state) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(ticket.id.0)
    .bind(ticket.status.as_str())
    .bind(ticket.assignee.as_ref().map(|agent| agent.id.0))
    .bind(ticket.chat.map(|chat| chat.0))
    .bind(ticket.created_at)
    .bind(ticket.updated_at)
    .bind(ticket.last_seq)
    .bind(to_json(&ticket)?)
    .execute(&mut *connection)
    .await?;
    insert_entry(connection, ticket.id, &first, command).await?;
    search::index_ticket(connection, &ticket, &first).await
}

async fn update_ticket(connection: &mut SqliteConnection, ticket: &Ticket) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE tickets SET status = $2, assignee_id = $3, updated_at = $4, last_seq = $5, state = $6 WHERE id = $1",
    )
    .bind(ticket.id.0)
    .bind(ticket.status.as_str())
    .bind(ticket.assignee.as_ref().map(|agent| agent.id.0))
    .bind(ticket.updated_at)
    .bind(ticket.last_seq)
    .bind(to_json(ticket)?)
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_entry(
    connection: &mut SqliteConnection,
    ticket: TicketId,
    entry: &TicketEntry,
    command: Option<CommandId>,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO ticket_entries (ticket_id, seq, at, command_id, body) VALUES ($1, $2, $3, $4, $5)")
        .bind(ticket.0)
        .bind(entry.seq)
        .bind(entry.at)
        .bind(command.map(|command| command.0))
        .bind(to_json(&(&entry.by, &entry.body))?)
        .execute(connection)
        .await?;
    Ok(())
}

/// The state in a row of `id, state`.
fn read_ticket(row: &SqliteRow) -> Result<Ticket, StoreError> {
    let id: i64 = row.get(0);
    serde_json::from_str(row.get(1)).map_err(|error| StoreError::Corrupt(format!("the state of ticket {id}: {error}")))
}

fn read_entry(ticket: TicketId, row: &SqliteRow) -> Result<TicketEntry, StoreError> {
    let seq: Seq = row.get(0);
    let (by, body): (Author, TicketEntryBody) = serde_json::from_str(row.get(2))
        .map_err(|error| StoreError::Corrupt(format!("entry {seq} of ticket {ticket}: {error}")))?;
    let delivery = match row.get::<Option<&str>, _>(3) {
        Some(state) if matches!(body, TicketEntryBody::Replied { .. }) => Some(match state {
            "done" => MailDelivery::Done,
            "parked" => MailDelivery::Parked,
            _ => MailDelivery::Due,
        }),
        _ => None,
    };
    Ok(TicketEntry { seq, at: row.get(1), by, body, delivery })
}
