//! The widget's state, and what happens to it. Everything on the screen follows from these signals.

mod files;
mod forget;
mod forms;
mod introduced;
mod kept;
mod rest;
mod standing;
mod talk;
mod token;
mod wait;

pub use forms::Filled;
pub use kept::Kept;
pub use talk::Open;
pub use token::is_token;
pub use wait::Wait;

use super::focus::{held, settle};
use super::form::FormState;
use super::host::{FromHost, Host, HostContext, HostWords, ToHost};
use super::notify::{self, Notices};
use super::params::WidgetParams;
use super::sound::mute_along;
use super::window::handed;
use super::{escape, is_covered, key_of, uncover};
use crate::model::Millis;
use crate::model::chat::Side;
use crate::model::visitor_state::VisitorState;
use crate::ui::browser::{document, next_frame, on_window, storage};
use crate::ui::live::{Link, Live};
use crate::ui::outbox::Outbox;
use crate::ui::state::*;
use crate::ui::typing::{TypingBoard, TypingSender};
use crate::ui::words::{t, word};
use gloo_timers::callback::{Interval, Timeout};
use introduced::Said;
use std::ops::Deref;
use token::new_token;

/// Where a widget that stands alone keeps by what its visitor is known.
const TOKEN_KEY: &str = "frontdesk.token";
const OFFLINE: &str = word("You are offline. Nothing you write is lost.");

/// The number of unread messages before the title of a page of its own.
fn count_in_title(unread: usize) {
    let title = t("Chat with us");
    document().set_title(&if unread > 0 { format!("({unread}) {title}") } else { title });
}

/// What the widget shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The form that starts a chat.
    Before,
    /// The form that leaves a message: nobody is available, or the visitor does not want to wait any longer.
    Away,
    /// A chat goes on; it is being fetched.
    Resuming,
    Chat,
    /// The visitor is kept out.
    Blocked,
}

/// The widget's state. Copied freely.
#[derive(Clone, Copy)]
pub struct Session(Held);

/// In the browser it lives as long as the page, and all that happens carries no more than a pointer to it. The server
/// draws once.
#[cfg(not(feature = "ssr"))]
type Held = &'static State;
#[cfg(feature = "ssr")]
type Held = State;

/// What there is to a session.
#[derive(Clone, Copy)]
pub struct State {
    pub host: Host,
    pub stage: RwSignal<Stage>,
    pub offer: RwSignal<VisitorState>,
    pub params: StoredValue<WidgetParams>,
    pub context: RwSignal<HostContext>,
    pub open: RwSignal<Option<Open>>,
    pub live: Live,
    pub typing: TypingBoard,
    pub typist: TypingSender,
    /// The panel around the frame is open.
    pub visible: RwSignal<bool>,
    /// A message was left, and is answered to this address.
    pub left: RwSignal<Option<String>>,
    pub wait: RwSignal<Wait>,
    /// The visitor wants to hear nothing.
    pub muted: RwSignal<bool>,
    pub notices: Notices,
    /// What is filled in for a new chat, or to be left as a message without one.
    pub fresh: Kept,
    pub form: FormState,
    /// The time, as far as it is shown.
    pub clock: RwSignal<Millis>,
    pub ticking: StoredValue<Option<Interval>, LocalStorage>,
    token: StoredValue<Option<String>>,
    outbox: StoredValue<Option<Outbox>>,
    waiting: StoredValue<Option<Timeout>, LocalStorage>,
    /// What the server knows of what the website says of its visitor; and that it is being told.
    introduced: StoredValue<Said>,
    introducing: StoredValue<bool>,
    /// A message is being left.
    leaving: StoredValue<bool>,
    asked_at: StoredValue<Millis>,
}

impl Deref for Session {
    type Target = State;

    fn deref(&self) -> &State {
        let Session(state) = self;
        state
    }
}

impl Session {
    pub fn new(params: WidgetParams, offer: VisitorState) -> Self {
        let state = State::new(params, offer);
        #[cfg(not(feature = "ssr"))]
        let state = Box::leak(Box::new(state));
        Session(state)
    }
}

impl State {
    fn new(params: WidgetParams, offer: VisitorState) -> Self {
        let live = Live::new();
        State {
            host: Host::new(params.origin.clone()),
            stage: RwSignal::new(match offer.available {
                _ if params.resumes() => Stage::Resuming,
                true => Stage::Before,
                false => Stage::Away,
            }),
            offer: RwSignal::new(offer),
            params: StoredValue::new(params),
            context: RwSignal::new(HostContext::default()),
            open: RwSignal::new(None),
            live,
            typing: TypingBoard::new(),
            typist: TypingSender::new(live),
            visible: RwSignal::new(true),
            left: RwSignal::new(None),
            wait: RwSignal::new(Wait::Finding),
            muted: RwSignal::new(false),
            notices: Notices::new(),
            fresh: Kept::new(),
            form: FormState::new(),
            clock: RwSignal::new(0),
            ticking: StoredValue::new_local(None),
            token: StoredValue::new(None),
            outbox: StoredValue::new(None),
            waiting: StoredValue::new_local(None),
            introduced: StoredValue::new(Said::default()),
            introducing: StoredValue::new(false),
            leaving: StoredValue::new(false),
            asked_at: StoredValue::new(0),
        }
    }
}

