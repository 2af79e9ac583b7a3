//! People in SQLite.

use super::super::{AddAgentError, ChangeError, NewAgent, PeopleStore, StoreError, TokenHash};
use super::SqliteStore;
use super::transaction::WriteTransaction;
use crate::model::Millis;
use crate::model::agent::{Agent, Role};
use crate::model::department::DepartmentRef;
use crate::model::ids::{AgentId, DepartmentId, PhotoId, VisitorId};
use async_trait::async_trait;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use uuid::Uuid;

/// The columns that [`read_agent`] reads, and when the agent was deactivated.
macro_rules! select_agents {
    ($rest:literal) => {
        concat!("SELECT a.id, a.name, a.email, a.role, a.available, a.deactivated_at, a.photo FROM agents a ", $rest)
    };
}
pub(super) use select_agents;

/// The departments of all agents, by name, each with its agent.
pub const MEMBERSHIPS: &str = "SELECT d.id, d.name, m.agent_id FROM departments d \
                               JOIN agent_departments m ON m.department_id = d.id ORDER BY d.name";

#[async_trait]
impl PeopleStore for SqliteStore {
    async fn has_agents(&self) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT EXISTS (SELECT 1 FROM agents)").fetch_one(&self.readers).await?;
        Ok(row.get(0))
    }

    async fn add_agent(&self, agent: NewAgent, now: Millis) -> Result<AgentId, AddAgentError> {
        let mut transaction = WriteTransaction::begin(&self.writer).await?;
        let id = insert_agent(&mut transaction, &agent, now).await?;
        transaction.commit().await?;
        Ok(id)
    }

    async fn set_up(&self, link: TokenHash, agent: NewAgent, now: Millis) -> Result<AgentId, AddAgentError> {
        let mut transaction = WriteTransaction::begin(&self.writer).await?;
        let open = sqlx::query(
            "DELETE FROM setup_links WHERE token_hash = $1 AND expires_at > $2 AND NOT EXISTS (SELECT 1 FROM agents) \
             RETURNING 1",
        )
        .bind(link.0.as_slice())
        .bind(now)
        .fetch_optional(&mut *transaction)
        .await?;
        if open.is_none() {
            return Err(AddAgentError::SetupClosed);
        }
        let id = insert_agent(&mut transaction, &agent, now).await?;
        transaction.commit().await?;
        Ok(id)
    }

    async fn agent(&self, id: AgentId) -> Result<Option<Agent>, StoreError> {
        let row = sqlx::query(select_agents!("WHERE a.id = $1")).bind(id.0).fetch_optional(&self.readers).await?;
        self.with_departments(row).await
    }

    async fn agent_by_email(&self, email: &str) -> Result<Option<(AgentId, String)>, StoreError> {
        let row = sqlx::query("SELECT id, password_hash FROM agents WHERE email = $1 AND deactivated_at IS NULL")
            .bind(email)
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.map(|row| (AgentId(row.get(0)), row.get(1))))
    }

    async fn set_photo(&self, id: AgentId, photo: Option<PhotoId>) -> Result<Option<PhotoId>, ChangeError> {
        let mut transaction = WriteTransaction::begin(&self.writer).await?;
        let row =
            sqlx::query("SELECT photo FROM agents WHERE id = $1").bind(id.0).fetch_optional(&mut *transaction).await?;
        let before = row.ok_or(ChangeError::Gone)?.get::<Option<Uuid>, _>(0).map(PhotoId);
        sqlx::query("UPDATE agents SET photo = $2 WHERE id = $1")
            .bind(id.0)
            .bind(photo.map(|photo| photo.0))
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(before)
    }

    async fn is_photo(&self, id: PhotoId) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT EXISTS (SELECT 1 FROM agents WHERE photo = $1)")
            .bind(id.0)
            .fetch_one(&self.readers)
            .await?;
        Ok(row.get(0))
    }

    async fn set_available(&self, id: AgentId, available: bool) -> Result<(), StoreError> {
        sqlx::query("UPDATE agents SET available = $2 WHERE id = $1")
            .bind(id.0)
            .bind(available)
            .execute(&mut *self.writer.take().await?)
            .await?;
        Ok(())
    }

    async fn add_session(
        &self,
        token: TokenHash,
        agent: AgentId,
        now: Millis,
        expires: Millis,
    ) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO sessions (token_hash, agent_id, created_at, expires_at) VALUES ($1, $2, $3, $4)")
            .bind(token.0.as_slice())
            .bind(agent.0)
            .bind(now)
            .bind(expires)
            .execute(&mut *self.writer.take().await?)
            .await?;
        Ok(())
    }

    async fn session(&self, token: TokenHash, now: Millis) -> Result<Option<Agent>, StoreError> {
        let row = sqlx::query(select_agents!(
            "JOIN sessions s ON s.agent_id = a.id \
             WHERE s.token_hash = $1 AND s.expires_at > $2 AND a.deactivated_at IS NULL"
        ))
        .bind(token.0.as_slice())
        .bind(now)
        .fetch_optional(&self.readers)
        .await?;
        self.with_departments(row).await
    }

    async fn remove_session(&self, token: TokenHash) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE token_hash = $1")
            .bind(token.0.as_slice())
            .execute(&mut *self.writer.take().await?)
            .await?;
        Ok(())
    }

    async fn remove_expired(&self, now: Millis) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE expires_at <= $1")
            .bind(now)
            .execute(&mut *self.writer.take().await?)
            .await?;
        sqlx::query("DELETE FROM setup_links WHERE expires_at <= $1")
            .bind(now)
            .execute(&mut *self.writer.take().await?)
            .await?;
        Ok(())
    }

    async fn set_setup_link(&self, link: TokenHash, expires: Millis) -> Result<(), StoreError> {
        let mut transaction = WriteTransaction::begin(&self.writer).await?;
        sqlx::query("DELETE FROM setup_links").execute(&mut *transaction).await?;
        sqlx::query("INSERT INTO setup_links (token_hash, expires_at) VALUES ($1, $2)")
            .bind(link.0.as_slice())
            .bind(expires)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn is_setup_link(&self, link: TokenHash, now: Millis) -> Result<bool, StoreError> {
        let row = sqlx::query(
            "SELECT EXISTS (SELECT 1 FROM setup_links WHERE token_hash = $1 AND expires_at > $2) \
             AND NOT EXISTS (SELECT 1 FROM agents)",
        )
        .bind(link.0.as_slice())
        .bind(now)
        .fetch_one(&self.readers)
        .await?;
        Ok(row.get(0))
    }

    async fn departments(&self) -> Result<Vec<DepartmentRef>, StoreError> {
        let rows = sqlx::query("SELECT id, name FROM departments ORDER BY name").fetch_all(&self.readers).await?;
        Ok(rows.iter().map(read_department).collect())
    }

    async fn department(&self, id: DepartmentId) -> Result<Option<DepartmentRef>, StoreError> {
        let row = sqlx::query("SELECT id, name FROM departments WHERE id = $1")
            .bind(id.0)
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.as_ref().map(read_department))
    }

    async fn visitor(&self, token: TokenHash) -> Result<Option<VisitorId>, StoreError> {
        let row = sqlx::query("SELECT id FROM visitors WHERE token_hash = $1")
            .bind(token.0.as_slice())
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.map(|row| VisitorId(row.get(0))))
    }

    async fn ensure_visitor(&self, token: TokenHash, now: Millis) -> Result<VisitorId, StoreError> {
        if let Some(id) = self.visitor(token).await? {
            return Ok(id);
        }
        let row = sqlx::query(
            "INSERT INTO visitors (token_hash, created_at) VALUES ($1, $2) \
             ON CONFLICT (token_hash) DO UPDATE SET token_hash = excluded.token_hash RETURNING id",
        )
        .bind(token.0.as_slice())
        .bind(now)
        .fetch_one(&mut *self.writer.take().await?)
        .await?;
        Ok(VisitorId(row.get(0)))
    }
}

