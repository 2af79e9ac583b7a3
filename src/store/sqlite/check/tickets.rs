//! Tickets: entries without gaps, the state that they make, and the search.

use super::super::outbox::has_job;
use super::super::search::{Text, requester_of};
use super::{PAGE, Report, begin, commit, words};
use crate::model::chat::Author;
use crate::model::ticket::{Ticket, TicketEntryBody, TicketStatus};
use crate::store::StoreError;
use futures::TryStreamExt as _;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use std::collections::BTreeSet;

/// Looks at all tickets.
pub async fn check(connection: &mut SqliteConnection, report: &mut Report<'_>) -> Result<(), StoreError> {
    let mut after = 0;
    loop {
        begin(connection).await?;
        let page = sqlx::query(
            "SELECT id, state, status, assignee_id, chat_id, created_at, updated_at, last_seq FROM tickets \
             WHERE id > $1 ORDER BY id LIMIT $2",
        )
        .bind(after)
        .bind(PAGE)
        .fetch_all(&mut *connection)
        .await?;
        let is_last = page.len() < PAGE as usize;
        let last = page.last().filter(|_| !is_last).map_or(i64::MAX, |row| row.get(0));
        for row in &page {
            report.checked.tickets += 1;
            check_ticket(connection, row, report).await?;
        }
        let ids: BTreeSet<i64> = page.iter().map(|row| row.get(0)).collect();
        check_search(connection, after, last, &ids, report).await?;
        if is_last {
            check_numbers(connection, report).await?;
        }
        commit(connection).await?;
        if is_last {
            return Ok(());
        }
        after = last;
    }
}

async fn check_ticket(
    connection: &mut SqliteConnection,
    row: &SqliteRow,
    report: &mut Report<'_>,
) -> Result<(), StoreError> {
    let id: i64 = row.get(0);
    let state: Ticket = match serde_json::from_str(row.get(1)) {
        Ok(state) => state,
        Err(error) => {
            report.wrong(format!("The state of ticket {id} cannot be read: {error}."));
            return Ok(());
        }
    };
    let columns: (Option<i64>, Option<i64>) = (row.get(3), row.get(4));
    let refs = (state.assignee.as_ref().map(|agent| agent.id.0), state.chat.map(|chat| chat.0));
    let times: (i64, i64, i64) = (row.get(5), row.get(6), row.get(7));
    if state.id.0 != id
        || row.get::<&str, _>(2) != state.status.as_str()
        || columns != refs
        || times != (state.created_at, state.updated_at, state.last_seq)
    {
        report.wrong(format!("The row of ticket {id} in the lists is not what its state says."));
    }
    let Some(text) = check_entries(connection, &state, report).await? else { return Ok(()) };
    let row = sqlx::query("SELECT subject, requester, text FROM ticket_search WHERE rowid = $1")
        .bind(id)
        .fetch_optional(connection)
        .await?;
    // One that is not there at all is told with its page.
    let Some(row) = row else { return Ok(()) };
    let (subject, requester, said): (&str, &str, &str) = (row.get(0), row.get(1), row.get(2));
    if !words(subject).eq(words(&state.subject))
        || !words(requester).eq(words(&requester_of(&state)))
        || !words(said).eq(words(&text))
    {
        report.wrong(format!("The search has other words for ticket {id} than its entries."));
    }
    Ok(())
}

/// Reads the entries in order and holds them against the state; returns what the search should have, when all could be
/// read.
async fn check_entries(
    connection: &mut SqliteConnection,
    state: &Ticket,
    report: &mut Report<'_>,
) -> Result<Option<String>, StoreError> {
    let id = state.id;
    let mut text = Text::of_ticket();
    let (mut seq, mut replies) = (0, Vec::new());
    let (mut status, mut assignee) = (TicketStatus::Open, None);
    let mut rows = sqlx::query("SELECT seq, body FROM ticket_entries WHERE ticket_id = $1 ORDER BY seq")
        .bind(id.0)
        .fetch(&mut *connection);
    while let Some(row) = rows.try_next().await? {
        let number: i64 = row.get(0);
        if number != seq + 1 {
            report.wrong(format!("The entries of ticket {id} go from {seq} to {number}."));
            return Ok(None);
        }
        seq = number;
        let body = match serde_json::from_str::<(Author, TicketEntryBody)>(row.get(1)) {
            Ok((_, body)) => body,
            Err(error) => {
                report.wrong(format!("Entry {seq} of ticket {id} cannot be read: {error}."));
                return Ok(None);
            }
        };
        if (seq == 1) != matches!(body, TicketEntryBody::Described { .. }) {
            report.wrong(format!("Entry {seq} of ticket {id} is not of the kind that belongs there."));
        }
        text.add_body(&body);
        match body {
            TicketEntryBody::StatusChanged { status: new } => status = new,
            TicketEntryBody::Assigned { agent } => assignee = Some(agent),
            TicketEntryBody::Replied { .. } => replies.push(seq),
            _ => {}
        }
    }
    drop(rows);
    if seq != state.last_seq || status != state.status || assignee.is_some_and(|agent| agent != state.assignee) {
        report.wrong(format!("The state of ticket {id} is not what its entries say."));
    }
    for reply in replies {
        if !has_job(connection, &format!("ticket-{id}-{reply}")).await? {
            report.wrong(format!("The outbox does not have the mail of entry {reply} of ticket {id}."));
        }
    }
    Ok(Some(text.into_written()))
}

/// Whether the search has these tickets, those after `after` up to `last`, and no others.
async fn check_search(
    connection: &mut SqliteConnection,
    after: i64,
    last: i64,
    ids: &BTreeSet<i64>,
    report: &mut Report<'_>,
) -> Result<(), StoreError> {
    let rows = sqlx::query("SELECT rowid FROM ticket_search WHERE rowid > $1 AND rowid <= $2")
        .bind(after)
        .bind(last)
        .fetch_all(connection)
        .await?;
    let found: BTreeSet<i64> = rows.iter().map(|row| row.get(0)).collect();
    for id in ids.difference(&found) {
        report.wrong(format!("The search does not know ticket {id}."));
    }
    for id in found.difference(ids) {
        report.wrong(format!("The search knows ticket {id}, which is not there."));
    }
    Ok(())
}

/// Whether the next ticket gets a number that no other has.
async fn check_numbers(connection: &mut SqliteConnection, report: &mut Report<'_>) -> Result<(), StoreError> {
    let row = sqlx::query(
        "SELECT coalesce((SELECT max(id) FROM tickets), 0) > coalesce((SELECT value FROM counters WHERE name = 'ticket'), -1)",
    )
    .fetch_one(connection)
    .await?;
    if row.get(0) {
        report.wrong("The next ticket would get a number that was given before.".to_owned());
    }
    Ok(())
}
