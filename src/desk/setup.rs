//! The first agents: set-up in the browser with a one-time link, and the command line.

use super::{Desk, now};
use crate::auth::password::{self, PasswordError};
use crate::auth::token;
use crate::model::agent::{MAX_NAME_CHARS, Role};
use crate::model::department;
use crate::model::error::Refusal;
use crate::model::ids::AgentId;
use crate::model::visitor::Email;
use crate::store::{AddAgentError, NewAgent, Store, StoreError, TokenHash};
use thiserror::Error;

/// A set-up link is valid this long; each start of the server without agents prints a new one.
const SETUP_LINK_MS: i64 = 24 * 3_600_000;

/// Why an agent was not made. Each says which field to mend.
#[derive(Debug, Error)]
pub enum SetupError {
    #[error("Please enter a name of at most {MAX_NAME_CHARS} characters.")]
    Name,
    #[error(transparent)]
    Email(Refusal),
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error("Please name departments with at most {max} characters.", max = department::MAX_NAME_CHARS)]
    Department,
    #[error("There already is an agent with this email.")]
    EmailTaken,
    #[error("This set-up link is not valid any more. Start the server again to get a new one.")]
    Closed,
    #[error("The server cannot store anything at the moment. Please try again.")]
    Failed(#[source] StoreError),
}

impl From<AddAgentError> for SetupError {
    fn from(error: AddAgentError) -> Self {
        match error {
            AddAgentError::EmailTaken => SetupError::EmailTaken,
            AddAgentError::SetupClosed => SetupError::Closed,
            AddAgentError::Store(error) => {
                tracing::error!(%error, "an agent could not be stored");
                SetupError::Failed(error)
            }
        }
    }
}

impl Desk {
    /// A new one-time set-up link's token, unless there is an agent already. Earlier links are void.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_setup(&self) -> Result<Option<String>, StoreError> {
        if self.store().has_agents().await? {
            return Ok(None);
        }
        let text = token::new_token().map_err(|error| StoreError::Failed(error.to_string()))?;
        if let Some(hash) = token::hash(&text) {
            self.store().set_setup_link(TokenHash(hash), now() + SETUP_LINK_MS).await?;
        }
        Ok(Some(text))
    }

    /// Whether set-up is open with this link.
    pub async fn is_setup_link(&self, text: &str) -> bool {
        match token::hash(text) {
            Some(hash) => self.store().is_setup_link(TokenHash(hash), now()).await.unwrap_or(false),
            None => false,
        }
    }

    /// Makes the first admin and closes set-up.
    ///
    /// # Errors
    /// [`SetupError`]; the link stays valid unless it was not.
    pub async fn set_up(&self, link: &str, name: &str, email: &str, password: String) -> Result<AgentId, SetupError> {
        let hash = token::hash(link).map(TokenHash).ok_or(SetupError::Closed)?;
        if !self.is_setup_link(link).await {
            return Err(SetupError::Closed);
        }
        let agent = new_agent(name, email, Role::Admin, Vec::new(), password).await?;
        Ok(self.store().set_up(hash, agent, now()).await?)
    }
}

/// Adds an agent: the command line's way, beside a running server or without one.
///
/// # Errors
/// [`SetupError`].
pub async fn add_agent(
    store: &dyn Store,
    name: &str,
    email: &str,
    role: Role,
    departments: Vec<String>,
    password: String,
) -> Result<AgentId, SetupError> {
    let agent = new_agent(name, email, role, departments, password).await?;
    Ok(store.add_agent(agent, now()).await?)
}

async fn new_agent(
    name: &str,
    email: &str,
    role: Role,
    departments: Vec<String>,
    password: String,
) -> Result<NewAgent, SetupError> {
    let (name, email) = checked_agent(name, email)?;
    let departments = departments.iter().map(|name| checked_department(name)).collect::<Result<Vec<_>, _>>()?;
    let password_hash = password::hash(password).await?;
    Ok(NewAgent { name, email: email.into(), role, password_hash, departments })
}

/// An agent's name and email as they are kept.
///
/// # Errors
/// [`SetupError::Name`], [`SetupError::Email`].
pub fn checked_agent(name: &str, email: &str) -> Result<(String, Email), SetupError> {
    let name: String = name.trim().chars().filter(|c| !c.is_control()).collect();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS {
        return Err(SetupError::Name);
    }
    Ok((name, Email::parse(email).map_err(SetupError::Email)?))
}

/// A department's name as it is kept.
///
/// # Errors
/// [`SetupError::Department`].
pub fn checked_department(name: &str) -> Result<String, SetupError> {
    let name: String = name.trim().chars().filter(|c| !c.is_control()).collect();
    if name.is_empty() || name.chars().count() > department::MAX_NAME_CHARS {
        return Err(SetupError::Department);
    }
    Ok(name)
}
