//! The console's state: who is logged in, the rows of all live chats, the chat on the screen, and the connection.

use super::editor::RichDraft;
use super::sound;
use super::toast::Toasts;
use crate::api::{
    ChatTab, Me, PageCursor, agent_command, agent_file_links, agent_upload, chat_list, me, set_available,
};
use crate::model::Millis;
use crate::model::agent::{Agent, ReleasedChat};
use crate::model::chat::{Actor, ChatRow, Command, EventBody, Rows, Seq, Side, Status, refresh_rows, take_rows};
use crate::model::department::DepartmentRef;
use crate::model::error::{ApiError, Refusal};
use crate::model::ids::{AgentId, ChatId, CommandId};
use crate::model::label::Label;
use crate::model::live::{ClientFrame, Presence, ServerFrame};
use crate::model::outbox::wait_ms;
use crate::model::pages::{CHATS_PER_PAGE, is_last};
use crate::model::rules::Rules;
use crate::model::text::RichText;
use crate::model::ticket::Ticket;
use crate::ui::browser::{chance, command_id, has_attention, now};
use crate::ui::conversation::{Followed, READ_FIRST_MS};
use crate::ui::files::FileLinks;
use crate::ui::live::{Handlers, Link, Live, hello};
use crate::ui::outbox::Outbox;
use crate::ui::seen::Seen;
use crate::ui::typing::{TypingBoard, TypingSender, Typist};
use crate::ui::upload::{Limits, Uploads};
use futures::FutureExt as _;
use gloo_timers::callback::Interval;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::{HashMap, VecDeque};

/// A chat that has left the screen is kept at least this long: until everything that drew it is gone.
const LINGER_MS: u32 = 5_000;
/// With more rows than this, ended ones are dropped.
const MOST_ROWS: usize = 2_000;

/// The chat on the screen.
#[derive(Clone, Copy)]
pub struct Open {
    pub followed: Followed,
    pub draft: RichDraft,
    /// Files for the next message.
    pub uploads: Uploads,
    /// Links to the files of the chat.
    pub links: FileLinks,
    pub typing: TypingBoard,
    pub presence: RwSignal<Option<Presence>>,
}

/// A chat that has left the screen, with where its signals live.
struct Away {
    open: Open,
    owner: Owner,
    /// When it left.
    since: Millis,
}

/// Ended chats, as far as they were fetched.
#[derive(Clone, Copy)]
pub struct Ended {
    pub rows: RwSignal<Vec<ChatRow>>,
    /// A page is being fetched.
    pub busy: RwSignal<bool>,
    /// There are no more.
    pub complete: RwSignal<bool>,
}

/// Changes of chats that are on their way.
#[derive(Default)]
struct Changes {
    waiting: VecDeque<(ChatId, CommandId, Command)>,
    sending: bool,
}

/// The console's state. Copied freely.
#[derive(Clone, Copy)]
pub struct Desk {
    pub me: RwSignal<Agent>,
    /// The rows of live chats, and of those that ended while we looked.
    pub rows: RwSignal<HashMap<ChatId, ChatRow>>,
    pub ended: Ended,
    pub open: RwSignal<Option<Open>>,
    pub outbox: Outbox,
    pub live: Live,
    pub typist: TypingSender,
    pub toasts: Toasts,
    /// The departments to which chats can be given.
    pub departments: RwSignal<Vec<DepartmentRef>>,
    /// All labels, by name.
    pub labels: RwSignal<Vec<Label>>,
    pub rules: RwSignal<Rules>,
    /// Chats that were taken from the agent while they were gone, until they have read it.
    pub released: RwSignal<Vec<ReleasedChat>>,
    /// The tickets that changed last, as they came over the connection.
    pub ticket_news: RwSignal<Vec<Ticket>>,
    /// Set when visitors on the websites have changed.
    pub visitors_news: RwSignal<()>,
    /// Where the signals of chats live: pages come and go while a chat stays on the screen.
    home: StoredValue<Owner>,
    /// Where those of the chat on the screen live.
    shown_in: StoredValue<Option<Owner>>,
    /// Chats that have left the screen and may come back as they were.
    away: StoredValue<HashMap<ChatId, Away>>,
    changes: StoredValue<Changes, LocalStorage>,
    /// The tab of the list.
    pub tab: RwSignal<ChatTab>,
    /// The time, told anew every few seconds, for what shows how long something waits.
    pub clock: RwSignal<i64>,
}

