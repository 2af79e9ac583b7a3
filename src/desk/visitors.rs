//! Visitors: known by a token that their browser made and keeps.

use super::{Desk, RETRY_AFTER_MS, address_of, now, unreadable, unwritable};
use crate::auth::token;
use crate::model::chat::{Ack, Command};
use crate::model::department::DepartmentRef;
use crate::model::error::ApiError;
use crate::model::identity::Introduction;
use crate::model::ids::{ChatId, CommandId, VisitorId};
use crate::model::visitor::Connection;
use crate::store::TokenHash;

impl Desk {
    /// The visitor with this token, if they ever started a chat.
    ///
    /// # Errors
    /// [`ApiError::NotLoggedIn`] for what is no token.
    pub async fn visitor(&self, text: &str) -> Result<Option<VisitorId>, ApiError> {
        let hash = token::hash(text).map(TokenHash).ok_or(ApiError::NotLoggedIn)?;
        if let Some(visitor) = self.inner.known.visitor(hash) {
            return Ok(Some(visitor));
        }
        let found = self.store().visitor(hash).await.map_err(unreadable)?;
        if let Some(visitor) = found {
            self.inner.known.note_visitor(hash, visitor);
        }
        Ok(found)
    }

    /// The visitor with this token, made when there is none: for the start of a chat.
    ///
    /// # Errors
    /// [`ApiError::NotLoggedIn`] for what is no token, [`ApiError::TooMany`] when too many start from this address.
    pub async fn ensure_visitor(&self, text: &str, address: &str) -> Result<VisitorId, ApiError> {
        let hash = token::hash(text).map(TokenHash).ok_or(ApiError::NotLoggedIn)?;
        if !self.inner.starts_per_address.allows(&address_of(address)) {
            return Err(ApiError::TooMany { retry_after_ms: RETRY_AFTER_MS });
        }
        self.store().ensure_visitor(hash, now()).await.map_err(unwritable)
    }

    /// Carries out the command of whoever has this token. `chat` is `None` for the start of a new chat, which makes the
    /// visitor when there is none, and may come with what the website says of them.
    ///
    /// # Errors
    /// [`ApiError`]; nothing has happened then, and the same command may be sent again.
    pub async fn command_of(
        &self,
        token: &str,
        connection: Connection,
        introduction: &Introduction,
        chat: Option<ChatId>,
        id: CommandId,
        command: Command,
    ) -> Result<Ack, ApiError> {
        let visitor = match (chat, &command) {
            (None, Command::Start { .. }) => self.ensure_visitor(token, &connection.ip).await?,
            _ => self.visitor(token).await?.ok_or(ApiError::NoSuchChat)?,
        };
        self.introduced_command(visitor, connection, introduction, chat, id, command).await
    }

    /// The visitor's live chat.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when it cannot be read.
    pub async fn live_chat_of(&self, visitor: VisitorId) -> Result<Option<ChatId>, ApiError> {
        let latest = self.store().latest_chat_of(visitor).await.map_err(unreadable)?;
        Ok(latest.filter(|(_, status)| status.is_live()).map(|(chat, _)| chat))
    }

    /// Notes from where a visitor comes, for a block of that address. Should it fail, the address of before is kept.
    pub(super) async fn note_address(&self, visitor: VisitorId, address: &str) {
        let store = self.store();
        let known = store.last_address(visitor).await;
        if matches!(&known, Ok(known) if known.as_deref() == Some(address)) || address.is_empty() {
            return;
        }
        if let Err(error) = store.note_address(visitor, address).await {
            tracing::warn!(%error, "a visitor's address could not be noted");
        }
    }

    /// The departments, by name.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when they cannot be read.
    pub async fn departments(&self) -> Result<Vec<DepartmentRef>, ApiError> {
        self.store().departments().await.map_err(unreadable)
    }
}
