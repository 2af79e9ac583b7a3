//! What admins look after, in SQLite: agents, departments, labels, settings.

use super::SqliteStore;
use super::people::{MEMBERSHIPS, insert_department, read_agent, read_department, select_agents};
use super::transaction::WriteTransaction;
use crate::model::Millis;
use crate::model::agent::{Agent, AgentRef, Role};
use crate::model::block::Block;
use crate::model::department::DepartmentRef;
use crate::model::ids::{AgentId, BlockId, ChatId, DepartmentId, LabelId, PhotoId, SiteId, VisitorId};
use crate::model::label::Label;
use crate::model::settings::{AgentEntry, DepartmentEntry, JobEntry, JobFilter};
use crate::model::site::{Site, SiteForm};
use crate::store::{AgentChange, ChangeError, NewJob, SettingsStore, StoreError};
use async_trait::async_trait;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use std::collections::HashMap;
use uuid::Uuid;

#[async_trait]
impl SettingsStore for SqliteStore {
    async fn agents(&self) -> Result<Vec<AgentEntry>, StoreError> {
        let rows = sqlx::query(select_agents!("ORDER BY a.name COLLATE NOCASE, a.id")).fetch_all(&self.readers).await?;
        let mut departments = self.memberships().await?;
        let mut entries = Vec::with_capacity(rows.len());
        for row in &rows {
            let deactivated = row.get::<Option<Millis>, _>(5).is_some();
            let agent = read_agent(row, departments.remove(&AgentId(row.get(0))).unwrap_or_default())?;
            let Agent { id, name, email, role, available, departments, photo } = agent;
            entries.push(AgentEntry { id, name, email, role, departments, available, deactivated, photo });
        }
        Ok(entries)
    }

    async fn available_agents(&self) -> Result<Vec<Agent>, StoreError> {
        let rows = sqlx::query(select_agents!("WHERE a.available = 1 AND a.deactivated_at IS NULL ORDER BY a.id"))
            .fetch_all(&self.readers)
            .await?;
        let mut departments = self.memberships().await?;
        rows.iter().map(|row| read_agent(row, departments.remove(&AgentId(row.get(0))).unwrap_or_default())).collect()
    }

    async fn change_agent(&self, id: AgentId, change: AgentChange) -> Result<(), ChangeError> {
        let mut transaction = WriteTransaction::begin(&self.writer).await?;
        let changed = change_agent(&mut transaction, id, &change).await;
        transaction.finish(changed).await
    }

    async fn department_entries(&self) -> Result<Vec<DepartmentEntry>, StoreError> {
        let rows = sqlx::query("SELECT id, name FROM departments ORDER BY name").fetch_all(&self.readers).await?;
        let members = sqlx::query(
            "SELECT m.department_id, a.id, a.name, a.photo FROM agent_departments m JOIN agents a ON a.id = m.agent_id \
             ORDER BY a.name COLLATE NOCASE, a.id",
        )
        .fetch_all(&self.readers)
        .await?;
        let mut of: HashMap<DepartmentId, Vec<AgentRef>> = HashMap::new();
        for row in &members {
            let member = AgentRef {
                id: AgentId(row.get(1)),
                name: row.get(2),
                photo: row.get::<Option<Uuid>, _>(3).map(PhotoId),
            };
            of.entry(DepartmentId(row.get(0))).or_default().push(member);
        }
        let departments = rows.iter().map(read_department);
        Ok(departments
            .map(|DepartmentRef { id, name }| DepartmentEntry { id, name, members: of.remove(&id).unwrap_or_default() })
            .collect())
    }

    async fn add_department(&self, name: &str) -> Result<DepartmentId, ChangeError> {
        let mut connection = self.writer.take().await?;
        insert_department(&mut connection, name).await?.ok_or(ChangeError::NameTaken)
    }

    async fn rename_department(&self, id: DepartmentId, name: &str) -> Result<(), ChangeError> {
        let renamed = sqlx::query("UPDATE departments SET name = $2 WHERE id = $1")
            .bind(id.0)
            .bind(name)
            .execute(&mut *self.writer.take().await?)
            .await
            .map_err(taken)?;
        there(renamed.rows_affected())
    }

    async fn set_members(&self, id: DepartmentId, members: &[AgentId]) -> Result<(), ChangeError> {
        let mut transaction = WriteTransaction::begin(&self.writer).await?;
        let set = set_members(&mut transaction, id, members).await;
        transaction.finish(set).await
    }

    async fn remove_department(&self, id: DepartmentId) -> Result<(), ChangeError> {
        let mut transaction = WriteTransaction::begin(&self.writer).await?;
        let removed = remove_department(&mut transaction, id).await;
        transaction.finish(removed).await
    }

    async fn sites(&self) -> Result<Vec<Site>, StoreError> {
        self.read_sites().await
    }

    async fn add_site(&self, form: &SiteForm) -> Result<SiteId, ChangeError> {
        self.write_site(None, form).await
    }

