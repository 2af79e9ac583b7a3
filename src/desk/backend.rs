//! The desk as the live connection sees it.

use super::{Desk, now};
use crate::auth::token;
use crate::live::{Backend, Viewer};
use crate::model::chat::{Event, Seq};
use crate::model::ids::ChatId;
use crate::store::TokenHash;
use async_trait::async_trait;

/// Events read at one time for a client that comes back.
const PAGE: u32 = 200;

#[async_trait]
impl Backend for Desk {
    async fn identify(&self, visitor_token: Option<&str>, session: Option<&str>) -> Option<Viewer> {
        match (visitor_token, session) {
            (Some(text), _) => {
                let visitor = self.store().visitor(TokenHash(token::hash(text)?)).await.ok()??;
                Some(Viewer::Visitor(visitor))
            }
            (None, Some(text)) => {
                let agent = self.store().session(TokenHash(token::hash(text)?), now()).await.ok()??;
                Some(Viewer::Agent(agent))
            }
            (None, None) => None,
        }
    }

    async fn latest(&self, viewer: &Viewer, chat: ChatId) -> Option<Seq> {
        let chat = self.visible_chat(viewer, chat).await.ok()?;
        Some(chat.last_seq_for(viewer.audience()))
    }

    async fn missed(&self, viewer: &Viewer, chat: ChatId, after: Seq) -> Option<Vec<Event>> {
        self.store()
            .events(chat, viewer.audience(), after, PAGE)
            .await
            .inspect_err(|error| tracing::error!(%error, %chat, "the log cannot be read"))
            .ok()
    }
}