impl Desk {
    /// Opens the desk: shows what the page brought, connects, and rings from then on.
    pub fn open(state: Me) -> Self {
        let live = Live::new();
        let agent = state.agent.id;
        let first = first_tab(&state);
        let desk = Desk {
            me: RwSignal::new(state.agent),
            rows: RwSignal::new(state.live.into_iter().map(|row| (row.id, row)).collect()),
            ended: Ended { rows: RwSignal::default(), busy: RwSignal::new(false), complete: RwSignal::new(false) },
            open: RwSignal::new(None),
            outbox: Outbox::open(&format!("a{agent}"), |chat, id, command| {
                Box::pin(async move { agent_command(chat, id, command).await })
            }),
            live,
            typist: TypingSender::new(live),
            toasts: Toasts::new(),
            departments: RwSignal::new(state.departments),
            labels: RwSignal::new(state.labels),
            rules: RwSignal::new(state.rules),
            released: RwSignal::new(state.released),
            ticket_news: RwSignal::default(),
            visitors_news: RwSignal::default(),
            home: StoredValue::new(Owner::current().unwrap_or_default()),
            shown_in: StoredValue::new(None),
            away: StoredValue::default(),
            changes: StoredValue::new_local(Changes::default()),
            tab: RwSignal::new(first),
            clock: RwSignal::new(now()),
        };
        Interval::new(1_000, move || desk.clock.set(now())).forget();
        sound::start(desk);
        live.start(Handlers {
            hello: Box::new(move || {
                let cursors = desk.open.with_untracked(|open| open.iter().map(|open| open.followed.cursor()).collect());
                hello(None, cursors)
            }),
            read: |json| serde_json::from_str(json).ok(),
            frame: Box::new(move |frame| desk.receive(frame)),
        });
        desk
    }

    fn receive(self, frame: ServerFrame) {
        let open = self.open.get_untracked();
        let shown = |chat: ChatId| open.filter(|open| open.followed.id == chat);
        match frame {
            ServerFrame::Welcome { .. } => {
                self.outbox.poke();
                self.refresh();
            }
            ServerFrame::Rows { rows } => self.take_rows(rows),
            ServerFrame::Available { available } => self.me.update(|me| me.available = available),
            ServerFrame::Events { chat, prev, events } => {
                if let Some(open) = shown(chat) {
                    let answered = open.followed.deliver(self.live, prev, &events);
                    self.outbox.settle(&answered);
                    let news = events.iter().any(|event| {
                        event.by.side() == Some(Side::Visitor) && matches!(event.body, EventBody::Message { .. })
                    });
                    if news {
                        open.typing.note(None);
                        self.tell_delivered(open);
                    }
                }
            }
            ServerFrame::Current { chat, seq } => {
                if let Some(open) = shown(chat) {
                    open.followed.caught_up(self.live, seq);
                }
            }
            ServerFrame::NoSuchChat { chat } => {
                if let Some(open) = shown(chat) {
                    open.followed.missing.set(true);
                }
            }
            ServerFrame::Typing { chat, side, agent, draft, typing } => {
                if let Some(open) = shown(chat) {
                    let name = agent.map(|agent| agent.name);
                    if side == Side::Visitor || name.is_some() {
                        open.typing.note(typing.then_some(Typist { name, draft }));
                    }
                }
            }
            ServerFrame::Presence { chat, presence } => {
                if let Some(open) = shown(chat) {
                    open.presence.set(Some(presence));
                }
            }
            ServerFrame::SettingsChanged => self.refresh(),
            ServerFrame::Tickets { tickets } => self.ticket_news.set(tickets),
            ServerFrame::VisitorsChanged => self.visitors_news.set(()),
            ServerFrame::Ping => {}
        }
    }

    /// What arrived at the agent who answers is delivered. Where somebody looks it is mostly read at once, which says both:
    /// that comes first.
    fn tell_delivered(self, open: Open) {
        let me = self.me.with_untracked(|me| me.id);
        if !open.followed.chat.with_untracked(|chat| chat.agent.as_ref().is_some_and(|agent| agent.id == me)) {
            return;
        }
        let wait = if has_attention() { READ_FIRST_MS } else { 0 };
        spawn_local(async move {
            TimeoutFuture::new(wait).await;
            if let Some(up_to) = open.followed.undelivered(Side::Agents) {
                // Should it fail, the next message brings it again.
                let _ = agent_command(open.followed.id, command_id(), Command::MarkDelivered { up_to }).await;
            }
        });
    }