    async fn change_site(&self, id: SiteId, form: &SiteForm) -> Result<(), ChangeError> {
        self.write_site(Some(id), form).await.map(drop)
    }

    async fn remove_site(&self, id: SiteId) -> Result<(), ChangeError> {
        let removed =
            sqlx::query("DELETE FROM sites WHERE id = $1").bind(id.0).execute(&mut *self.writer.take().await?).await?;
        there(removed.rows_affected())
    }

    async fn labels(&self) -> Result<Vec<Label>, StoreError> {
        let rows = sqlx::query("SELECT id, name, color FROM labels ORDER BY name").fetch_all(&self.readers).await?;
        rows.iter().map(read_label).collect()
    }

    async fn ensure_label(&self, name: &str, color: u8) -> Result<Label, StoreError> {
        let known = sqlx::query("SELECT id, name, color FROM labels WHERE name = $1")
            .bind(name)
            .fetch_optional(&self.readers)
            .await?;
        if let Some(row) = &known {
            return read_label(row);
        }
        let row = sqlx::query(
            "INSERT INTO labels (name, color) VALUES ($1, $2) \
             ON CONFLICT (name) DO UPDATE SET name = labels.name RETURNING id, name, color",
        )
        .bind(name)
        .bind(color)
        .fetch_one(&mut *self.writer.take().await?)
        .await?;
        read_label(&row)
    }

    async fn change_label(&self, label: &Label) -> Result<(), ChangeError> {
        let changed = sqlx::query("UPDATE labels SET name = $2, color = $3 WHERE id = $1")
            .bind(label.id.0)
            .bind(&label.name)
            .bind(label.color)
            .execute(&mut *self.writer.take().await?)
            .await
            .map_err(taken)?;
        there(changed.rows_affected())
    }

    async fn remove_label(&self, id: LabelId) -> Result<(), ChangeError> {
        let removed =
            sqlx::query("DELETE FROM labels WHERE id = $1").bind(id.0).execute(&mut *self.writer.take().await?).await?;
        there(removed.rows_affected())
    }

    async fn note_address(&self, visitor: VisitorId, address: &str) -> Result<(), StoreError> {
        // Mostly it is the same as before: nobody waits for the writer then.
        if self.last_address(visitor).await?.as_deref() != Some(address) {
            sqlx::query("UPDATE visitors SET last_address = $2 WHERE id = $1")
                .bind(visitor.0)
                .bind(address)
                .execute(&mut *self.writer.take().await?)
                .await?;
        }
        Ok(())
    }

    async fn last_address(&self, visitor: VisitorId) -> Result<Option<String>, StoreError> {
        let row = sqlx::query("SELECT last_address FROM visitors WHERE id = $1")
            .bind(visitor.0)
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.and_then(|row| row.get(0)))
    }

    async fn live_visitors(&self) -> Result<Vec<(ChatId, VisitorId, String)>, StoreError> {
        let rows = sqlx::query(
            "SELECT c.id, c.visitor_id, coalesce(v.last_address, '') FROM chats c JOIN visitors v ON v.id = c.visitor_id \
             WHERE c.status IN ('waiting', 'open')",
        )
        .fetch_all(&self.readers)
        .await?;
        Ok(rows.iter().map(|row| (ChatId(row.get(0)), VisitorId(row.get(1)), row.get(2))).collect())
    }

    async fn active_blocks(&self, now: Millis) -> Result<Vec<Block>, StoreError> {
        self.read_active_blocks(now).await
    }

    async fn blocks(&self, before: Option<BlockId>, limit: u32) -> Result<Vec<Block>, StoreError> {
        self.read_blocks(before, limit).await
    }

    async fn block(&self, id: BlockId) -> Result<Option<Block>, StoreError> {
        self.read_block(id).await
    }

    async fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        let row =
            sqlx::query("SELECT value FROM settings WHERE key = $1").bind(key).fetch_optional(&self.readers).await?;
        Ok(row.map(|row| row.get(0)))
    }

    async fn set_setting(&self, key: &str, json: &str) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .bind(key)
        .bind(json)
        .execute(&mut *self.writer.take().await?)
        .await?;
        Ok(())
    }

    async fn ensure_setting(&self, key: &str, json: &str) -> Result<String, StoreError> {
        if let Some(stored) = self.setting(key).await? {
            return Ok(stored);
        }
        let row = sqlx::query(
            "INSERT INTO settings (key, value) VALUES ($1, $2) \
             ON CONFLICT (key) DO UPDATE SET value = settings.value RETURNING value",
        )
        .bind(key)
        .bind(json)
        .fetch_one(&mut *self.writer.take().await?)
        .await?;
        Ok(row.get(0))
    }

    async fn jobs(&self, filter: JobFilter, before: Option<i64>, limit: u32) -> Result<Vec<JobEntry>, StoreError> {
        self.list_jobs(filter, before, limit).await
    }

    async fn retry_parked(&self, id: i64, now: Millis) -> Result<bool, StoreError> {
        let retried = sqlx::query(
            "UPDATE outbox SET state = 'due', attempts = 0, due_at = $2 WHERE id = $1 AND state = 'parked'",
        )
        .bind(id)
        .bind(now)
        .execute(&mut *self.writer.take().await?)
        .await?;
        Ok(retried.rows_affected() > 0)
    }

    async fn add_job(&self, job: NewJob) -> Result<(), StoreError> {
        let mut connection = self.writer.take().await?;
        super::outbox::insert_job(&mut connection, job.chat, &job).await
    }
}

