//! Typing notices: told while somebody types, shown for a while.

use super::live::Live;
use super::state::*;
use crate::model::ids::ChatId;
use crate::model::live::{ClientFrame, TYPING_TTL_MS};
use gloo_timers::callback::Timeout;

/// Drafts are passed on at most this often.
const EVERY_MS: u32 = 300;
/// While somebody goes on typing the same is said again after this many rounds: before it is forgotten elsewhere.
const ROUNDS_BEFORE_AGAIN: u32 = 10;

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
    /// Something was typed since it was said.
    typed: bool,
    /// Rounds of the timer since it was said.
    rounds: u32,
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
            state.typed = true;
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
            state.typed = false;
            state.rounds = 0;
            state.timer = state.said.is_some().then(|| Timeout::new(EVERY_MS, move || this.again()));
        });
    }

    /// A round later: says what has changed, or again that somebody types; falls silent when nobody does.
    fn again(&self) {
        let this = *self;
        let say = self.state.try_update_value(|state| {
            state.rounds += 1;
            let changed = state.said.as_deref().unwrap_or_default() != state.draft;
            let say = changed || state.typed && state.rounds >= ROUNDS_BEFORE_AGAIN;
            let wait = !say && state.rounds < ROUNDS_BEFORE_AGAIN;
            state.timer = wait.then(|| Timeout::new(EVERY_MS, move || this.again()));
            say
        });
        if say == Some(true) {
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