    /// Newer rows replace older ones.
    fn take_rows(self, rows: Vec<ChatRow>) {
        let mut taken = false;
        let me = self.me.with_untracked(|me| me.id);
        self.rows.update(|known| {
            taken = rows.iter().any(|row| {
                let before = known.get(&row.id).filter(|before| before.last_seq < row.last_seq);
                let mine = before.is_some_and(|before| before.status == Status::Open && is_of(before, me));
                mine && row.status == Status::Waiting
            });
            take_rows(known, rows);
            drop_surplus(known);
        });
        if taken {
            // The agent is told which chats were taken.
            self.refresh();
        }
    }

    /// Fetches the live rows anew: what changed while the connection was lost.
    fn refresh(self) {
        spawn_local(async move {
            let mut failures = 0;
            loop {
                let asked_at: HashMap<ChatId, Seq> =
                    self.rows.with_untracked(|rows| rows.values().map(|row| (row.id, row.last_seq)).collect());
                match me().await {
                    Ok(state) => {
                        self.me.set(state.agent);
                        self.departments.set(state.departments);
                        self.labels.set(state.labels);
                        self.rules.set(state.rules);
                        self.released.set(state.released);
                        return self.rows.update(|rows| {
                            refresh_rows(rows, state.live, state.complete, &asked_at);
                            drop_surplus(rows);
                        });
                    }
                    Err(ApiError::NotLoggedIn) => return log_in_again(),
                    // Nobody tells again what was missed: while the connection stands, the list would stay wrong.
                    Err(error) if error.is_passing() => {
                        failures += 1;
                        TimeoutFuture::new(wait_ms(failures, chance())).await;
                    }
                    Err(_) => return,
                }
            }
        });
    }

    /// Shows this chat, or none.
    pub fn show(self, id: Option<ChatId>) {
        let shown = self.open.get_untracked();
        if shown.map(|open| open.followed.id) == id {
            return;
        }
        if let Some(open) = shown {
            self.typist.typed(open.followed.id, "");
            self.live.send(ClientFrame::Unfollow { chat: open.followed.id });
        }
        let next = id.map(|id| self.bring_back(id).unwrap_or_else(|| self.open_anew(id)));
        self.open.set(next.as_ref().map(|(open, _)| *open));
        let after = next.as_ref().map_or(0, |(open, _)| open.followed.cursor().after);
        let before =
            self.shown_in.try_update_value(|shown_in| std::mem::replace(shown_in, next.map(|(_, owner)| owner)));
        if let (Some(open), Some(owner)) = (shown, before.flatten()) {
            let id = open.followed.id;
            self.away.update_value(|away| {
                away.insert(id, Away { open, owner, since: now() });
            });
            spawn_local(self.forget(id));
        }
        if let Some(id) = id {
            self.live.send(ClientFrame::Follow { chat: id, after });
        }
    }

    fn open_anew(self, id: ChatId) -> (Open, Owner) {
        let owner = self.home.with_value(Owner::child);
        let agent = self.me.with_untracked(|me| me.id);
        let open = owner.with(|| Open {
            followed: Followed::new(id),
            draft: RichDraft::open(format!("frontdesk.rich.a{agent}.{id}")),
            uploads: self.new_uploads(id),
            links: new_links(id),
            typing: TypingBoard::new(),
            presence: RwSignal::new(None),
        });
        (open, owner)
    }

    /// A chat that left the screen a moment ago, or whose files wait for their message.
    fn bring_back(self, id: ChatId) -> Option<(Open, Owner)> {
        let Away { open, owner, .. } = self.away.try_update_value(|away| away.remove(&id))??;
        open.typing.note(None);
        open.presence.set(None);
        Some((open, owner))
    }

