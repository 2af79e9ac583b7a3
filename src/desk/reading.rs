//! Reading chats. Who may see what is decided here, from who the caller is.

use super::{Desk, unreadable};
use crate::live::Viewer;
use crate::model::chat::{Audience, Chat, ChatRow, Conversation, Event};
use crate::model::error::ApiError;
use crate::model::ids::{AgentId, ChatId, VisitorId};
use crate::model::pages::CHATS_PER_PAGE;
use crate::store::{List, Page, StoreError};
use std::collections::BTreeMap;

/// Live rows of each kind that a console starts with.
pub const LIVE_ROWS: u32 = 500;
/// Events read at one time.
const EVENTS_PER_READ: u32 = 500;

impl Desk {
    /// A chat, if the viewer may see it.
    ///
    /// # Errors
    /// [`ApiError::NoSuchChat`] also for a chat of another visitor: its existence is not told.
    pub async fn visible_chat(&self, viewer: &Viewer, id: ChatId) -> Result<Chat, ApiError> {
        let chat = self.store().chat(id).await.map_err(unreadable)?.ok_or(ApiError::NoSuchChat)?;
        match viewer {
            Viewer::Agent(_) => Ok(chat),
            Viewer::Visitor(own) if is_theirs(&chat, *own) => Ok(chat),
            Viewer::Visitor(_) => Err(ApiError::NoSuchChat),
        }
    }

    /// A page of a list of chats, latest change first.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when it cannot be read.
    pub async fn chat_rows(&self, list: List, before: Option<(i64, ChatId)>) -> Result<Vec<ChatRow>, ApiError> {
        self.store().rows(list, Page { before, limit: CHATS_PER_PAGE }).await.map_err(unreadable)
    }

    /// The live chats that an agent needs to know: those that wait, the agent's own, and of the others the latest. At most
    /// [`LIVE_ROWS`] of each; `true` when these are all.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when they cannot be read.
    pub async fn live_rows(&self, agent: AgentId) -> Result<(Vec<ChatRow>, bool), ApiError> {
        let mut rows: BTreeMap<ChatId, ChatRow> = BTreeMap::new();
        let mut complete = true;
        for list in [List::Live, List::Mine(agent), List::Waiting] {
            let some = self.store().rows(list, Page { before: None, limit: LIVE_ROWS }).await.map_err(unreadable)?;
            complete &= some.len() < LIVE_ROWS as usize;
            rows.extend(some.into_iter().map(|row| (row.id, row)));
        }
        Ok((rows.into_values().collect(), complete))
    }

    /// The whole conversation as its audience sees it.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn conversation(&self, id: ChatId, audience: Audience) -> Result<Conversation, StoreError> {
        let mut conversation = Conversation::new(id);
        loop {
            let after = conversation.chat.last_seq;
            let events: Vec<Event> = self.store().events(id, audience, after, EVENTS_PER_READ).await?;
            if events.is_empty() {
                return Ok(conversation);
            }
            for event in &events {
                conversation.apply(event);
            }
        }
    }
}

fn is_theirs(chat: &Chat, visitor: VisitorId) -> bool {
    chat.visitor.as_ref().is_some_and(|card| card.id == visitor)
}
