//! What admins look after: agents, departments, labels, blocks, rules, and the outbox.

use super::{AddAgentError, StoreError};
use crate::model::Millis;
use crate::model::agent::{Agent, Role};
use crate::model::block::Block;
use crate::model::ids::{AgentId, BlockId, ChatId, DepartmentId, LabelId, SiteId, VisitorId};
use crate::model::label::Label;
use crate::model::settings::{AgentEntry, DepartmentEntry, JobEntry, JobFilter};
use crate::model::site::{Site, SiteForm};
use async_trait::async_trait;

/// What an admin changes of an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentChange {
    pub name: String,
    pub email: String,
    pub role: Role,
    pub departments: Vec<DepartmentId>,
    /// A PHC string; the password stays when missing.
    pub password_hash: Option<String>,
    /// May not log in.
    pub deactivated: bool,
}

/// Why something was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// It is not there.
    #[error("it is not there")]
    Gone,
    /// Another one has this name.
    #[error("another one has this name")]
    NameTaken,
    /// Nobody would be left who may change settings.
    #[error("nobody would be left who may change settings")]
    LastAdmin,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for ChangeError {
    fn from(error: sqlx::Error) -> Self {
        ChangeError::Store(error.into())
    }
}

impl From<ChangeError> for AddAgentError {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Store(error) => AddAgentError::Store(error),
            ChangeError::Gone | ChangeError::NameTaken | ChangeError::LastAdmin => AddAgentError::EmailTaken,
        }
    }
}

/// What is kept of settings.
#[async_trait]
pub trait SettingsStore: Send + Sync + 'static {
    /// All agents, by name.
    async fn agents(&self) -> Result<Vec<AgentEntry>, StoreError>;
    /// The agents who are set available and may log in.
    async fn available_agents(&self) -> Result<Vec<Agent>, StoreError>;
    /// Changes an agent, and ends the sessions of one who is deactivated or got another password.
    async fn change_agent(&self, id: AgentId, change: AgentChange) -> Result<(), ChangeError>;

    /// All departments, by name, with their members.
    async fn department_entries(&self) -> Result<Vec<DepartmentEntry>, StoreError>;
    async fn add_department(&self, name: &str) -> Result<DepartmentId, ChangeError>;
    async fn rename_department(&self, id: DepartmentId, name: &str) -> Result<(), ChangeError>;
    async fn set_members(&self, id: DepartmentId, members: &[AgentId]) -> Result<(), ChangeError>;
    /// Chats and tickets keep its name.
    async fn remove_department(&self, id: DepartmentId) -> Result<(), ChangeError>;

    /// All sites, by name. Departments that are not there any more are left out.
    async fn sites(&self) -> Result<Vec<Site>, StoreError>;
    /// Adds a site.
    ///
    /// # Errors
    /// [`ChangeError::NameTaken`] when another one has its name or key.
    async fn add_site(&self, form: &SiteForm) -> Result<SiteId, ChangeError>;
    /// Changes a site; errors as of adding one.
    async fn change_site(&self, id: SiteId, form: &SiteForm) -> Result<(), ChangeError>;
    /// Chats keep its name.
    async fn remove_site(&self, id: SiteId) -> Result<(), ChangeError>;

    /// All labels, by name.
    async fn labels(&self) -> Result<Vec<Label>, StoreError>;
    /// The label with this name, however it is written; makes one when there is none.
    async fn ensure_label(&self, name: &str, color: u8) -> Result<Label, StoreError>;
    async fn change_label(&self, label: &Label) -> Result<(), ChangeError>;
    /// Chats and tickets keep its name.
    async fn remove_label(&self, id: LabelId) -> Result<(), ChangeError>;

    /// Notes the visitor's present address.
    async fn note_address(&self, visitor: VisitorId, address: &str) -> Result<(), StoreError>;
    /// The visitor's last address.
    async fn last_address(&self, visitor: VisitorId) -> Result<Option<String>, StoreError>;
    /// The live chats, their visitors, and from where those called last; an empty address where it is not known.
    async fn live_visitors(&self) -> Result<Vec<(ChatId, VisitorId, String)>, StoreError>;
    /// Blocks that keep somebody out at `now`.
    async fn active_blocks(&self, now: Millis) -> Result<Vec<Block>, StoreError>;
    /// All blocks, latest first, before this one, at most `limit`.
    async fn blocks(&self, before: Option<BlockId>, limit: u32) -> Result<Vec<Block>, StoreError>;
    async fn block(&self, id: BlockId) -> Result<Option<Block>, StoreError>;

    /// A stored setting, as JSON.
    async fn setting(&self, key: &str) -> Result<Option<String>, StoreError>;
    async fn set_setting(&self, key: &str, json: &str) -> Result<(), StoreError>;
    /// Stores a setting unless there is one, and returns the stored one.
    async fn ensure_setting(&self, key: &str, json: &str) -> Result<String, StoreError>;

    /// The jobs of the outbox, latest first, before this one, at most `limit`.
    async fn jobs(&self, filter: JobFilter, before: Option<i64>, limit: u32) -> Result<Vec<JobEntry>, StoreError>;
    /// A parked job is due again; `false` when it is not parked.
    async fn retry_parked(&self, id: i64, now: Millis) -> Result<bool, StoreError>;
    /// Adds a job that belongs to no chat.
    async fn add_job(&self, job: super::NewJob) -> Result<(), StoreError>;
}
