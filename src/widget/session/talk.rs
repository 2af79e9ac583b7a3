//! The chat on the screen: opening and closing it, what arrives, and what is sent.

use super::files::{self, FILES};
use super::rest::naming;
use super::wait::not_left;
use super::{Kept, Session, Stage, Wait};
use crate::model::calls::{VisitorFileLinks, VisitorUpload};
use crate::model::chat::{Actor, Author, Command, Context, EventBody, Seq, Side, foresee};
use crate::model::error::{ApiError, Refusal};
use crate::model::ids::ChatId;
use crate::model::json;
use crate::model::live::{ClientFrame, Presence, ServerFrame};
use crate::model::text::RichText;
use crate::ui::browser::{command_id, has_attention, now, sleep, spawn_local};
use crate::ui::call::call;
use crate::ui::conversation::{Followed, READ_FIRST_MS};
use crate::ui::draft::{Draft, joined};
use crate::ui::files::FileLinks;
use crate::ui::live::{Handlers, hello};
use crate::ui::outbox::Outbox;
use crate::ui::state::*;
use crate::ui::typing::Typist;
use crate::ui::upload::{Limits, Uploads};
use crate::widget::after::AfterState;
use crate::widget::composer::ComposerState;
use crate::widget::end::EndState;
use crate::widget::host::{HostEvent, ToHost};
use crate::widget::log::LogState;
use crate::widget::notify::inform;
use crate::widget::pictures::Pictures;
use crate::widget::sound::knock;
use crate::widget::tray::DropState;
use crate::widget::viewer::ViewerState;
use crate::widget::window::handed_draft;

/// A chat on the screen: for as long as the page lives, because a page sees few.
pub type Open = &'static Talk;

/// What belongs to a chat on the screen.
pub struct Talk {
    pub followed: Followed,
    pub outbox: Outbox,
    pub draft: Draft,
    /// What is filled in to be left as a message in place of the chat, while it waits.
    pub instead: Kept,
    pub uploads: Uploads,
    pub links: FileLinks,
    pub log: LogState,
    pub pictures: Pictures,
    pub composer: ComposerState,
    pub drop: DropState,
    pub end: EndState,
    pub after: AfterState,
    pub viewer: ViewerState,
}

impl Session {
    /// Shows a chat and follows it.
    pub fn open_chat(self, id: ChatId) {
        if self.open.get_untracked().is_some_and(|open| open.followed.id == id) {
            return;
        }
        let outbox = self.outbox();
        let key = self.draft_key(&id.to_string());
        let instead = Kept::new();
        instead.open(format!("{key}.instead"));
        let after = AfterState::new(&key);
        let kept = format!("{key}{FILES}");
        let draft = Draft::open(key);
        if let Some(text) = handed_draft() {
            draft.join(&text);
        }
        // What was to start a chat and went unanswered: either it did, or another window was quicker.
        self.fresh.stop();
        let limits = move || {
            self.offer.with_untracked(|offer| Limits { max_bytes: offer.max_file_bytes, max_files: offer.max_files })
        };
        let uploads = Uploads::new(
            id,
            limits,
            move |chat, name, size| {
                Box::pin(async move {
                    call(&VisitorUpload { chat, name, size }).await.inspect_err(|error| self.heed(error))
                })
            },
            self.token.get_value(),
        );
        let links =
            FileLinks::new(id, |chat, files| Box::pin(async move { call(&VisitorFileLinks { chat, files }).await }));
        let followed = Followed::new(id);
        self.waiting.set_value(None);
        self.wait.set(Wait::Finding);
        let open: Open = Box::leak(Box::new(Talk {
            followed,
            outbox,
            draft,
            instead,
            uploads,
            links,
            log: LogState::new(followed),
            pictures: Pictures::new(),
            composer: ComposerState::new(),
            drop: DropState::new(),
            end: EndState::new(),
            after,
            viewer: ViewerState::new(),
        }));
        self.open.set(Some(open));
        files::keep(open, kept);
        self.stage.set(Stage::Chat);
        self.live.send(ClientFrame::Follow { chat: id, after: 0 });
        self.live.start(Handlers {
            hello: Box::new(move || {
                let cursors = self.open.with_untracked(|open| open.iter().map(|open| open.followed.cursor()).collect());
                hello(self.token.get_value(), cursors)
            }),
            read: json::read,
            frame: Box::new(move |frame| self.receive(frame)),
        });
        self.gather();
    }