impl SqliteStore {
    async fn with_departments(&self, row: Option<SqliteRow>) -> Result<Option<Agent>, StoreError> {
        let Some(row) = row else { return Ok(None) };
        let id = AgentId(row.get(0));
        let departments = sqlx::query(
            "SELECT d.id, d.name FROM departments d JOIN agent_departments m ON m.department_id = d.id \
             WHERE m.agent_id = $1 ORDER BY d.name",
        )
        .bind(id.0)
        .fetch_all(&self.readers)
        .await?;
        read_agent(&row, departments.iter().map(read_department).collect()).map(Some)
    }
}

/// The agent in a row of `select_agents!`.
pub fn read_agent(row: &SqliteRow, departments: Vec<DepartmentRef>) -> Result<Agent, StoreError> {
    let id = AgentId(row.get(0));
    let role: String = row.get(3);
    Ok(Agent {
        id,
        name: row.get(1),
        email: row.get(2),
        role: Role::parse(&role).ok_or_else(|| StoreError::Corrupt(format!("the role of agent {id}: {role}")))?,
        available: row.get(4),
        departments,
        photo: row.get::<Option<Uuid>, _>(6).map(PhotoId),
    })
}

pub fn read_department(row: &SqliteRow) -> DepartmentRef {
    DepartmentRef { id: DepartmentId(row.get(0)), name: row.get(1) }
}

async fn insert_agent(
    connection: &mut SqliteConnection,
    agent: &NewAgent,
    now: Millis,
) -> Result<AgentId, AddAgentError> {
    let inserted = sqlx::query(
        "INSERT INTO agents (email, name, role, password_hash, created_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (email) DO NOTHING RETURNING id",
    )
    .bind(&agent.email)
    .bind(&agent.name)
    .bind(agent.role.as_str())
    .bind(&agent.password_hash)
    .bind(now)
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = inserted else { return Err(AddAgentError::EmailTaken) };
    let id = AgentId(row.get(0));
    for name in &agent.departments {
        insert_department(connection, name).await?;
        sqlx::query(
            "INSERT INTO agent_departments (agent_id, department_id) SELECT $1, id FROM departments WHERE name = $2 \
             ON CONFLICT DO NOTHING",
        )
        .bind(id.0)
        .bind(name)
        .execute(&mut *connection)
        .await?;
    }
    Ok(id)
}

/// Adds a department; none when there is one with this name. Its number was never given before: chats and tickets
/// remember those of removed ones.
pub async fn insert_department(
    connection: &mut SqliteConnection,
    name: &str,
) -> Result<Option<DepartmentId>, sqlx::Error> {
    let row = sqlx::query(
        "INSERT INTO departments (id, name) VALUES (1 + max(coalesce((SELECT max(id) FROM departments), 0), \
         (SELECT value FROM counters WHERE name = 'department')), $1) ON CONFLICT (name) DO NOTHING RETURNING id",
    )
    .bind(name)
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| DepartmentId(row.get(0))))
}
