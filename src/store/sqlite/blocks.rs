//! Blocks in SQLite: a projection of the chats' events, written with them.

use super::SqliteStore;
use crate::model::Millis;
use crate::model::agent::AgentRef;
use crate::model::block::Block;
use crate::model::chat::{Author, Chat, Event, EventBody};
use crate::model::ids::{AgentId, BlockId, ChatId, VisitorId};
use crate::store::StoreError;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

/// The columns that [`read_block`] reads.
macro_rules! select_blocks {
    ($rest:literal) => {
        concat!(
            "SELECT id, visitor_id, name, address, reason, agent_id, agent_name, chat_id, at, until, lifted_by_id, \
             lifted_by_name, lifted_at FROM blocks ",
            $rest
        )
    };
}

/// Notes what an event of this chat means for blocks.
pub async fn note_event(connection: &mut SqliteConnection, chat: &Chat, event: &Event) -> Result<(), StoreError> {
    // Only agents block and lift, and only in a chat that has a visitor: the rules see to that.
    let (Author::Agent(agent), Some(visitor)) = (&event.by, &chat.visitor) else { return Ok(()) };
    match &event.body {
        EventBody::Blocked { until, reason, address } => {
            sqlx::query(
                "INSERT INTO blocks (visitor_id, name, address, reason, agent_id, agent_name, chat_id, at, until) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            )
            .bind(visitor.id.0)
            .bind(chat.visitor_name())
            .bind(address)
            .bind(reason)
            .bind(agent.id.0)
            .bind(&agent.name)
            .bind(chat.id.0)
            .bind(event.at)
            .bind(until)
            .execute(connection)
            .await?;
        }
        EventBody::BlockLifted => {
            sqlx::query(
                "UPDATE blocks SET lifted_by_id = $2, lifted_by_name = $3, lifted_at = $4 \
                 WHERE chat_id = $1 AND lifted_at IS NULL AND until > $4",
            )
            .bind(chat.id.0)
            .bind(agent.id.0)
            .bind(&agent.name)
            .bind(event.at)
            .execute(connection)
            .await?;
        }
        _ => {}
    }
    Ok(())
}

impl SqliteStore {
    pub(super) async fn read_active_blocks(&self, now: Millis) -> Result<Vec<Block>, StoreError> {
        let rows = sqlx::query(select_blocks!("WHERE lifted_at IS NULL AND until > $1 ORDER BY until"))
            .bind(now)
            .fetch_all(&self.readers)
            .await?;
        Ok(rows.iter().map(read_block).collect())
    }

    pub(super) async fn read_blocks(&self, before: Option<BlockId>, limit: u32) -> Result<Vec<Block>, StoreError> {
        let rows = sqlx::query(select_blocks!("WHERE id < $1 ORDER BY id DESC LIMIT $2"))
            .bind(before.map_or(i64::MAX, |id| id.0))
            .bind(limit)
            .fetch_all(&self.readers)
            .await?;
        Ok(rows.iter().map(read_block).collect())
    }

    pub(super) async fn read_block(&self, id: BlockId) -> Result<Option<Block>, StoreError> {
        let row = sqlx::query(select_blocks!("WHERE id = $1")).bind(id.0).fetch_optional(&self.readers).await?;
        Ok(row.as_ref().map(read_block))
    }
}

fn read_block(row: &SqliteRow) -> Block {
    let lifted_by: Option<i64> = row.get(10);
    Block {
        id: BlockId(row.get(0)),
        visitor: VisitorId(row.get(1)),
        name: row.get(2),
        address: row.get(3),
        reason: row.get(4),
        by: AgentRef { id: AgentId(row.get(5)), name: row.get(6), photo: None },
        chat: ChatId(row.get(7)),
        at: row.get(8),
        until: row.get(9),
        lifted: lifted_by.map(|id| {
            let name: Option<String> = row.get(11);
            let at: Option<Millis> = row.get(12);
            (AgentRef { id: AgentId(id), name: name.unwrap_or_default(), photo: None }, at.unwrap_or_default())
        }),
    }
}
