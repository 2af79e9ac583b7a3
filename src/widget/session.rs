//! The widget's state, and what happens to it. Everything on the screen follows from these signals.

use super::host::{FromHost, Host, HostContext, ToHost};
use super::params::WidgetParams;
use crate::api::{
    VisitorState, leave_message, set_bearer, visitor_command, visitor_file_links, visitor_state, visitor_upload,
};
use crate::model::Millis;
use crate::model::chat::{Ack, Actor, Author, Command, Context, EventBody, Seq, Side, Status, decide};
use crate::model::error::{ApiError, Refusal};
use crate::model::ids::{ChatId, CommandId, DepartmentId};
use crate::model::live::{ClientFrame, Presence, ServerFrame};
use crate::model::text::RichText;
use crate::model::visitor::{Email, PageView};
use crate::ui::browser::{chance, command_id, focus, has_attention, now, random, storage};
use crate::ui::composer::Draft;
use crate::ui::conversation::{Followed, READ_FIRST_MS};
use crate::ui::files::FileLinks;
use crate::ui::live::{Handlers, Link, Live, hello};
use crate::ui::outbox::Outbox;
use crate::ui::typing::{TypingBoard, TypingSender, Typist};
use crate::ui::upload::{Limits, Uploads};
use gloo_timers::callback::Timeout;
use gloo_timers::future::TimeoutFuture;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Whether somebody is available is asked again when the visitor comes back, at most this often.
const ASK_AGAIN_MS: Millis = 10_000;

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

/// How the visitor waits for an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    Finding,
    /// It takes too long: a message can be left instead.
    Offered,
    /// The visitor goes on waiting.
    Kept,
}

/// A chat on the screen.
#[derive(Clone, Copy)]
pub struct Open {
    pub followed: Followed,
    pub outbox: Outbox,
    pub draft: Draft,
    pub uploads: Uploads,
    pub links: FileLinks,
}

/// What the visitor filled in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filled {
    pub name: String,
    pub email: String,
    pub department: Option<DepartmentId>,
    pub message: String,
}

/// The widget's state. Copied freely.
#[derive(Clone, Copy)]
pub struct Session {
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
    /// What was last filled in, for the next form; its message only while it is to be left instead of waiting.
    pub filled: StoredValue<Filled>,
    token: StoredValue<Option<String>>,
    waiting: StoredValue<Option<Timeout>, LocalStorage>,
    /// A message is being left.
    leaving: StoredValue<bool>,
    asked_at: StoredValue<Millis>,
}

impl Session {
    pub fn new(params: WidgetParams, offer: VisitorState) -> Self {
        let live = Live::new();
        Session {
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
            filled: StoredValue::new(Filled::default()),
            token: StoredValue::new(None),
            waiting: StoredValue::new_local(None),
            leaving: StoredValue::new(false),
            asked_at: StoredValue::new(0),
        }
    }

    /// Finds out who this is: from the page around the frame, or alone from this frame's own storage.
    pub fn begin(self) {
        if self.host.is_there() {
            self.host.listen(move |message| self.hear(message));
            self.host.tell(ToHost::Ready);
        } else {
            const KEY: &str = "frontdesk.token";
            let token = storage::get(KEY).unwrap_or_else(new_token);
            storage::set(KEY, &token);
            self.identify(token);
        }
        Effect::new(move |_| {
            if let Some(open) = self.open.get() {
                let (live, unread) =
                    open.followed.chat.with(|chat| (chat.status.is_live(), chat.unread(Side::Visitor)));
                if open.followed.current.get() {
                    self.host.tell(ToHost::Chat { open: live });
                }
                self.host.tell(ToHost::Unread { count: unread });
            }
        });
        // Whom the server does not want may be blocked.
        Effect::new(move |_| {
            if matches!(*self.live.link().read(), Link::Refused(_)) {
                self.refresh();
            }
        });
        for listener in [
            window_event_listener_untyped("focus", move |_| {
                self.tell_presence();
                self.take_focus();
                self.come_back();
            }),
            window_event_listener_untyped("blur", move |_| self.tell_presence()),
        ] {
            std::mem::forget(listener);
        }
        std::mem::forget(window_event_listener(ev::visibilitychange, move |_| {
            self.tell_presence();
            self.come_back();
        }));
    }

