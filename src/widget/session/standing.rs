//! Who the visitor is, and how things stand for them: as the server says.

use super::{Session, Stage};
use crate::model::Millis;
use crate::model::calls::{GetVisitorState, Introduction, VisitorCommand};
use crate::model::chat::{Ack, Command};
use crate::model::error::{ApiError, Refusal};
use crate::model::ids::{ChatId, CommandId};
use crate::model::visitor_state::VisitorState;
use crate::ui::browser::{chance, document, now, sleep, spawn_local};
use crate::ui::call::{call, set_bearer};
use crate::ui::state::*;
use crate::widget::form;
use crate::widget::host::ToHost;
use crate::widget::sound::was_muted;
use gloo_timers::callback::Timeout;

/// Whether somebody is available is asked again when the visitor comes back, at most this often.
const ASK_AGAIN_MS: Millis = 10_000;

/// How long a command waits until it is known who this is, and how often it looks.
const IDENTIFIED_WITHIN_MS: u32 = 5_000;
const IDENTIFIED_LOOK_MS: u32 = 50;

impl Session {
    pub(super) fn identify(self, token: String) {
        set_bearer(token.clone());
        self.token.set_value(Some(token));
        self.muted.set(was_muted());
        self.fresh.open(self.draft_key("start"));
        form::prefill(self);
        self.outbox();
        spawn_local(async move {
            let mut failures = 0;
            loop {
                match call(&self.state_call()).await {
                    Ok(state) => return self.follow(state),
                    Err(error) if error.is_passing() => {
                        failures += 1;
                        let wait = 500.0 * f64::from(1 << failures.min(4)) * (0.5 + chance() / 2.0);
                        sleep(wait as u32).await;
                    }
                    Err(_) => {
                        self.show_form();
                        return;
                    }
                }
            }
        });
    }

    /// Asks the server how things are now.
    pub fn refresh(self) {
        if self.token.with_value(Option::is_none) {
            return;
        }
        self.asked_at.set_value(now());
        spawn_local(async move {
            if let Ok(state) = call(&self.state_call()).await {
                self.follow(state);
            }
        });
    }

    /// The visitor is back: meanwhile somebody may have become available, or nobody is any more.
    pub(super) fn come_back(self) {
        let idle = matches!(self.stage.get_untracked(), Stage::Before | Stage::Away | Stage::Blocked);
        let seen = self.visible.get_untracked() && document().visibility_state() == web_sys::VisibilityState::Visible;
        if idle && seen && now() - self.asked_at.get_value() >= ASK_AGAIN_MS {
            self.refresh();
        }
    }

    /// The screen follows what the server says.
    pub(super) fn follow(self, state: VisitorState) {
        self.asked_at.set_value(now());
        let (chat, blocked) = (state.chat, state.blocked_until);
        self.offer.set(state);
        match (blocked, chat) {
            (Some(until), _) => self.block(until),
            (None, Some(chat)) => self.open_chat(chat),
            // An ended chat stays until the visitor leaves it.
            (None, None) if self.open.get_untracked().is_some() => {}
            (None, None) => {
                self.host.tell(ToHost::Chat { open: false, at: None });
                if let Some(chat) = self.unfinished() {
                    return self.open_chat(chat);
                }
                self.show_form();
                // When the form is on the screen.
                Timeout::new(0, move || {
                    form::resume(self);
                    self.gather();
                })
                .forget();
            }
        }
    }

    /// It was asked how things stand, and answered.
    pub fn has_standing(self) -> bool {
        self.asked_at.get_value() > 0
    }

    pub(super) fn show_form(self) {
        let available = self.offer.with_untracked(|offer| offer.available);
        if available {
            self.form.alert.set(None);
        }
        self.stage.set(if available { Stage::Before } else { Stage::Away });
    }

    /// Shows that the visitor is kept out.
    pub(super) fn block(self, until: Millis) {
        self.offer.update(|offer| offer.blocked_until = Some(until));
        self.close_chat();
        self.clock.set(now());
        self.stage.set(Stage::Blocked);
    }

    /// Waits, but not for ever, until it is known who this is: a form that is sent at the moment of taking over is quicker
    /// than the answer of the page around the frame.
    pub(super) async fn identified(self) {
        for _ in 0..IDENTIFIED_WITHIN_MS / IDENTIFIED_LOOK_MS {
            if self.token.with_value(Option::is_some) {
                return;
            }
            sleep(IDENTIFIED_LOOK_MS).await;
        }
    }

    /// Sends a command. Whoever turns out to be blocked is shown that.
    pub(super) async fn call(self, chat: Option<ChatId>, id: CommandId, command: Command) -> Result<Ack, ApiError> {
        self.identified().await;
        // At a start the website has its say.
        let introduction = chat.is_none().then(|| self.introduction());
        let said = self.said();
        let answer = call(&VisitorCommand { chat, id, command, introduction }).await;
        if chat.is_none() && answer.is_ok() {
            self.introduced.set_value(said);
        }
        answer.inspect_err(|error| self.heed(error))
    }

    fn state_call(self) -> GetVisitorState {
        GetVisitorState { site: self.params.with_value(|params| params.site.clone()) }
    }

    /// What the website says of its visitor.
    pub(super) fn introduction(self) -> Introduction {
        let (token, data) = self.said();
        Introduction { token, data, site: self.params.with_value(|params| params.site.clone()) }
    }

    pub(super) fn heed(self, error: &ApiError) {
        if let ApiError::Refused { refusal: Refusal::Blocked { until } } = error {
            self.block(*until);
        }
    }
}