impl SqliteStore {
    /// The departments of all agents, by name.
    async fn memberships(&self) -> Result<HashMap<AgentId, Vec<DepartmentRef>>, StoreError> {
        let mut of: HashMap<AgentId, Vec<DepartmentRef>> = HashMap::new();
        for row in sqlx::query(MEMBERSHIPS).fetch_all(&self.readers).await? {
            of.entry(AgentId(row.get(2))).or_default().push(read_department(&row));
        }
        Ok(of)
    }
}

async fn change_agent(connection: &mut SqliteConnection, id: AgentId, change: &AgentChange) -> Result<(), ChangeError> {
    if change.role != Role::Admin || change.deactivated {
        let row = sqlx::query(
            "SELECT count(*) FILTER (WHERE id = $1), count(*) FILTER (WHERE id <> $1) FROM agents \
             WHERE role = 'admin' AND deactivated_at IS NULL",
        )
        .bind(id.0)
        .fetch_one(&mut *connection)
        .await?;
        let (this, others): (i64, i64) = (row.get(0), row.get(1));
        if this > 0 && others == 0 {
            return Err(ChangeError::LastAdmin);
        }
    }
    let changed = sqlx::query(
        "UPDATE agents SET name = $2, email = $3, role = $4, password_hash = coalesce($5, password_hash), \
         deactivated_at = CASE WHEN $6 THEN coalesce(deactivated_at, unixepoch() * 1000) END WHERE id = $1",
    )
    .bind(id.0)
    .bind(&change.name)
    .bind(&change.email)
    .bind(change.role.as_str())
    .bind(&change.password_hash)
    .bind(change.deactivated)
    .execute(&mut *connection)
    .await
    .map_err(taken)?;
    there(changed.rows_affected())?;
    sqlx::query("DELETE FROM agent_departments WHERE agent_id = $1").bind(id.0).execute(&mut *connection).await?;
    for department in &change.departments {
        add_member(connection, *department, id).await?;
    }
    if change.deactivated || change.password_hash.is_some() {
        sqlx::query("DELETE FROM sessions WHERE agent_id = $1").bind(id.0).execute(connection).await?;
    }
    Ok(())
}

async fn set_members(
    connection: &mut SqliteConnection,
    id: DepartmentId,
    members: &[AgentId],
) -> Result<(), ChangeError> {
    let found =
        sqlx::query("SELECT 1 FROM departments WHERE id = $1").bind(id.0).fetch_optional(&mut *connection).await?;
    there(found.map_or(0, |_| 1))?;
    sqlx::query("DELETE FROM agent_departments WHERE department_id = $1").bind(id.0).execute(&mut *connection).await?;
    for agent in members {
        add_member(connection, id, *agent).await?;
    }
    Ok(())
}

/// What is not there any more is left out.
async fn add_member(
    connection: &mut SqliteConnection,
    department: DepartmentId,
    agent: AgentId,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO agent_departments (agent_id, department_id) \
         SELECT a.id, d.id FROM agents a, departments d WHERE a.id = $1 AND d.id = $2 ON CONFLICT DO NOTHING",
    )
    .bind(agent.0)
    .bind(department.0)
    .execute(connection)
    .await?;
    Ok(())
}

async fn remove_department(connection: &mut SqliteConnection, id: DepartmentId) -> Result<(), ChangeError> {
    let removed = sqlx::query("DELETE FROM departments WHERE id = $1").bind(id.0).execute(&mut *connection).await?;
    there(removed.rows_affected())?;
    sqlx::query("UPDATE counters SET value = max(value, $1) WHERE name = 'department'")
        .bind(id.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Of a change that met a unique index, that the name is taken.
pub(super) fn taken(error: sqlx::Error) -> ChangeError {
    match &error {
        sqlx::Error::Database(cause) if cause.is_unique_violation() => ChangeError::NameTaken,
        _ => error.into(),
    }
}

fn there(rows: u64) -> Result<(), ChangeError> {
    if rows > 0 { Ok(()) } else { Err(ChangeError::Gone) }
}

fn read_label(row: &SqliteRow) -> Result<Label, StoreError> {
    let (id, color): (i64, i64) = (row.get(0), row.get(2));
    let color = u8::try_from(color).map_err(|_| StoreError::Corrupt(format!("the colour of label {id}: {color}")))?;
    Ok(Label { id: LabelId(id), name: row.get(1), color })
}