    fn hear(self, message: FromHost) {
        match message {
            FromHost::Context(context) => {
                self.visible.set(context.open);
                let token = context.token.clone();
                self.context.set(*context);
                self.take_focus();
                if self.token.with_value(Option::is_none) && !token.is_empty() {
                    self.identify(token);
                }
            }
            FromHost::Visible { open } => {
                self.visible.set(open);
                self.tell_presence();
                self.take_focus();
                self.come_back();
            }
            FromHost::Page { page } => self.context.update(|context| {
                context.pages.push(page.clone());
                context.page = Some(page);
            }),
        }
    }

    fn identify(self, token: String) {
        set_bearer(token.clone());
        self.token.set_value(Some(token));
        spawn_local(async move {
            let mut failures = 0;
            loop {
                match visitor_state().await {
                    Ok(state) => return self.follow(state),
                    Err(error) if error.is_passing() => {
                        failures += 1;
                        let wait = 500.0 * f64::from(1 << failures.min(4)) * (0.5 + chance() / 2.0);
                        TimeoutFuture::new(wait as u32).await;
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
            if let Ok(state) = visitor_state().await {
                self.follow(state);
            }
        });
    }

    /// The visitor is back: meanwhile somebody may have become available, or nobody is any more.
    fn come_back(self) {
        let idle = matches!(self.stage.get_untracked(), Stage::Before | Stage::Away | Stage::Blocked);
        let seen = self.visible.get_untracked() && document().visibility_state() == web_sys::VisibilityState::Visible;
        if idle && seen && now() - self.asked_at.get_value() >= ASK_AGAIN_MS {
            self.refresh();
        }
    }

    /// The screen follows what the server says.
    fn follow(self, state: VisitorState) {
        self.asked_at.set_value(now());
        let (chat, blocked) = (state.chat, state.blocked_until);
        self.offer.set(state);
        match (blocked, chat) {
            (Some(until), _) => self.block(until),
            (None, Some(chat)) => self.open_chat(chat),
            // An ended chat stays until the visitor leaves it.
            (None, None) if self.open.get_untracked().is_some() => {}
            (None, None) => {
                self.host.tell(ToHost::Chat { open: false });
                self.show_form();
            }
        }
    }

    fn show_form(self) {
        let available = self.offer.with_untracked(|offer| offer.available);
        self.stage.set(if available { Stage::Before } else { Stage::Away });
    }

    /// Shows that the visitor is kept out.
    fn block(self, until: Millis) {
        self.offer.update(|offer| offer.blocked_until = Some(until));
        self.close_chat();
        self.stage.set(Stage::Blocked);
    }

    fn close_chat(self) {
        if let Some(open) = self.open.get_untracked() {
            self.live.send(ClientFrame::Unfollow { chat: open.followed.id });
            open.uploads.clear();
        }
        self.open.set(None);
        self.host.tell(ToHost::Chat { open: false });
        self.host.tell(ToHost::Unread { count: 0 });
    }

    /// Sends a command. Whoever turns out to be blocked is shown that.
    async fn call(self, chat: Option<ChatId>, id: CommandId, command: Command) -> Result<Ack, ApiError> {
        visitor_command(chat, id, command).await.inspect_err(|error| self.heed(error))
    }

    fn heed(self, error: &ApiError) {
        if let ApiError::Refused { refusal: Refusal::Blocked { until } } = error {
            self.block(*until);
        }
    }

    /// Shows a chat and follows it.
    pub fn open_chat(self, id: ChatId) {
        if self.open.get_untracked().is_some_and(|open| open.followed.id == id) {
            return;
        }
        let whose = self.token.with_value(|token| token.as_deref().map(fingerprint)).unwrap_or_default();
        let outbox =
            Outbox::open(&format!("v{whose}"), move |chat, id, command| Box::pin(self.call(Some(chat), id, command)));
        let draft = Draft::open(format!("frontdesk.draft.v{whose}.{id}"));
        let limits = move || {
            self.offer.with_untracked(|offer| Limits { max_bytes: offer.max_file_bytes, max_files: offer.max_files })
        };
        let uploads = Uploads::new(
            id,
            limits,
            move |chat, name, size| {
                Box::pin(async move { visitor_upload(chat, name, size).await.inspect_err(|error| self.heed(error)) })
            },
            self.token.get_value(),
        );
        let links = FileLinks::new(id, |chat, files| {
            Box::pin(async move {
                let links = visitor_file_links(chat, files).await?;
                Ok(links.into_iter().map(|link| (link.id, link.url, link.download)).collect())
            })
        });
        let followed = Followed::new(id);
        self.waiting.set_value(None);
        self.wait.set(Wait::Finding);
        self.open.set(Some(Open { followed, outbox, draft, uploads, links }));
        self.stage.set(Stage::Chat);
        self.live.send(ClientFrame::Follow { chat: id, after: 0 });
        self.live.start(Handlers {
            hello: Box::new(move || {
                let cursors = self.open.with_untracked(|open| open.iter().map(|open| open.followed.cursor()).collect());
                hello(self.token.get_value(), cursors)
            }),
            frame: Box::new(move |frame| self.receive(frame)),
        });
    }

    fn receive(self, frame: ServerFrame) {
        let Some(open) = self.open.get_untracked() else { return };
        match frame {
            ServerFrame::Welcome { .. } => {
                open.outbox.poke();
            }
            ServerFrame::Events { chat, prev, events } if chat == open.followed.id => {
                let was_current = open.followed.current.get_untracked();
                let answered = open.followed.deliver(self.live, prev, &events);
                open.outbox.settle(&answered);
                for event in &events {
                    match (&event.body, &event.by) {
                        (EventBody::Message { .. }, Author::Agent(_)) => {
                            self.typing.note(None);
                            if was_current {
                                self.host.tell(ToHost::Event { name: "message" });
                            }
                        }
                        (EventBody::Accepted, _) => self.be_answered(open),
                        (EventBody::Ended, _) => {
                            if was_current {
                                self.host.tell(ToHost::Event { name: "chat-ended" });
                            }
                            if !self.leaving.get_value() && self.stage.get_untracked() == Stage::Away {
                                self.stage.set(Stage::Chat);
                            }
                        }
                        _ => {}
                    }
                }
                self.tell_delivered(open);
                self.watch_wait(open);
            }
            ServerFrame::Current { chat, seq } if chat == open.followed.id => {
                open.followed.caught_up(self.live, seq);
                self.tell_presence();
                self.watch_wait(open);
            }
            ServerFrame::NoSuchChat { chat } if chat == open.followed.id => {
                self.close_chat();
                self.show_form();
            }
            ServerFrame::Typing { chat, side: Side::Agents, agent, typing, .. } if chat == open.followed.id => {
                self.typing.note(typing.then(|| Typist { name: agent.map(|agent| agent.name), draft: None }));
            }
            _ => {}
        }
    }

    /// The page around gave the focus to the frame: on to where the visitor writes, unless they are somewhere already.
    fn take_focus(self) {
        request_animation_frame(move || {
            let nowhere = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
            if nowhere && self.visible.get_untracked() && document().has_focus().unwrap_or(false) {
                focus(match self.stage.get_untracked() {
                    Stage::Before | Stage::Away => "name",
                    _ => "composer",
                });
            }
        });
    }

    /// Counts how long the visitor has waited, from when this browser first saw it, and then offers to leave a message.
    fn watch_wait(self, open: Open) {
        let key = format!("frontdesk.waits.{}", open.followed.id);
        if open.followed.chat.with_untracked(|chat| chat.status) != Status::Waiting {
            self.waiting.set_value(None);
            storage::remove(&key);
            return;
        }
        let counts = self.waiting.with_value(Option::is_some);
        if counts || self.wait.get_untracked() != Wait::Finding || !open.followed.current.get_untracked() {
            return;
        }
        let now = now();
        let since = storage::get(&key).and_then(|since| since.parse::<Millis>().ok()).filter(|since| *since <= now);
        if since.is_none() {
            storage::set(&key, &now.to_string());
        }
        self.offer_after(self.offer.with_untracked(|offer| offer.answer_within_ms) - (now - since.unwrap_or(now)));
    }

    fn offer_after(self, ms: Millis) {
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
    fn be_answered(self, open: Open) {
        if self.stage.get_untracked() == Stage::Away {
            let message =
                self.filled.try_update_value(|filled| std::mem::take(&mut filled.message)).unwrap_or_default();
            let draft = open.draft.text.get_untracked();
            if !message.trim().is_empty() {
                open.draft.set(if draft.trim().is_empty() { message } else { format!("{draft}\n{message}") });
            }
            self.stage.set(Stage::Chat);
        }
    }

    /// Tells where the visitor is, for the agent.
    fn tell_presence(self) {
        if let Some(open) = self.open.get_untracked() {
            let here = self.visible.get_untracked() && has_attention();
            let presence = if here { Presence::Here } else { Presence::Away };
            self.live.send(ClientFrame::Presence { chat: open.followed.id, presence });
        }
    }

    /// What arrived is delivered. Where somebody looks it is mostly read at once, which says both: that comes first.
    fn tell_delivered(self, open: Open) {
        let wait = if self.visible.get_untracked() && has_attention() { READ_FIRST_MS } else { 0 };
        spawn_local(async move {
            TimeoutFuture::new(wait).await;
            if let Some(up_to) = open.followed.undelivered(Side::Visitor) {
                self.quietly(open.followed.id, Command::MarkDelivered { up_to });
            }
        });
    }

    /// Messages up to here were seen.
    pub fn mark_read(self, chat: ChatId, up_to: Seq, seen: crate::ui::seen::Seen) {
        spawn_local(async move {
            if self.call(Some(chat), command_id(), Command::MarkRead { up_to }).await.is_err() {
                seen.forget();
            }
        });
    }

    fn quietly(self, chat: ChatId, command: Command) {
        spawn_local(async move {
            // Should it fail, the next event or connection brings it again.
            let _ = self.call(Some(chat), command_id(), command).await;
        });
    }

    /// Starts a chat with what was filled in.
    ///
    /// # Errors
    /// Why not; the form keeps everything.
    pub async fn start(self, id: CommandId, filled: Filled) -> Result<(), ApiError> {
        let context = self.context.get_untracked();
        let page = context.page.clone().or_else(|| context.pages.last().cloned()).or_else(own_page);
        let command = Command::Start {
            name: filled.name,
            email: filled.email,
            department: filled.department,
            text: RichText::from_typed(&filled.message),
            visit: context.visit(),
            page,
        };
        let text = RichText::from_typed(&filled.message);
        match self.call(None, id, command).await {
            Ok(ack) => {
                self.open_chat(ack.chat);
                self.host.tell(ToHost::Chat { open: true });
                self.host.tell(ToHost::Event { name: "chat-started" });
                Ok(())
            }
            // Another tab of this visitor was quicker: the message goes into that chat.
            Err(ApiError::Refused { refusal: Refusal::AlreadyChatting { chat } }) => {
                self.open_chat(chat);
                if let Some(open) = self.open.get_untracked() {
                    open.draft.set(text.to_plain());
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
        Email::parse(&email)?;
        let address = email.trim().to_owned();
        let open = self.open.get_untracked();
        self.leaving.set_value(true);
        let answer = match open {
            Some(open) => {
                self.call(Some(open.followed.id), id, Command::LeaveMessage { name, email, text }).await.map(|_| ())
            }
            None => {
                leave_message(id, name, email, department, text).await.map(|_| ()).inspect_err(|error| self.heed(error))
            }
        };
        self.leaving.set_value(false);
        match (answer, open) {
            (Ok(()), _) => {
                self.close_chat();
                self.left.set(Some(address));
                self.stage.set(Stage::Away);
                Ok(())
            }
            // An agent was quicker.
            (Err(ApiError::Refused { refusal: Refusal::AcceptedBy { .. } }), Some(open)) => {
                self.be_answered(open);
                Ok(())
            }
            (Err(ApiError::Refused { refusal: Refusal::ChatEnded }), Some(_)) => {
                self.stage.set(Stage::Chat);
                Ok(())
            }
            (Err(error), _) => Err(error),
        }
    }

    /// Sends the draft with the files that are stored.
    ///
    /// # Errors
    /// Why it stays in the box.
    pub fn send(self, open: Open) -> Result<(), Refusal> {
        let text = RichText::from_typed(&open.draft.text.get_untracked());
        let chat = open.followed.chat.get_untracked();
        let Some(visitor) = chat.visitor.as_ref().map(|visitor| visitor.id) else { return Err(Refusal::NotStarted) };
        let max_files = open.uploads.limits().max_files;
        open.outbox.send(&chat, Actor::Visitor(visitor), text, open.uploads.stored(), max_files)?;
        open.uploads.take_stored();
        open.draft.set(String::new());
        self.typist.typed(open.followed.id, "");
        Ok(())
    }

    /// Sends a command about the chat on the screen.
    ///
    /// # Errors
    /// Why not.
    pub async fn ask(self, open: Open, command: Command) -> Result<(), ApiError> {
        let id = command_id();
        let chat = open.followed.chat.get_untracked();
        // What the rules refuse on the copy at hand needs no call.
        if let Some(visitor) = &chat.visitor {
            decide(&chat, command.clone(), &Context::new(Actor::Visitor(visitor.id), now(), id))?;
        }
        self.call(Some(chat.id), id, command).await.map(|_| ())
    }

    /// Leaves an ended chat, or the thanks for a message, for the form.
    pub fn start_again(self) {
        self.close_chat();
        self.left.set(None);
        self.show_form();
        self.refresh();
    }

    /// The connection was lost, or the server does not want us: a sentence for the visitor.
    pub fn trouble(self) -> Option<String> {
        match self.live.link().get() {
            Link::Reconnecting => Some("Reconnecting… your messages are safe".into()),
            Link::Refused(reason) => Some(reason),
            Link::Connecting | Link::Online => None,
        }
    }

    /// The status of the chat on the screen.
    pub fn status(self, open: Open) -> Memo<Status> {
        Memo::new(move |_| open.followed.chat.with(|chat| chat.status))
    }
}

/// The page of this frame itself, when it stands alone.
fn own_page() -> Option<PageView> {
    let url = window().location().href().ok()?;
    Some(PageView { at: crate::ui::browser::now(), url, title: document().title(), referrer: document().referrer() })
}

/// 32 random bytes as base64url, the form of a visitor's token.
fn new_token() -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bytes: [u8; 32] = random();
    bytes
        .chunks(3)
        .flat_map(|chunk| {
            let bits = chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
            (0..=chunk.len()).map(move |i| char::from(LETTERS[(bits >> (18 - 6 * i) & 63) as usize]))
        })
        .collect()
}

/// A short name for a token, to tell visitors of one browser apart in its storage. Says nothing about the token.
fn fingerprint(token: &str) -> String {
    let hash = token
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{hash:016x}")
}
