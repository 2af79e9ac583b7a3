//! Leases in SQLite.

use super::{SqliteStore, to_json};
use crate::model::Millis;
use crate::model::agent::ReleasedChat;
use crate::model::chat::{Author, Chat, Event, EventBody, ReleaseReason};
use crate::model::ids::{AgentId, ChatId};
use crate::store::{LeaseStore, StoreError};
use async_trait::async_trait;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

#[async_trait]
impl LeaseStore for SqliteStore {
    async fn renew_leases(&self, agents: &[AgentId], until: Millis) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE owner_leases SET expires_at = $2 \
             WHERE agent_id IN (SELECT value FROM json_each($1)) AND expires_at < $2 \
             AND agent_id IN (SELECT id FROM agents WHERE deactivated_at IS NULL)",
        )
        .bind(to_json(&agents)?)
        .bind(until)
        .execute(&mut *self.writer.take().await?)
        .await?;
        Ok(())
    }

    async fn restart_leases(&self, until: Millis) -> Result<(), StoreError> {
        sqlx::query("UPDATE owner_leases SET expires_at = $1")
            .bind(until)
            .execute(&mut *self.writer.take().await?)
            .await?;
        Ok(())
    }

    async fn lapsed_leases(&self, now: Millis, limit: u32) -> Result<Vec<AgentId>, StoreError> {
        let rows = sqlx::query("SELECT agent_id FROM owner_leases WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2")
            .bind(now)
            .bind(limit)
            .fetch_all(&self.readers)
            .await?;
        Ok(rows.iter().map(|row| AgentId(row.get(0))).collect())
    }

    async fn drop_lease(&self, agent: AgentId, now: Millis) -> Result<(), StoreError> {
        sqlx::query(
            "DELETE FROM owner_leases WHERE agent_id = $1 AND expires_at <= $2 \
             AND NOT EXISTS (SELECT 1 FROM chats WHERE agent_id = $1 AND status = 'open')",
        )
        .bind(agent.0)
        .bind(now)
        .execute(&mut *self.writer.take().await?)
        .await?;
        Ok(())
    }

    async fn released_chats(&self, agent: AgentId, limit: u32) -> Result<Vec<ReleasedChat>, StoreError> {
        let rows = sqlx::query(
            "SELECT c.id, c.state, r.at FROM released_chats r JOIN chats c ON c.id = r.chat_id \
             WHERE r.agent_id = $1 ORDER BY r.at DESC, r.chat_id DESC LIMIT $2",
        )
        .bind(agent.0)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        let mut released = Vec::with_capacity(rows.len());
        for row in &rows {
            let chat = super::chats::read_state(row)?;
            released.push(ReleasedChat { chat: chat.id, visitor: chat.visitor_name().to_owned(), at: row.get(2) });
        }
        Ok(released)
    }

    async fn forget_released(&self, agent: AgentId, chats: &[ChatId]) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM released_chats WHERE agent_id = $1 AND chat_id IN (SELECT value FROM json_each($2))")
            .bind(agent.0)
            .bind(to_json(&chats)?)
            .execute(&mut *self.writer.take().await?)
            .await?;
        Ok(())
    }

    async fn forget_released_before(&self, at: Millis) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM released_chats WHERE at < $1")
            .bind(at)
            .execute(&mut *self.writer.take().await?)
            .await?;
        Ok(())
    }
}

/// The agent keeps what is theirs at least until then.
pub async fn grant(connection: &mut SqliteConnection, agent: AgentId, until: Millis) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO owner_leases (agent_id, expires_at) VALUES ($1, $2) \
         ON CONFLICT (agent_id) DO UPDATE SET expires_at = max(owner_leases.expires_at, excluded.expires_at)",
    )
    .bind(agent.0)
    .bind(until)
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether the agent's lease reaches beyond this time.
pub async fn holds(connection: &mut SqliteConnection, agent: AgentId, at: Millis) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT EXISTS (SELECT 1 FROM owner_leases WHERE agent_id = $1 AND expires_at > $2)")
        .bind(agent.0)
        .bind(at)
        .fetch_one(connection)
        .await?;
    Ok(row.get(0))
}

/// Notes for its agent that a chat was taken from them, until they take it again.
pub async fn note_event(connection: &mut SqliteConnection, chat: &Chat, event: &Event) -> Result<(), StoreError> {
    match (&event.body, &event.by) {
        // Who logged out was told then, and who was deactivated does not come back.
        (EventBody::Released { agent, reason: ReleaseReason::ConnectionLost }, _) => {
            sqlx::query(
                "INSERT INTO released_chats (agent_id, chat_id, at) VALUES ($1, $2, $3) \
                 ON CONFLICT (agent_id, chat_id) DO UPDATE SET at = excluded.at",
            )
            .bind(agent.id.0)
            .bind(chat.id.0)
            .bind(event.at)
            .execute(connection)
            .await?;
        }
        (EventBody::Accepted, Author::Agent(agent)) => {
            sqlx::query("DELETE FROM released_chats WHERE agent_id = $1 AND chat_id = $2")
                .bind(agent.id.0)
                .bind(chat.id.0)
                .execute(connection)
                .await?;
        }
        _ => {}
    }
    Ok(())
}
