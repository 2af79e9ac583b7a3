//! Chats, page by page: each as it should be, and found by the search when it has ended.

use super::super::chats::read_state;
use super::chat::{self, Columns};
use super::{PAGE, Report, begin, commit};
use crate::model::chat::Status;
use crate::store::StoreError;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use std::collections::BTreeSet;

/// Looks at all chats.
pub async fn check(connection: &mut SqliteConnection, report: &mut Report<'_>) -> Result<(), StoreError> {
    let mut after = 0;
    loop {
        begin(connection).await?;
        let page = sqlx::query(
            "SELECT id, state, visitor_id, status, agent_id, last_seq, updated_at FROM chats WHERE id > $1 \
             ORDER BY id LIMIT $2",
        )
        .bind(after)
        .bind(PAGE)
        .fetch_all(&mut *connection)
        .await?;
        let is_last = page.len() < PAGE as usize;
        let last = page.last().filter(|_| !is_last).map_or(i64::MAX, |row| row.get(0));
        let mut ended = BTreeSet::new();
        for row in &page {
            let columns = columns(row);
            if columns.status == Status::Ended.as_str() {
                ended.insert(columns.id);
            }
            report.checked.chats += 1;
            match read_state(row) {
                Ok(state) => chat::check(connection, &columns, &state, report).await?,
                Err(error) => report.wrong(format!("Chat {}: {error}.", columns.id)),
            }
        }
        check_search(connection, after, last, &ended, report).await?;
        commit(connection).await?;
        if is_last {
            return Ok(());
        }
        after = last;
    }
}

fn columns(row: &SqliteRow) -> Columns {
    Columns {
        id: row.get(0),
        visitor: row.get(2),
        status: row.get(3),
        agent: row.get(4),
        last_seq: row.get(5),
        updated_at: row.get(6),
    }
}

/// Whether the search has the ended chats after `after` up to `last`, and no others.
async fn check_search(
    connection: &mut SqliteConnection,
    after: i64,
    last: i64,
    ended: &BTreeSet<i64>,
    report: &mut Report<'_>,
) -> Result<(), StoreError> {
    let rows = sqlx::query("SELECT rowid FROM chat_search WHERE rowid > $1 AND rowid <= $2")
        .bind(after)
        .bind(last)
        .fetch_all(connection)
        .await?;
    let found: BTreeSet<i64> = rows.iter().map(|row| row.get(0)).collect();
    for id in ended.difference(&found) {
        report.wrong(format!("Chat {id} has ended, but the search does not know it."));
    }
    for id in found.difference(ended) {
        report.wrong(format!("The search knows chat {id}, which has not ended or is not there."));
    }
    Ok(())
}
