//! Typing notices: told while somebody types, shown for a while.

use super::live::Live;
use crate::model::ids::ChatId;
use crate::model::live::{ClientFrame, TYPING_TTL_MS};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;

/// Drafts are passed on at most this often.
const EVERY_MS: u32 = 300;
/// A draft that does not change is said again after this time.
const AGAIN_MS: u32 = 4_000;

/// Tells the other side what is being typed.
#[derive(Clone, Copy)]
pub struct TypingSender {
    live: Live,
    state: StoredValue<State, LocalStorage>,
}

#[derive(Default)]
struct State {
    chat: Option<ChatId>,
    draft: String,
    /// Runs until the next thing may be said.
    timer: Option<Timeout>,
    said: Option<String>,
}

impl TypingSender {
    pub fn new(live: Live) -> Self {
        TypingSender { live, state: StoredValue::new_local(State::default()) }
    }

    /// The draft changed; an empty one means that nobody types.
    pub fn typed(&self, chat: ChatId, draft: &str) {
        let quiet = self.state.try_update_value(|state| {
            let stopped = draft.is_empty() && state.draft.is_empty();
            state.chat = Some(chat);
            draft.clone_into(&mut state.draft);
            if draft.is_empty() {
                state.timer = None;
            }
            stopped
        });
        if quiet == Some(false) && self.state.with_value(|state| state.timer.is_none()) {
            self.say();
        }
    }

    fn say(&self) {
        let this = *self;
        self.state.update_value(|state| {
            let Some(chat) = state.chat else { return };
            let draft = (!state.draft.is_empty()).then(|| state.draft.clone());
            self.live.send(ClientFrame::Typing { chat, draft: draft.clone() });
            state.said = draft;
            state.timer = state.said.is_some().then(|| Timeout::new(EVERY_MS, move || this.again()));
        });
    }

    /// Says a changed draft now, an unchanged one later.
    fn again(&self) {
        let this = *self;
        let changed = self.state.try_update_value(|state| {
            let changed = state.said.as_deref().unwrap_or_default() != state.draft;
            state.timer = (!changed).then(|| Timeout::new(AGAIN_MS, move || this.say()));
            changed
        });
        if changed == Some(true) {
            self.say();
        }
    }
}

/// Somebody types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typist {
    /// The agent's name; nothing for the visitor.
    pub name: Option<String>,
    /// What they typed, as far as it is shown.
    pub draft: Option<String>,
}

/// Who types on the other side; forgotten unless it is said again.
#[derive(Clone, Copy)]
pub struct TypingBoard {
    pub typist: RwSignal<Option<Typist>>,
    forget: StoredValue<Option<Timeout>, LocalStorage>,
}

impl TypingBoard {
    pub fn new() -> Self {
        TypingBoard { typist: RwSignal::new(None), forget: StoredValue::new_local(None) }
    }

    /// Somebody types, or nobody any more.
    pub fn note(&self, typist: Option<Typist>) {
        let board = *self;
        let timer = typist.is_some().then(|| Timeout::new(TYPING_TTL_MS, move || board.typist.set(None)));
        self.forget.set_value(timer);
        if self.typist.with_untracked(|shown| *shown != typist) {
            self.typist.set(typist);
        }
    }
}

impl Default for TypingBoard {
    fn default() -> Self {
        Self::new()
    }
}
