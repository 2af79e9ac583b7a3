//! Page views of visitors whose chat goes on (M4).

use super::Desk;
use crate::model::chat::Command;
use crate::model::error::ApiError;
use crate::model::ids::{ChatId, CommandId, OnsiteId, VisitorId};
use crate::model::visitor::{Connection, PageView};

impl Desk {
    /// Notes page views in the visitor's live chat; without one they are dropped.
    ///
    /// # Errors
    /// [`ApiError`] other than a refusal: the chat may end between two pages.
    pub async fn view_pages(
        &self,
        visitor: VisitorId,
        connection: &Connection,
        pages: Vec<(CommandId, PageView)>,
    ) -> Result<(), ApiError> {
        for (id, page) in pages {
            // Mostly it is the chat of the last time; the rules refuse one that has ended.
            let known = self.inner.known.chat(visitor);
            if let Some(chat) = known
                && self.view_page(visitor, connection, chat, id, page.clone()).await?
            {
                continue;
            }
            let Some(chat) = self.live_chat_of(visitor).await? else { return Ok(()) };
            if known != Some(chat) {
                self.inner.known.note_chat(visitor, chat);
                self.view_page(visitor, connection, chat, id, page).await?;
            }
        }
        Ok(())
    }

    /// Who is seen on a website as `id` is this visitor, whose chat agents then find there. After a page view that chat
    /// is known; when it `has_begun` just now, it is looked up. Of one that ends, consoles know themselves.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when it cannot be read.
    pub async fn note_chat_on_website(
        &self,
        id: OnsiteId,
        visitor: VisitorId,
        has_begun: bool,
    ) -> Result<(), ApiError> {
        let chat = match has_begun {
            true => self.live_chat_of(visitor).await?,
            false => self.inner.known.chat(visitor),
        };
        if let Some(chat) = chat {
            self.hub().onsite().chats_in(id, chat);
        }
        Ok(())
    }

    /// Whether the page view is in the chat now.
    async fn view_page(
        &self,
        visitor: VisitorId,
        connection: &Connection,
        chat: ChatId,
        id: CommandId,
        page: PageView,
    ) -> Result<bool, ApiError> {
        match self.visitor_command(visitor, connection.clone(), Some(chat), id, Command::ViewPage { page }).await {
            Ok(_) => Ok(true),
            Err(ApiError::Refused { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
