//! The outbox in SQLite.

use super::super::{Job, OutboxStore, StoreError};
use super::SqliteStore;
use crate::model::Millis;
use crate::model::ids::ChatId;
use async_trait::async_trait;
use sqlx::Row;

#[async_trait]
impl OutboxStore for SqliteStore {
    async fn lease_jobs(&self, now: Millis, until: Millis, limit: u32) -> Result<Vec<Job>, StoreError> {
        let rows = sqlx::query(
            "UPDATE outbox SET due_at = $2, attempts = attempts + 1 WHERE id IN \
             (SELECT id FROM outbox WHERE state = 'due' AND due_at <= $1 ORDER BY due_at LIMIT $3) \
             RETURNING id, payload, chat_id, dedup, attempts",
        )
        .bind(now)
        .bind(until)
        .bind(limit)
        .fetch_all(&self.writer)
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
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn finish_job(&self, id: i64) -> Result<(), StoreError> {
        sqlx::query("UPDATE outbox SET state = 'done', last_error = NULL WHERE id = $1")
            .bind(id)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn retry_job(&self, id: i64, due: Millis, error: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE outbox SET due_at = $2, last_error = $3 WHERE id = $1 AND state = 'due'")
            .bind(id)
            .bind(due)
            .bind(error)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn park_job(&self, id: i64, error: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE outbox SET state = 'parked', last_error = $2 WHERE id = $1")
            .bind(id)
            .bind(error)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn count_jobs(&self) -> Result<(i64, i64), StoreError> {
        let row = sqlx::query(
            "SELECT count(*) FILTER (WHERE state = 'due'), count(*) FILTER (WHERE state = 'parked') FROM outbox \
             WHERE state <> 'done'",
        )
        .fetch_one(&self.readers)
        .await?;
        Ok((row.get(0), row.get(1)))
    }

    async fn next_due(&self) -> Result<Option<Millis>, StoreError> {
        let row = sqlx::query("SELECT min(due_at) FROM outbox WHERE state = 'due'").fetch_one(&self.readers).await?;
        Ok(row.get(0))
    }
}