    pub(super) fn close_chat(self) {
        if let Some(open) = self.open.get_untracked() {
            self.live.send(ClientFrame::Unfollow { chat: open.followed.id });
            let files = open.uploads.stored();
            open.uploads.clear();
            open.after.clear();
            self.open.set(None);
            // What was written for it, and not sent, is at hand for the next one.
            self.bring(&naming(joined(&not_left(open), &open.draft.take()), &files));
        }
        self.host.tell(ToHost::Chat { open: false, at: None });
        self.host.tell(ToHost::Unread { count: 0 });
    }

    pub(super) fn receive(self, frame: ServerFrame) {
        let Some(open) = self.open.get_untracked() else { return };
        match frame {
            ServerFrame::Welcome { .. } => {
                open.outbox.poke();
            }
            ServerFrame::Events { chat, prev, events } if chat == open.followed.id => {
                let was_current = open.followed.current.get_untracked();
                let from = open.followed.cursor().after;
                let answered = open.followed.deliver(self.live, prev, &events);
                // What came before, or comes again because something is missing, is no news.
                let news = from + 1..=open.followed.cursor().after;
                open.outbox.settle(&answered);
                self.fresh.settle(&answered);
                // Unless the call that leaves it hears of that itself.
                let was_left = open.instead.settle(&answered) && !self.leaving.get_value();
                for event in events.iter().filter(|event| news.contains(&event.seq)) {
                    if let EventBody::Message { attachments, .. } = &event.body {
                        open.uploads.leave_out(|id| attachments.iter().any(|file| file.id == id));
                    }
                    match (&event.body, &event.by) {
                        (EventBody::Message { text, .. }, Author::Agent(agent)) => {
                            self.typing.note(None);
                            if was_current {
                                let (text, by) = (text.to_plain(), agent.name.clone());
                                inform(self, &by, &text);
                                self.host.tell(ToHost::Event(HostEvent::Message { text, by, at: event.at }));
                                knock(self, open, event.seq);
                            }
                        }
                        (EventBody::Accepted, _) => self.be_answered(open),
                        (EventBody::Ended, _) => {
                            if was_current {
                                self.host.tell(ToHost::Event(HostEvent::ChatEnded { chat: chat.to_string() }));
                            }
                            if !self.leaving.get_value() && self.stage.get_untracked() == Stage::Away {
                                self.stage.set(Stage::Chat);
                            }
                        }
                        _ => {}
                    }
                }
                if was_left {
                    return self.thank(open.instead.filled().email);
                }
                self.tell_delivered(open);
                self.watch_wait(open);
            }
            ServerFrame::Current { chat, seq } if chat == open.followed.id => {
                open.followed.caught_up(self.live, seq);
                self.tell_presence();
                self.watch_wait(open);
                self.come_along();
            }
            ServerFrame::NoSuchChat { chat } if chat == open.followed.id => {
                self.close_chat();
                self.show_form();
                self.gather();
            }
            ServerFrame::Typing { chat, side: Side::Agents, agent, typing, .. } if chat == open.followed.id => {
                self.typing.note(typing.then(|| Typist { name: agent.map(|agent| agent.name), draft: None }));
            }
            _ => {}
        }
    }

    /// Tells where the visitor is, for the agent.
    pub(super) fn tell_presence(self) {
        if let Some(open) = self.open.get_untracked() {
            let here = self.visible.get_untracked() && has_attention();
            let presence = if here { Presence::Here } else { Presence::Away };
            self.live.send(ClientFrame::Presence { chat: open.followed.id, presence });
        }
    }

    /// What arrived is delivered. Where somebody looks it is mostly read at once, which says both: that comes first.
    pub(super) fn tell_delivered(self, open: Open) {
        let wait = if self.visible.get_untracked() && has_attention() { READ_FIRST_MS } else { 0 };
        spawn_local(async move {
            sleep(wait).await;
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

    pub(super) fn quietly(self, chat: ChatId, command: Command) {
        spawn_local(async move {
            // Should it fail, the next event or connection brings it again.
            let _ = self.call(Some(chat), command_id(), command).await;
        });
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
            foresee(&chat, command.clone(), &Context::new(Actor::Visitor(visitor.id), now(), id))?;
        }
        self.call(Some(chat.id), id, command).await.map(|_| ())
    }
}
