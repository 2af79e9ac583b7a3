//! The outbox: what must be done after a commit, written with it.

use super::StoreError;
use crate::model::Millis;
use crate::model::chat::Seq;
use crate::model::ids::{ChatId, TicketId};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// A thing to do. Stored; variants and fields are only ever added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum JobKind {
    /// Mail the transcript of an ended chat (M9).
    Transcript { to: String },
    /// Tell the one who left a message that it arrived, and its number.
    TicketReceived { ticket: TicketId },
    /// Mail an agent's reply: this entry of the ticket.
    TicketReply { ticket: TicketId, entry: Seq },
    /// Show that mails go out.
    TestMail { to: String },
}

impl JobKind {
    /// The word for it in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            JobKind::Transcript { .. } => "transcript",
            JobKind::TicketReceived { .. } => "ticket_received",
            JobKind::TicketReply { .. } => "ticket_reply",
            JobKind::TestMail { .. } => "test_mail",
        }
    }
}

/// A thing to do, not yet stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    pub kind: JobKind,
    pub chat: Option<ChatId>,
    /// Of jobs with one name only the first is stored.
    pub dedup: String,
    pub at: Millis,
}

/// A leased job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    pub id: i64,
    pub kind: JobKind,
    pub chat: Option<ChatId>,
    /// The name under which it was stored.
    pub dedup: String,
    /// How often it was leased, this time included.
    pub attempts: u32,
}

/// What is kept of things to do.
#[async_trait]
pub trait OutboxStore: Send + Sync + 'static {
    /// Leases up to `limit` jobs that are due until `until`: unless they are finished by then, they are due again.
    async fn lease_jobs(&self, now: Millis, until: Millis, limit: u32) -> Result<Vec<Job>, StoreError>;
    /// It is being worked on: the lease lasts until `until`.
    async fn extend_lease(&self, id: i64, until: Millis) -> Result<(), StoreError>;
    /// It is done, for ever.
    async fn finish_job(&self, id: i64) -> Result<(), StoreError>;
    /// It failed and is due again at `due`.
    async fn retry_job(&self, id: i64, due: Millis, error: &str) -> Result<(), StoreError>;
    /// It keeps failing and waits for an admin.
    async fn park_job(&self, id: i64, error: &str) -> Result<(), StoreError>;
    /// How many jobs are due and how many are parked.
    async fn count_jobs(&self) -> Result<(i64, i64), StoreError>;
    /// When the next job is due.
    async fn next_due(&self) -> Result<Option<Millis>, StoreError>;
}
