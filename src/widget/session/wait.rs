//! Waiting for an agent, and the offer to leave a message instead.

use super::{Open, Session, Stage};
use crate::model::Millis;
use crate::model::chat::Status;
use crate::ui::browser::{focus, now, storage};
use crate::ui::state::*;
use crate::widget::form::written;
use gloo_timers::callback::Timeout;

/// How the visitor waits for an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    Finding,
    /// It takes too long: a message can be left instead.
    Offered,
    /// The visitor goes on waiting.
    Kept,
}

/// What was to be left in place of the chat that waited, and is left no more: what of it was not said in the chat.
pub(super) fn not_left(open: Open) -> String {
    let message = open.instead.take_message();
    if message == written(open) { String::new() } else { message }
}

impl Session {
    /// Counts how long the visitor has waited, from when this browser first saw it, and then offers to leave a message.
    pub(super) fn watch_wait(self, open: Open) {
        if !open.followed.current.get_untracked() {
            return;
        }
        let key = format!("frontdesk.waits.{}", open.followed.id);
        if open.followed.chat.with_untracked(|chat| chat.status) != Status::Waiting {
            self.waiting.set_value(None);
            storage::remove(&key);
            // Should the agent be lost, the wait begins anew.
            if self.wait.get_untracked() != Wait::Finding {
                self.wait.set(Wait::Finding);
            }
            return;
        }
        let counts = self.waiting.with_value(Option::is_some);
        if counts || self.wait.get_untracked() != Wait::Finding {
            return;
        }
        let now = now();
        let since = storage::get(&key).and_then(|since| since.parse::<Millis>().ok()).filter(|since| *since <= now);
        if since.is_none() {
            storage::set(&key, &now.to_string());
        }
        self.offer_after(self.offer.with_untracked(|offer| offer.answer_within_ms) - (now - since.unwrap_or(now)));
    }

    pub(super) fn offer_after(self, ms: Millis) {
        let timer = Timeout::new(ms.clamp(0, Millis::from(i32::MAX)) as u32, move || self.wait.set(Wait::Offered));
        self.waiting.set_value(Some(timer));
    }

    /// The visitor goes on waiting, as long again.
    pub fn keep_waiting(self) {
        self.wait.set(Wait::Kept);
        self.offer_after(self.offer.with_untracked(|offer| offer.answer_within_ms));
        focus("composer");
    }

    /// An agent has come: what was to be left as a message may be said now.
    pub(super) fn be_answered(self, open: Open) {
        if self.stage.get_untracked() == Stage::Away {
            open.draft.join(&not_left(open));
            self.stage.set(Stage::Chat);
        }
    }
}
