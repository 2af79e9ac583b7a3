//! Chats in SQLite: reading them. Writing is the writer's.

use super::super::{ChatStore, Found, List, Page, StoreError, Transact, TransactError};
use super::transaction::WriteTransaction;
use super::{SqliteStore, search};
use crate::model::chat::{Ack, Audience, Author, Chat, ChatRow, Event, EventBody, Seq, Status};
use crate::model::ids::{ChatId, CommandId, VisitorId};
use async_trait::async_trait;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

#[async_trait]
impl ChatStore for SqliteStore {
    async fn transact(&self, transact: Transact) -> Result<Ack, TransactError> {
        self.commands.give(transact).await
    }

    async fn chat(&self, id: ChatId) -> Result<Option<Chat>, StoreError> {
        let row =
            sqlx::query("SELECT id, state FROM chats WHERE id = $1").bind(id.0).fetch_optional(&self.readers).await?;
        row.as_ref().map(read_state).transpose()
    }

    async fn events(&self, id: ChatId, audience: Audience, after: Seq, limit: u32) -> Result<Vec<Event>, StoreError> {
        let rows = sqlx::query(
            "SELECT seq, at, command_id, body FROM events WHERE chat_id = $1 AND seq > $2 AND public >= $3 \
             ORDER BY seq LIMIT $4",
        )
        .bind(id.0)
        .bind(after)
        .bind(audience == Audience::Visitor)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(read_event).collect()
    }

    async fn rows(&self, list: List, page: Page) -> Result<Vec<ChatRow>, StoreError> {
        // Each list is one range of one index; "live" is two ranges, merged here.
        let statuses: &[Status] = match list {
            List::Waiting => &[Status::Waiting],
            List::Mine(_) => &[Status::Open],
            List::Live => &[Status::Waiting, Status::Open],
            List::Ended => &[Status::Ended],
        };
        let (before_at, before_id) = page.before.map_or((i64::MAX, i64::MAX), |(at, id)| (at, id.0));
        let mut found = Vec::new();
        for status in statuses {
            let sql = match list {
                List::Mine(_) => {
                    "SELECT id, state FROM chats WHERE agent_id = $1 AND status = $2 AND (updated_at, id) < ($3, $4) \
                     ORDER BY updated_at DESC, id DESC LIMIT $5"
                }
                _ => {
                    "SELECT id, state FROM chats WHERE $1 IS NULL AND status = $2 AND (updated_at, id) < ($3, $4) \
                     ORDER BY updated_at DESC, id DESC LIMIT $5"
                }
            };
            let agent = match list {
                List::Mine(agent) => Some(agent.0),
                _ => None,
            };
            let rows = sqlx::query(sql)
                .bind(agent)
                .bind(status.as_str())
                .bind(before_at)
                .bind(before_id)
                .bind(page.limit)
                .fetch_all(&self.readers)
                .await?;
            for row in &rows {
                found.push(ChatRow::from(&read_state(row)?));
            }
        }
        found.sort_by_key(|row| std::cmp::Reverse((row.updated_at, row.id)));
        found.truncate(page.limit as usize);
        Ok(found)
    }

    async fn search(&self, words: &str, before: Option<ChatId>, limit: u32) -> Result<Vec<Found>, StoreError> {
        let Some(words) = search::match_all(words) else { return Ok(Vec::new()) };
        // Where nothing that was said is marked, the visitor is the hit.
        let rows = sqlx::query(
            "SELECT c.id, c.state, snippet(chat_search, 1, char(1), char(2), '…', 24), \
             snippet(chat_search, 0, char(1), char(2), '…', 24) \
             FROM chat_search s CROSS JOIN chats c ON c.id = s.rowid \
             WHERE chat_search MATCH $1 AND s.rowid < $2 ORDER BY s.rowid DESC LIMIT $3",
        )
        .bind(words)
        .bind(before.map_or(i64::MAX, |id| id.0))
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(read_found).collect()
    }

    async fn chats_of(&self, visitor: VisitorId, before: ChatId, limit: u32) -> Result<Vec<ChatRow>, StoreError> {
        let rows =
            sqlx::query("SELECT id, state FROM chats WHERE visitor_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3")
                .bind(visitor.0)
                .bind(before.0)
                .bind(limit)
                .fetch_all(&self.readers)
                .await?;
        rows.iter().map(|row| Ok(ChatRow::from(&read_state(row)?))).collect()
    }

    async fn latest_chat_of(&self, visitor: VisitorId) -> Result<Option<(ChatId, Status)>, StoreError> {
        let row = sqlx::query("SELECT id, status FROM chats WHERE visitor_id = $1 ORDER BY id DESC LIMIT 1")
            .bind(visitor.0)
            .fetch_optional(&self.readers)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let (id, word): (i64, &str) = (row.get(0), row.get(1));
        let status = [Status::Waiting, Status::Open, Status::Ended].into_iter().find(|status| status.as_str() == word);
        let status = status.ok_or_else(|| StoreError::Corrupt(format!("the status of chat {id}: {word}")))?;
        Ok(Some((ChatId(id), status)))
    }

    async fn check(&self) -> Result<(), StoreError> {
        // The lock alone would be had on a disk that takes nothing any more.
        let mut transaction = WriteTransaction::begin(&self.writer).await?;
        let counted = sqlx::query(
            "INSERT INTO counters (name, value) VALUES ('check', 1) \
             ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
        )
        .fetch_one(&mut *transaction)
        .await
        .map_err(StoreError::from);
        let written: i64 = transaction.finish(counted).await?.get(0);
        let found = sqlx::query("SELECT value FROM counters WHERE name = 'check'").fetch_one(&self.readers).await?;
        if found.get::<i64, _>(0) < written {
            return Err(StoreError::Corrupt("what was written is not what is read".into()));
        }
        Ok(())
    }
}

/// The state in a row of `id, state`.
pub fn read_state(row: &SqliteRow) -> Result<Chat, StoreError> {
    let id = ChatId(row.get(0));
    let mut chat: Chat = serde_json::from_str(row.get(1))
        .map_err(|error| StoreError::Corrupt(format!("the state of chat {id}: {error}")))?;
    chat.id = id;
    Ok(chat)
}

fn read_found(row: &SqliteRow) -> Result<Found, StoreError> {
    let said: String = row.get(2);
    let snippet = if said.contains('\u{1}') { said } else { row.get(3) };
    Ok(Found { row: ChatRow::from(&read_state(row)?), snippet })
}

fn read_event(row: &SqliteRow) -> Result<Event, StoreError> {
    let seq: Seq = row.get(0);
    let (by, body): (Author, EventBody) =
        serde_json::from_str(row.get(3)).map_err(|error| StoreError::Corrupt(format!("event {seq}: {error}")))?;
    Ok(Event { seq, at: row.get(1), by, command: row.get::<Option<uuid::Uuid>, _>(2).map(CommandId), body })
}