impl Session {
    /// Finds out who this is: from the page around the frame, or alone from this frame's own storage.
    pub fn begin(self) {
        self.live.attend();
        mute_along(self);
        if self.host.is_there() {
            // Until the page has said whether anything may be.
            storage::hold();
            self.host.listen(move |message| self.hear(message));
            let color = self.offer.with_untracked(|offer| offer.site.as_ref().map(|site| site.color.clone()));
            self.host.tell(ToHost::Ready { words: HostWords::here(), color: color.unwrap_or_default() });
        } else if let Some(context) = handed() {
            self.host.be_window();
            self.learn(context);
            self.notices.hear(notify::own_standing());
        } else {
            let token = storage::get(TOKEN_KEY).unwrap_or_else(new_token);
            storage::set(TOKEN_KEY, &token);
            self.identify(token);
            self.notices.hear(notify::own_standing());
        }
        let told = StoredValue::new((None, None, false));
        watch(move || {
            let Some(open) = self.open.get() else { return };
            let (live, unread) = open.followed.chat.with(|chat| (chat.status.is_live(), chat.unread(Side::Visitor)));
            let live = open.followed.current.get().then_some(live);
            let (live_before, unread_before, covered_before) = told.get_value();
            if let Some(live) = live.filter(|live| live_before != Some(*live)) {
                self.host.tell(ToHost::Chat { open: live, at: None });
            }
            if unread_before != Some(unread) {
                self.host.tell(ToHost::Unread { count: unread });
                if !self.host.is_there() {
                    count_in_title(unread);
                }
            }
            let covered = is_covered(open);
            if covered_before != covered {
                self.host.tell(ToHost::Over { open: covered });
            }
            told.set_value((live, Some(unread), covered));
        });
        watch(move || self.keep_introduced());
        // Whom the server does not want may be blocked.
        let refused = StoredValue::new(false);
        watch(move || {
            let is_refused = self.live.link().with(|link| matches!(link, Link::Refused(_)));
            if is_refused && !refused.get_value() {
                self.refresh();
            }
            refused.set_value(is_refused);
        });
        // Of the window: the focus may be on nothing in particular.
        on_window("keydown", move |event| {
            if key_of(&event) == "Escape" && !event.default_prevented() {
                escape(self);
            }
        });
        on_window("focus", move |_| {
            self.tell_presence();
            self.take_focus();
            self.come_back();
        });
        on_window("blur", move |_| self.tell_presence());
        // It is the document's, and bubbles to the window.
        on_window("visibilitychange", move |_| {
            self.tell_presence();
            self.come_back();
        });
        on_window("online", move |_| super::form::resume(self));
        for name in ["focus", "visibilitychange"] {
            on_window(name, move |_| {
                if let Some(open) = self.open.get_untracked() {
                    open.log.look(self, open);
                }
            });
        }
    }

    fn hear(self, message: FromHost) {
        match message {
            FromHost::Context(context) => {
                self.visible.set(context.open);
                self.learn(*context);
                self.take_focus();
            }
            FromHost::Visible { open } => {
                self.visible.set(open);
                self.tell_presence();
                self.take_focus();
                self.come_back();
            }
            FromHost::Page { page } => self.context.update(|context| context.come_to(page)),
            FromHost::Notify { state } => self.notices.hear(state),
            FromHost::Back => {
                if let Some(open) = self.open.get_untracked() {
                    uncover(open);
                }
            }
            FromHost::Forget => self.forget(),
        }
    }

    /// Takes in who the visitor is, and what may be kept of them.
    fn learn(self, context: HostContext) {
        if context.consented == Some(false) {
            storage::hold()
        } else {
            storage::release()
        }
        let token = context.token.clone();
        self.context.set(context);
        if self.token.with_value(Option::is_none) && !token.is_empty() {
            self.identify(token);
        }
        super::form::prefill(self);
    }

    /// The page around gave the focus to the frame: on to where the visitor writes, unless they are somewhere already.
    fn take_focus(self) {
        next_frame(move || {
            if held().is_none() && self.visible.get_untracked() && document().has_focus().unwrap_or(false) {
                settle(self, true);
            }
        });
    }

    /// The browser has no network: a sentence for the visitor.
    pub fn offline(self) -> Option<String> {
        self.live.is_offline().then(|| t(OFFLINE))
    }

    /// The connection was lost: a sentence for the visitor.
    pub fn trouble(self) -> Option<String> {
        match self.live.link().get() {
            Link::Reconnecting if self.live.is_offline() => Some(t(OFFLINE)),
            Link::Reconnecting => Some(t("Reconnecting… your messages are safe")),
            _ => None,
        }
    }

    /// The server does not want this page as it is: a sentence for the visitor.
    pub fn refused(self) -> Option<String> {
        match self.live.link().get() {
            Link::Refused(reason) => Some(t(&reason)),
            _ => None,
        }
    }
}