    /// Forgets a chat that has left the screen, once it has no files that wait for their message.
    async fn forget(self, id: ChatId) {
        loop {
            TimeoutFuture::new(LINGER_MS).await;
            let gone = self.away.try_update_value(|away| {
                let Some(left) = away.get(&id) else { return true };
                let done = now() - left.since >= Millis::from(LINGER_MS) && left.open.uploads.is_empty();
                if done {
                    away.remove(&id);
                }
                done
            });
            if gone != Some(false) {
                return;
            }
        }
    }

    fn new_uploads(self, chat: ChatId) -> Uploads {
        let limits = move || {
            self.rules.with_untracked(|rules| Limits {
                max_bytes: rules.max_file_bytes(),
                max_files: rules.max_files as usize,
            })
        };
        let open = |chat, name, size| agent_upload(chat, name, size).boxed_local();
        Uploads::new(chat, limits, open, None)
    }

    /// Turns the switch "Available for chat"; turns it back when that fails.
    pub fn turn_available(self) {
        let wanted = !self.me.with_untracked(|me| me.available);
        self.me.update(|me| me.available = wanted);
        spawn_local(async move {
            if let Err(error) = set_available(wanted).await {
                self.me.update(|me| me.available = !wanted);
                self.fail(error);
            }
        });
    }

    /// Takes a chat; says who was quicker when somebody was.
    pub fn accept(self, chat: ChatId) {
        let desk = self;
        spawn_local(async move {
            match agent_command(chat, command_id(), Command::Accept).await {
                Ok(_) => desk.tab.set(ChatTab::Mine),
                Err(error) => desk.fail(error),
            }
        });
    }

    /// Leaves a waiting chat to the others.
    pub fn dismiss(self, chat: ChatId) {
        let me = self.me.with_untracked(|me| me.id);
        // At once; the event confirms it.
        self.rows.update(|rows| {
            if let Some(row) = rows.get_mut(&chat) {
                row.dismissed_by.push(me);
            }
        });
        spawn_local(async move {
            if let Err(error) = agent_command(chat, command_id(), Command::Dismiss).await {
                self.rows.update(|rows| {
                    if let Some(row) = rows.get_mut(&chat) {
                        row.dismissed_by.retain(|other| *other != me);
                    }
                });
                self.fail(error);
            }
        });
    }

    /// Ends a chat.
    pub fn end(self, chat: ChatId) {
        self.command(chat, Command::End);
    }

    /// Carries out a command; says what is wrong when it is refused.
    pub fn command(self, chat: ChatId, command: Command) {
        let idle = self.changes.try_update_value(|changes| {
            changes.waiting.push_back((chat, command_id(), command));
            !std::mem::replace(&mut changes.sending, true)
        });
        if idle == Some(true) {
            spawn_local(self.send_changes());
        }
    }

    /// One after the other: what is chosen last is what holds, also when an earlier call is the slower one.
    async fn send_changes(self) {
        loop {
            let next = self.changes.try_update_value(|changes| {
                let next = changes.waiting.pop_front();
                changes.sending = next.is_some();
                next
            });
            let Some((chat, id, command)) = next.flatten() else { return };
            if let Err(error) = agent_command(chat, id, command).await {
                self.fail(error);
            }
        }
    }

    /// Sends the draft and the stored files.
    ///
    /// # Errors
    /// Why they stay in the box.
    pub fn send(self, open: Open) -> Result<(), Refusal> {
        let text = open.draft.text.get_untracked();
        let me = self.me.with_untracked(Agent::to_ref);
        let max_files = self.rules.with_untracked(|rules| rules.max_files as usize);
        open.followed
            .chat
            .with_untracked(|chat| self.outbox.send(chat, Actor::Agent(me), text, open.uploads.stored(), max_files))?;
        open.uploads.take_stored();
        open.draft.set(RichText::default());
        self.typist.typed(open.followed.id, "");
        Ok(())
    }

    /// The visitor's messages up to here were seen.
    pub fn mark_read(self, chat: ChatId, up_to: Seq, seen: Seen) {
        let mine = self.open.get_untracked().is_some_and(|open| {
            let me = self.me.with_untracked(|me| me.id);
            open.followed.chat.with_untracked(|chat| chat.agent.as_ref().is_some_and(|agent| agent.id == me))
        });
        if !mine {
            // Not answered by this agent: not read. Should the chat become theirs, it is seen anew.
            seen.forget();
            return;
        }
        spawn_local(async move {
            if agent_command(chat, command_id(), Command::MarkRead { up_to }).await.is_err() {
                seen.forget();
            }
        });
    }

