//! What the settings show.

use super::Millis;
use super::agent::{AgentRef, Role};
use super::department::DepartmentRef;
use super::ids::{AgentId, ChatId, DepartmentId, PhotoId, TicketId};
use serde::{Deserialize, Serialize};

/// An agent in the settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentEntry {
    pub id: AgentId,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub departments: Vec<DepartmentRef>,
    pub available: bool,
    /// May not log in.
    pub deactivated: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<PhotoId>,
}

/// Largest picture that becomes a photo, in bytes.
pub const MAX_PHOTO_BYTES: u64 = 10_000_000;

/// A department in the settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepartmentEntry {
    pub id: DepartmentId,
    pub name: String,
    pub members: Vec<AgentRef>,
}

/// Which jobs of the outbox are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobFilter {
    /// Given up.
    Failed,
    /// To be done, or tried again.
    Waiting,
    Done,
}

/// A job of the outbox: a mail that was sent, is to be sent, or failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobEntry {
    pub id: i64,
    /// What it is, in words.
    pub kind: String,
    /// Where the mail goes, where that is known.
    pub to: Option<String>,
    pub chat: Option<ChatId>,
    pub ticket: Option<TicketId>,
    pub state: JobFilter,
    pub attempts: u32,
    pub error: Option<String>,
    pub created_at: Millis,
    /// When it is tried next.
    pub due_at: Millis,
}
