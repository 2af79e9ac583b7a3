//! People: agents with their sessions, departments, visitors.

use super::{ChangeError, StoreError};
use crate::model::Millis;
use crate::model::agent::{Agent, Role};
use crate::model::department::DepartmentRef;
use crate::model::ids::{AgentId, DepartmentId, PhotoId, VisitorId};
use async_trait::async_trait;
use thiserror::Error;

/// The SHA-256 of a secret token. Tokens themselves are never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

/// An agent to be added.
#[derive(Clone, Debug)]
pub struct NewAgent {
    pub name: String,
    pub email: String,
    pub role: Role,
    /// A PHC string.
    pub password_hash: String,
    /// Names of departments; ones that do not exist are created.
    pub departments: Vec<String>,
}

/// Why an agent was not added.
#[derive(Debug, Error)]
pub enum AddAgentError {
    #[error("there already is an agent with this email")]
    EmailTaken,
    /// The set-up link is unknown, used or expired, or there is an agent already.
    #[error("the set-up link is not valid any more")]
    SetupClosed,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for AddAgentError {
    fn from(error: sqlx::Error) -> Self {
        AddAgentError::Store(error.into())
    }
}

/// What is kept of people.
#[async_trait]
pub trait PeopleStore: Send + Sync + 'static {
    /// Whether there is any agent: until then, set-up is open.
    async fn has_agents(&self) -> Result<bool, StoreError>;
    async fn add_agent(&self, agent: NewAgent, now: Millis) -> Result<AgentId, AddAgentError>;
    /// Adds the first admin and closes set-up, all at once.
    async fn set_up(&self, link: TokenHash, agent: NewAgent, now: Millis) -> Result<AgentId, AddAgentError>;
    async fn agent(&self, id: AgentId) -> Result<Option<Agent>, StoreError>;
    /// The agent with this email, however it is written, and their password's hash.
    async fn agent_by_email(&self, email: &str) -> Result<Option<(AgentId, String)>, StoreError>;
    /// Sets or removes an agent's photo; returns the one before.
    async fn set_photo(&self, id: AgentId, photo: Option<PhotoId>) -> Result<Option<PhotoId>, ChangeError>;
    /// Whether it is an agent's photo.
    async fn is_photo(&self, id: PhotoId) -> Result<bool, StoreError>;
    async fn set_available(&self, id: AgentId, available: bool) -> Result<(), StoreError>;

    async fn add_session(
        &self,
        token: TokenHash,
        agent: AgentId,
        now: Millis,
        expires: Millis,
    ) -> Result<(), StoreError>;
    /// The agent of a session that has not expired.
    async fn session(&self, token: TokenHash, now: Millis) -> Result<Option<Agent>, StoreError>;
    async fn remove_session(&self, token: TokenHash) -> Result<(), StoreError>;
    /// Forgets sessions and set-up links that have expired.
    async fn remove_expired(&self, now: Millis) -> Result<(), StoreError>;

    /// Makes this the only valid set-up link.
    async fn set_setup_link(&self, link: TokenHash, expires: Millis) -> Result<(), StoreError>;
    /// Whether set-up is open with this link.
    async fn is_setup_link(&self, link: TokenHash, now: Millis) -> Result<bool, StoreError>;

    /// The departments, by name.
    async fn departments(&self) -> Result<Vec<DepartmentRef>, StoreError>;
    async fn department(&self, id: DepartmentId) -> Result<Option<DepartmentRef>, StoreError>;

    /// The visitor with this token, if they ever started a chat.
    async fn visitor(&self, token: TokenHash) -> Result<Option<VisitorId>, StoreError>;
    /// The visitor with this token; makes one when there is none.
    async fn ensure_visitor(&self, token: TokenHash, now: Millis) -> Result<VisitorId, StoreError>;
}
