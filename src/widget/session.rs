//! The widget's state, and what happens to it. Everything on the screen follows from these signals.

use super::host::{FromHost, Host, HostContext, ToHost};
use super::params::WidgetParams;
use crate::api::{VisitorState, set_bearer, visitor_command, visitor_state};
use crate::model::chat::{Actor, Author, Command, EventBody, Seq, Side, Status};
use crate::model::error::{ApiError, Refusal};
use crate::model::ids::{ChatId, CommandId, DepartmentId};
use crate::model::live::{ClientFrame, Presence, ServerFrame};
use crate::model::text::RichText;
use crate::model::visitor::PageView;
use crate::ui::browser::{chance, command_id, focus, has_attention, random, storage};
use crate::ui::composer::Draft;
use crate::ui::conversation::{Followed, READ_FIRST_MS};
use crate::ui::live::{Handlers, Link, Live, hello};
use crate::ui::outbox::Outbox;
use crate::ui::typing::{TypingBoard, TypingSender, Typist};
use gloo_timers::future::TimeoutFuture;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What the widget shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The form.
    Before,
    /// A chat goes on; it is being fetched.
    Resuming,
    Chat,
}

/// A chat on the screen.
#[derive(Clone, Copy)]
pub struct Open {
    pub followed: Followed,
    pub outbox: Outbox,
    pub draft: Draft,
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
    token: StoredValue<Option<String>>,
}

impl Session {
    pub fn new(params: WidgetParams, offer: VisitorState) -> Self {
        let live = Live::new();
        Session {
            host: Host::new(params.origin.clone()),
            stage: RwSignal::new(if params.resumes() { Stage::Resuming } else { Stage::Before }),
            offer: RwSignal::new(offer),
            params: StoredValue::new(params),
            context: RwSignal::new(HostContext::default()),
            open: RwSignal::new(None),
            live,
            typing: TypingBoard::new(),
            typist: TypingSender::new(live),
            visible: RwSignal::new(true),
            token: StoredValue::new(None),
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
        for listener in [
            window_event_listener_untyped("focus", move |_| {
                self.tell_presence();
                self.take_focus();
            }),
            window_event_listener_untyped("blur", move |_| self.tell_presence()),
        ] {
            std::mem::forget(listener);
        }
        std::mem::forget(window_event_listener(ev::visibilitychange, move |_| self.tell_presence()));
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
                    Ok(state) => {
                        let chat = state.chat;
                        self.offer.set(state);
                        match chat {
                            Some(chat) => self.open_chat(chat),
                            None if self.open.get_untracked().is_none() => {
                                self.host.tell(ToHost::Chat { open: false });
                                self.stage.set(Stage::Before);
                            }
                            None => {}
                        }
                        return;
                    }
                    Err(error) if error.is_passing() => {
                        failures += 1;
                        let wait = 500.0 * f64::from(1 << failures.min(4)) * (0.5 + chance() / 2.0);
                        TimeoutFuture::new(wait as u32).await;
                    }
                    Err(_) => {
                        self.stage.set(Stage::Before);
                        return;
                    }
                }
            }
        });
    }

    /// Shows a chat and follows it.
    pub fn open_chat(self, id: ChatId) {
        if self.open.get_untracked().is_some_and(|open| open.followed.id == id) {
            return;
        }
        let whose = self.token.with_value(|token| token.as_deref().map(fingerprint)).unwrap_or_default();
        let outbox = Outbox::open(&format!("v{whose}"), |chat, id, command| {
            Box::pin(async move { visitor_command(Some(chat), id, command).await })
        });
        let draft = Draft::open(format!("frontdesk.draft.v{whose}.{id}"));
        let followed = Followed::new(id);
        self.open.set(Some(Open { followed, outbox, draft }));
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
                        (EventBody::Ended, _) if was_current => self.host.tell(ToHost::Event { name: "chat-ended" }),
                        _ => {}
                    }
                }
                self.tell_delivered(open);
            }
            ServerFrame::Current { chat, seq } if chat == open.followed.id => {
                open.followed.caught_up(self.live, seq);
                self.tell_presence();
            }
            ServerFrame::NoSuchChat { chat } if chat == open.followed.id => {
                self.host.tell(ToHost::Chat { open: false });
                self.open.set(None);
                self.stage.set(Stage::Before);
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
                focus(if self.stage.get_untracked() == Stage::Before { "name" } else { "composer" });
            }
        });
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
            if visitor_command(Some(chat), command_id(), Command::MarkRead { up_to }).await.is_err() {
                seen.forget();
            }
        });
    }

    fn quietly(self, chat: ChatId, command: Command) {
        spawn_local(async move {
            // Should it fail, the next event or connection brings it again.
            let _ = visitor_command(Some(chat), command_id(), command).await;
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
        match visitor_command(None, id, command).await {
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
            Err(error) => Err(error),
        }
    }

    /// Sends the draft.
    ///
    /// # Errors
    /// Why it stays in the box.
    pub fn send(self, open: Open) -> Result<(), Refusal> {
        let text = RichText::from_typed(&open.draft.text.get_untracked());
        let chat = open.followed.chat.get_untracked();
        let Some(visitor) = chat.visitor.as_ref().map(|visitor| visitor.id) else { return Err(Refusal::NotStarted) };
        open.outbox.send(&chat, Actor::Visitor(visitor), text)?;
        open.draft.set(String::new());
        self.typist.typed(open.followed.id, "");
        Ok(())
    }

    /// Ends the chat.
    ///
    /// # Errors
    /// Why not.
    pub async fn end(self, open: Open) -> Result<(), ApiError> {
        visitor_command(Some(open.followed.id), command_id(), Command::End).await.map(|_| ())
    }

    /// Leaves an ended chat for the form.
    pub fn start_again(self) {
        if let Some(open) = self.open.get_untracked() {
            self.live.send(ClientFrame::Unfollow { chat: open.followed.id });
        }
        self.open.set(None);
        self.stage.set(Stage::Before);
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
