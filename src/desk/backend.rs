//! The desk as the live connection sees it.

use super::{Desk, now};
use crate::auth::token;
use crate::live::{Backend, Unreadable, Viewer};
use crate::model::chat::{Event, Seq};
use crate::model::error::ApiError;
use crate::model::ids::ChatId;
use crate::store::{StoreError, TokenHash};
use async_trait::async_trait;

/// Events read at one time for a client that comes back.
const PAGE: u32 = 200;

/// Bytes of JSON in one delivery; a single larger event goes alone.
const PAGE_BYTES: usize = 64 << 10;

#[async_trait]
impl Backend for Desk {
    async fn identify(
        &self,
        visitor_token: Option<&str>,
        session: Option<&str>,
        address: &str,
    ) -> Result<Option<Viewer>, Unreadable> {
        let hash = |text: &str| token::hash(text).map(TokenHash);
        match (visitor_token, session) {
            (Some(text), _) => {
                let Some(hash) = hash(text) else { return Ok(None) };
                let visitor = self.store().visitor(hash).await.map_err(unreadable)?;
                if let Some(visitor) = visitor {
                    self.note_address(visitor, address).await;
                }
                Ok(visitor.map(Viewer::Visitor))
            }
            (None, Some(text)) => {
                let Some(hash) = hash(text) else { return Ok(None) };
                Ok(self.store().session(hash, now()).await.map_err(unreadable)?.map(Viewer::Agent))
            }
            (None, None) => Ok(None),
        }
    }

    fn is_blocked(&self, viewer: &Viewer, address: &str) -> bool {
        match viewer {
            Viewer::Visitor(visitor) => self.blocked_until(Some(*visitor), address).is_some(),
            Viewer::Agent(_) => false,
        }
    }

    async fn latest(&self, viewer: &Viewer, chat: ChatId) -> Result<Option<Seq>, Unreadable> {
        match self.visible_chat(viewer, chat).await {
            Ok(chat) => Ok(Some(chat.last_seq_for(viewer.audience()))),
            Err(ApiError::NoSuchChat) => Ok(None),
            Err(_) => Err(Unreadable),
        }
    }

    async fn missed(&self, viewer: &Viewer, chat: ChatId, after: Seq) -> Result<Vec<Event>, Unreadable> {
        let mut events = self.store().events(chat, viewer.audience(), after, PAGE).await.map_err(unreadable)?;
        let mut bytes = 0;
        let fitting = events.iter().take_while(|event| {
            bytes += serde_json::to_string(event).map_or(0, |json| json.len());
            bytes <= PAGE_BYTES
        });
        let fitting = fitting.count().max(1);
        events.truncate(fitting);
        Ok(events)
    }
}

fn unreadable(error: StoreError) -> Unreadable {
    tracing::error!(%error, "reading for a live connection failed");
    Unreadable
}
