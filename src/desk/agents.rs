//! Agents: logging in and out, and the switch "Available for chat".

use super::{Desk, address_of, now, unreadable, unwritable};
use crate::auth::{password, token};
use crate::model::agent::Agent;
use crate::model::chat::ReleaseReason;
use crate::model::error::ApiError;
use crate::model::live::ServerFrame;
use crate::store::{StoreError, TokenHash};
use thiserror::Error;

/// A session ends after this many days.
pub const SESSION_DAYS: i64 = 30;
const DAY_MS: i64 = 86_400_000;

/// Why nobody is logged in. The sentence is the same for an unknown email and a wrong password.
#[derive(Debug, Error)]
pub enum LoginError {
    #[error("Email or password is not right.")]
    Wrong,
    #[error("Too many attempts. Please wait a minute and try again.")]
    Throttled,
    #[error("The server cannot log you in at the moment. Please try again.")]
    Failed(#[source] StoreError),
}

impl From<StoreError> for LoginError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "logging in failed");
        LoginError::Failed(error)
    }
}

impl Desk {
    /// Opens a session and returns its token.
    ///
    /// # Errors
    /// [`LoginError`]; wrong passwords are throttled per email and per address.
    pub async fn log_in(&self, email: &str, password: String, address: &str) -> Result<String, LoginError> {
        let email = email.trim();
        let key = format!("{}@{}", email.to_lowercase().chars().take(254).collect::<String>(), address_of(address));
        if !self.inner.logins_per_address.allows(&address_of(address)) || !self.inner.logins.allows(&key) {
            return Err(LoginError::Throttled);
        }
        let found = self.store().agent_by_email(email).await?;
        let (id, hash) = found.unzip();
        let right = password::verify(password, hash).await;
        let id = id.filter(|_| right).ok_or(LoginError::Wrong)?;
        let text = token::new_token().map_err(|error| StoreError::Failed(error.to_string()))?;
        let hash = token::hash(&text).ok_or(LoginError::Wrong)?;
        self.store().add_session(TokenHash(hash), id, now(), now() + SESSION_DAYS * DAY_MS).await?;
        Ok(text)
    }

    /// The agent of a session.
    ///
    /// # Errors
    /// [`ApiError::NotLoggedIn`] when the session is unknown or has ended.
    pub async fn agent_of(&self, session: &str) -> Result<Agent, ApiError> {
        let hash = token::hash(session).map(TokenHash).ok_or(ApiError::NotLoggedIn)?;
        let asked = match self.inner.known.agent(hash) {
            Ok(agent) => return Ok(agent),
            Err(asked) => asked,
        };
        let agent = self.store().session(hash, now()).await.map_err(unreadable)?.ok_or(ApiError::NotLoggedIn)?;
        self.inner.known.note_agent(hash, &agent, asked);
        Ok(agent)
    }

    /// Ends a session. Without another console open here, the agent's chats go back to the queue.
    ///
    /// # Errors
    /// [`ApiError::NotStored`] when that cannot be written.
    pub async fn log_out(&self, session: &str) -> Result<(), ApiError> {
        let Some(hash) = token::hash(session).map(TokenHash) else { return Ok(()) };
        let agent = self.store().session(hash, now()).await.map_err(unreadable)?;
        self.store().remove_session(hash).await.map_err(unwritable)?;
        self.inner.known.forget_agents();
        self.hub().session_ended();
        match agent.filter(|agent| !self.hub().has_other_console(agent.id, session)) {
            Some(agent) => self.release_all(agent.id, ReleaseReason::LoggedOut, now(), None).await,
            None => Ok(()),
        }
    }

    /// Turns the agent's switch "Available for chat", in all of the agent's windows.
    ///
    /// # Errors
    /// [`ApiError::NotStored`] when that cannot be written.
    pub async fn set_available(&self, agent: &Agent, available: bool) -> Result<(), ApiError> {
        self.store().set_available(agent.id, available).await.map_err(unwritable)?;
        self.inner.known.forget_agents();
        self.hub().tell_agent(agent.id, &ServerFrame::Available { available });
        Ok(())
    }
}
