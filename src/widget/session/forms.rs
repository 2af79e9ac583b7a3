//! What is filled in: it starts a chat, or is left as a message.

use super::wait::not_left;
use super::{Kept, Open, Session, Stage};
use crate::model::calls::LeaveMessage;
use crate::model::chat::Command;
use crate::model::error::{ApiError, Refusal};
use crate::model::ids::{CommandId, DepartmentId};
use crate::model::json::{objects, written};
use crate::model::text::RichText;
use crate::model::visitor::{Email, PageView};
use crate::ui::browser::{document, now, window};
use crate::ui::call::call;
use crate::ui::state::*;
use crate::widget::host::{HostEvent, ToHost};

/// What the visitor filled in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filled {
    pub name: String,
    pub email: String,
    pub department: Option<DepartmentId>,
    pub message: String,
}

objects! {
    Filled { department; name, email, message }
}

written! {
    Filled { name, email, department, message }
}

impl Session {
    /// Starts a chat with what was filled in.
    ///
    /// # Errors
    /// Why not; the form keeps everything.
    pub async fn start(self, id: CommandId, filled: Filled) -> Result<(), ApiError> {
        let text = RichText::from_typed(&filled.message);
        // What the rules refuse anyhow needs no call, and might be more than a call can carry.
        text.check()?;
        let context = self.context.get_untracked();
        let at = context.seen_until();
        let page = context.page.clone().or_else(|| context.pages.last().cloned()).or_else(own_page);
        let command = Command::Start {
            name: filled.name,
            email: filled.email,
            department: filled.department,
            text: text.clone(),
            visit: context.visit(),
            page: page.map(PageView::bounded),
        };
        match self.call(None, id, command).await {
            Ok(ack) => {
                self.open_chat(ack.chat);
                self.host.tell(ToHost::Chat { open: true, at });
                self.host.tell(ToHost::Event(HostEvent::ChatStarted { chat: ack.chat.to_string() }));
                Ok(())
            }
            // Another tab of this visitor was quicker: the message goes into that chat.
            Err(ApiError::Refused { refusal: Refusal::AlreadyChatting { chat } }) => {
                self.open_chat(chat);
                if let Some(open) = self.open.get_untracked() {
                    open.draft.join(&text.to_plain());
                }
                Ok(())
            }
            Err(error) => {
                if let ApiError::Refused { refusal: Refusal::NobodyAvailable } = &error {
                    self.offer.update(|offer| offer.available = false);
                    self.show_form();
                }
                Err(error)
            }
        }
    }

    /// Leaves what was filled in as a message: instead of the chat that waits, or alone.
    ///
    /// # Errors
    /// Why not; the form keeps everything.
    pub async fn leave(self, id: CommandId, filled: Filled) -> Result<(), ApiError> {
        let Filled { name, email, department, message } = filled;
        let text = RichText::from_typed(&message);
        // What the rules refuse anyhow needs no call.
        text.check()?;
        let open = self.open.get_untracked();
        let address = email.trim().to_owned();
        let proven = address.is_empty() && open.is_none() && self.is_introduced();
        if !proven {
            Email::parse(&email)?;
        }
        self.leaving.set_value(true);
        let answer = match open {
            Some(open) => {
                self.call(Some(open.followed.id), id, Command::LeaveMessage { name, email, text }).await.map(|_| ())
            }
            None => {
                self.identified().await;
                let message =
                    LeaveMessage { id, name, email, department, text, introduction: Some(self.introduction()) };
                call(&message).await.map(|_| ()).inspect_err(|error| self.heed(error))
            }
        };
        self.leaving.set_value(false);
        match (answer, open) {
            (Ok(()), open) => {
                if let Some(open) = open {
                    open.instead.sent(&Filled { message, ..Filled::default() });
                }
                self.thank(address);
                Ok(())
            }
            // An agent was quicker.
            (Err(ApiError::Refused { refusal: Refusal::AcceptedBy { .. } }), Some(open)) => {
                self.be_answered(open);
                Ok(())
            }
            (Err(ApiError::Refused { refusal: Refusal::ChatEnded }), Some(open)) => {
                open.draft.join(&not_left(open));
                self.stage.set(Stage::Chat);
                Ok(())
            }
            // The live connection was quicker than the answer that broke: it has arrived.
            (Err(error), Some(open)) if error.is_passing() && has_arrived(open) => {
                self.thank(address);
                Ok(())
            }
            (Err(error), _) => Err(error),
        }
    }

    /// A message was left, and is answered to this address.
    pub(super) fn thank(self, address: String) {
        self.close_chat();
        self.left.set(Some(address));
        self.stage.set(Stage::Away);
    }

    /// What is filled in for the form of now: to be left in place of the chat that waits, or for a new one.
    pub fn kept(self) -> Kept {
        self.open.get_untracked().map_or(self.fresh, |open| open.instead)
    }

    /// Whether the website brings a proof of who the visitor is: their address may be in it.
    pub fn is_introduced(self) -> bool {
        self.context.with_untracked(|context| context.identity.as_ref().is_some_and(|one| one.token.is_some()))
    }

    /// Leaves an ended chat, or the thanks for a message, for the form.
    pub fn start_again(self) {
        self.close_chat();
        self.left.set(None);
        self.show_form();
        self.gather();
        self.refresh();
    }
}

/// The page of this frame itself, when it stands alone.
fn own_page() -> Option<PageView> {
    let url = window().location().href().ok()?;
    Some(PageView { at: now(), url, title: document().title(), referrer: document().referrer() })
}

/// Whether the message that was to be left in place of this chat is in its log.
fn has_arrived(open: Open) -> bool {
    open.instead.filled().message.is_empty() && open.followed.chat.with_untracked(|chat| !chat.status.is_live())
}
