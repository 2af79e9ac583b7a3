//! What the website says of its visitor while a chat goes on: the server is told when it is something else than before.

use super::Session;
use crate::model::calls::VisitorCommand;
use crate::model::chat::Command;
use crate::model::ids::ChatId;
use crate::model::json::Json;
use crate::ui::browser::{command_id, sleep, spawn_local};
use crate::ui::call::call;
use crate::ui::state::*;

/// What a page says one after the other is told together.
const TOGETHER_MS: u32 = 300;
/// How long to wait before it is tried again.
const AGAIN_MS: u32 = 5_000;

/// A token that proves who the visitor is, and what else is told of them.
pub type Said = (String, Json);

impl Session {
    /// What the website says now.
    pub(super) fn said(self) -> Said {
        self.context.with_untracked(|context| {
            let token = context.identity.as_ref().and_then(|identity| identity.token.clone());
            (token.unwrap_or_default(), context.data.0.clone())
        })
    }

    /// Tells the server what the website says of the visitor of a chat that goes on, when it does not know it yet. A page
    /// that says nothing takes nothing back: the visitor may have come from one that did.
    pub(super) fn keep_introduced(self) {
        self.context.with(|_| ());
        let is_new = self.said() != self.introduced.get_value();
        if is_new && self.live_chat().is_some() && !self.introducing.get_value() {
            self.introducing.set_value(true);
            spawn_local(async move {
                self.introduce().await;
                self.introducing.set_value(false);
            });
        }
    }

    /// The chat that goes on.
    fn live_chat(self) -> Option<ChatId> {
        let open = self.open.get()?;
        let is_live = open.followed.current.get() && open.followed.chat.with(|chat| chat.status.is_live());
        is_live.then_some(open.followed.id)
    }

    async fn introduce(self) {
        let mut id = command_id();
        let mut before = None;
        sleep(TOGETHER_MS).await;
        while let Some(chat) = untrack(|| self.live_chat()) {
            let said = self.said();
            if said == self.introduced.get_value() {
                return;
            }
            // The same words keep their command id, however often they are sent.
            if before.replace(said.clone()).is_some_and(|before| before != said) {
                id = command_id();
            }
            let says = !said.0.is_empty() || !said.1.is_null();
            let command = Command::Introduce { data: !said.1.is_null() };
            let introduction = Some(self.introduction());
            if says
                && let Err(error) = call(&VisitorCommand { chat: Some(chat), id, command, introduction }).await
                && error.is_passing()
            {
                sleep(AGAIN_MS).await;
                continue;
            }
            self.introduced.set_value(said);
            id = command_id();
        }
    }
}
