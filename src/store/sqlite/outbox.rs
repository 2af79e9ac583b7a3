//! The outbox in SQLite.

use super::super::{Job, JobKind, NewJob, OutboxStore, StoreError};
use super::{SqliteStore, to_json};
use crate::model::Millis;
use crate::model::ids::ChatId;
use crate::model::settings::{JobEntry, JobFilter};
use async_trait::async_trait;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

#[async_trait]
impl OutboxStore for SqliteStore {
    async fn lease_jobs(&self, now: Millis, until: Millis, limit: u32) -> Result<Vec<Job>, StoreError> {
        // The index is named: that of the lists would do too, and read all that waits.
        let rows = sqlx::query(
            "UPDATE outbox SET due_at = $2, attempts = attempts + 1 WHERE id IN \
             (SELECT id FROM outbox INDEXED BY outbox_due WHERE state = 'due' AND due_at <= $1 \
             ORDER BY due_at LIMIT $3) \
             RETURNING id, payload, chat_id, dedup, attempts",
        )
        .bind(now)
        .bind(until)
        .bind(limit)
        .fetch_all(&mut *self.writer.take().await?)
        .await?;
        let mut jobs = Vec::with_capacity(rows.len());
        for row in rows {
            let id: i64 = row.get(0);
            match serde_json::from_str(row.get(1)) {
                Ok(kind) => jobs.push(Job {
                    id,
                    kind,
                    chat: row.get::<Option<i64>, _>(2).map(ChatId),
                    dedup: row.get(3),
                    attempts: row.get::<i64, _>(4).try_into().unwrap_or(u32::MAX),
                }),
                // One job that cannot be read must not hold up the others.
                Err(error) => self.park_job(id, &format!("this job cannot be read: {error}")).await?,
            }
        }
        Ok(jobs)
    }

    async fn extend_lease(&self, id: i64, until: Millis) -> Result<(), StoreError> {
        sqlx::query("UPDATE outbox SET due_at = $2 WHERE id = $1 AND state = 'due'")
            .bind(id)
            .bind(until)
            .execute(&mut *self.writer.take().await?)
            .await?;
        Ok(())
    }

    async fn finish_job(&self, id: i64) -> Result<(), StoreError> {
        sqlx::query("UPDATE outbox SET state = 'done', last_error = NULL WHERE id = $1")
            .bind(id)
            .execute(&mut *self.writer.take().await?)
            .await?;
        Ok(())
    }

    async fn retry_job(&self, id: i64, due: Millis, error: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE outbox SET due_at = $2, last_error = $3 WHERE id = $1 AND state = 'due'")
            .bind(id)
            .bind(due)
            .bind(error)
            .execute(&mut *self.writer.take().await?)
            .await?;
        Ok(())
    }

    async fn park_job(&self, id: i64, error: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE outbox SET state = 'parked', last_error = $2 WHERE id = $1")
            .bind(id)
            .bind(error)
            .execute(&mut *self.writer.take().await?)
            .await?;
        Ok(())
    }

    async fn count_jobs(&self) -> Result<(i64, i64), StoreError> {
        let row = sqlx::query(
            "SELECT count(*) FILTER (WHERE state = 'due'), count(*) FILTER (WHERE state = 'parked') FROM outbox \
             WHERE state IN ('due', 'parked')",
        )
        .fetch_one(&self.readers)
        .await?;
        Ok((row.get(0), row.get(1)))
    }

    async fn next_due(&self) -> Result<Option<Millis>, StoreError> {
        let row = sqlx::query("SELECT min(due_at) FROM outbox INDEXED BY outbox_due WHERE state = 'due'")
            .fetch_one(&self.readers)
            .await?;
        Ok(row.get(0))
    }
}

/// Stores a job, unless there is one with its name.
pub async fn insert_job(
    connection: &mut SqliteConnection,
    chat: Option<ChatId>,
    job: &NewJob,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO outbox (kind, chat_id, payload, dedup, due_at, created_at) VALUES ($1, $2, $3, $4, $5, $5) \
         ON CONFLICT (dedup) DO NOTHING",
    )
    .bind(job.kind.as_str())
    .bind(chat.map(|chat| chat.0))
    .bind(to_json(&job.kind)?)
    .bind(&job.dedup)
    .bind(job.at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether there is, or was, a job with this name.
pub async fn has_job(connection: &mut SqliteConnection, dedup: &str) -> Result<bool, StoreError> {
    let found = sqlx::query("SELECT EXISTS (SELECT 1 FROM outbox WHERE dedup = $1)");
    Ok(found.bind(dedup).fetch_one(connection).await?.get(0))
}

impl SqliteStore {
    pub(super) async fn list_jobs(
        &self,
        filter: JobFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<JobEntry>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, kind, payload, chat_id, attempts, last_error, created_at, due_at FROM outbox \
             WHERE state = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        )
        .bind(match filter {
            JobFilter::Failed => "parked",
            JobFilter::Waiting => "due",
            JobFilter::Done => "done",
        })
        .bind(before.unwrap_or(i64::MAX))
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        Ok(rows.iter().map(|row| read_entry(row, filter)).collect())
    }
}

fn read_entry(row: &SqliteRow, state: JobFilter) -> JobEntry {
    let (kind, to, ticket) = match serde_json::from_str(row.get(2)) {
        Ok(JobKind::Transcript { to }) => ("Transcript".to_owned(), Some(to), None),
        Ok(JobKind::TicketReceived { ticket }) => ("Message received".to_owned(), None, Some(ticket)),
        Ok(JobKind::TicketReply { ticket, .. }) => ("Ticket reply".to_owned(), None, Some(ticket)),
        Ok(JobKind::TestMail { to }) => ("Test mail".to_owned(), Some(to), None),
        // Parked, because nobody can read it; it is shown all the same.
        Err(_) => (row.get(1), None, None),
    };
    JobEntry {
        id: row.get(0),
        kind,
        to,
        chat: row.get::<Option<i64>, _>(3).map(ChatId),
        ticket,
        state,
        attempts: row.get::<i64, _>(4).try_into().unwrap_or(u32::MAX),
        error: row.get(5),
        created_at: row.get(6),
        due_at: row.get(7),
    }
}