    /// Fetches the next page of ended chats; the first one anew.
    pub fn fetch_ended(self, from_start: bool) {
        let ended = self.ended;
        if ended.busy.get_untracked() || (!from_start && ended.complete.get_untracked()) {
            return;
        }
        let after = if from_start {
            None
        } else {
            ended
                .rows
                .with_untracked(|rows| rows.last().map(|row| PageCursor { updated_at: row.updated_at, id: row.id }))
        };
        ended.busy.set(true);
        spawn_local(async move {
            match chat_list(ChatTab::Ended, after).await {
                Ok(page) => {
                    ended.complete.set(is_last(page.len(), CHATS_PER_PAGE));
                    ended.rows.update(|rows| {
                        if from_start {
                            rows.clear();
                        }
                        rows.extend(page);
                    });
                }
                Err(error) => self.fail(error),
            }
            ended.busy.set(false);
        });
    }

    /// Says what went wrong.
    pub fn fail(self, error: ApiError) {
        if error == ApiError::NotLoggedIn {
            log_in_again();
        } else {
            self.toasts.say(error.to_string());
        }
    }

    /// The chats that ring for this agent, the longest waiting first.
    pub fn ringing(self) -> Vec<ChatRow> {
        let me = self.me.get();
        if !me.available {
            return Vec::new();
        }
        let mut ringing: Vec<ChatRow> = self.rows.with(|rows| {
            rows.values()
                .filter(|row| row.status == Status::Waiting)
                .filter(|row| !row.dismissed_by.contains(&me.id) && me.serves(row.department.as_ref()))
                .cloned()
                .collect()
        });
        ringing.sort_by_key(|row| (row.started_at, row.id));
        ringing
    }

    /// Messages that wait to be read by this agent.
    pub fn unread(self) -> usize {
        let me = self.me.with(|me| me.id);
        self.rows.with(|rows| {
            rows.values().filter(|row| row.status == Status::Open && is_of(row, me)).map(|row| row.unread).sum()
        })
    }

    /// How many open chats are this agent's.
    pub fn own_open(self) -> Signal<usize> {
        Signal::derive(move || {
            let me = self.me.with(|me| me.id);
            self.rows.with(|rows| rows.values().filter(|row| row.status == Status::Open && is_of(row, me)).count())
        })
    }

    /// Where the visitor of the chat on the screen is; not known without a connection.
    pub fn presence(self, open: Open) -> Option<Presence> {
        open.presence.get().filter(|_| self.live.link().get() == Link::Online)
    }

    /// What is wrong with the connection, for the agent.
    pub fn trouble(self) -> Option<String> {
        match self.live.link().get() {
            Link::Reconnecting if self.live.is_offline() => {
                Some("You are offline. What you type is kept and sent as soon as the connection is back.".into())
            }
            Link::Reconnecting => {
                Some("Reconnecting… what you type is kept and sent as soon as the server is back.".into())
            }
            Link::Refused(reason) => Some(reason),
            Link::Connecting | Link::Online => None,
        }
    }
}

/// A console is open for days: ended chats are fetched when they are asked for.
fn drop_surplus(rows: &mut Rows) {
    if rows.len() > MOST_ROWS {
        rows.retain(|_, row| row.status.is_live());
    }
}

/// At first the tab where something is to be done.
fn first_tab(state: &Me) -> ChatTab {
    if state.live.iter().any(|row| row.status == Status::Waiting) {
        ChatTab::Waiting
    } else if state.live.iter().any(|row| row.agent.as_ref().is_some_and(|agent| agent.id == state.agent.id)) {
        ChatTab::Mine
    } else {
        ChatTab::AllOpen
    }
}

fn new_links(chat: ChatId) -> FileLinks {
    FileLinks::new(chat, |chat, files| agent_file_links(chat, files).boxed_local())
}

/// Whether the row's chat is this agent's.
fn is_of(row: &ChatRow, agent: AgentId) -> bool {
    row.agent.as_ref().is_some_and(|owner| owner.id == agent)
}

/// The session has ended: back here after logging in.
fn log_in_again() {
    let path = window().location().pathname().unwrap_or_else(|_| "/console".into());
    let _ = window().location().set_href(&format!("/login?next={path}"));
}
