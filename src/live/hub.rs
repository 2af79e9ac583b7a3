//! The hub: from a chat to the connections that follow it, and from the desk to all consoles. A frame is written once
//! and shared; a connection that cannot keep up is closed and comes back with its cursor.

use super::backend::Viewer;
use super::connection::{Connection, Handshake};
use super::crowd::Crowd;
use super::onsite::Onsite;
use super::presence::PresenceBook;
use super::readers::Readers;
use crate::model::chat::{Audience, ChatRow, Event, Seq};
use crate::model::delivery::share;
use crate::model::ids::{AgentId, ChatId};
use crate::model::live::{Presence, ServerFrame};
use axum::extract::ws::Utf8Bytes;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

/// Frames that may wait for one connection. When full, the connection is closed.
const QUEUE: usize = 256;
/// Followed chats are spread over this many locks.
const SHARDS: usize = 64;
/// Changed rows are gathered this long before consoles are told.
const ROWS_EVERY: Duration = Duration::from_millis(20);
/// After many rows it takes longer, so that no console gets more than a thousand in a second: nobody reads faster, and every
/// row goes to every console.
const PER_ROW: Duration = Duration::from_millis(1);
const ROWS_AT_LEAST_EVERY: Duration = Duration::from_millis(500);
/// An agent whose last console closed is gone after this time.
const AGENT_GONE_AFTER: Duration = Duration::from_secs(15);
/// In the presence of a chat, all who read it without a connection. Connections are counted from 1.
const READERS: u64 = 0;
/// Rows in one frame at most.
const ROWS_PER_FRAME: usize = 100;

/// Something on its way to a connection.
#[derive(Clone, Debug)]
pub enum Outgoing {
    /// Events `prev < … <= last` of a chat, written for the connection's audience.
    Events { chat: ChatId, prev: Seq, last: Seq, frame: Utf8Bytes },
    /// Anything else.
    Frame(Utf8Bytes),
}

impl Outgoing {
    /// Its length on the wire.
    pub fn bytes(&self) -> usize {
        let (Outgoing::Events { frame, .. } | Outgoing::Frame(frame)) = self;
        frame.len()
    }
}

#[cfg(test)]
impl Outgoing {
    /// The numbers before and at the end of the events in it.
    pub fn deliveries(&self) -> Option<(Seq, Seq)> {
        match self {
            Outgoing::Events { prev, last, .. } => Some((*prev, *last)),
            Outgoing::Frame(_) => None,
        }
    }
}

type Followers = HashMap<ChatId, Vec<Arc<Connection>>>;

/// Everybody who is connected to this process.
pub struct Hub {
    next_id: AtomicU64,
    shards: Vec<Mutex<Followers>>,
    pub(super) consoles: Mutex<HashMap<u64, Arc<Connection>>>,
    /// Rung when a console has connected.
    console_came: Notify,
    /// When agents without a console had their last one.
    left: Mutex<HashMap<AgentId, Instant>>,
    /// Until then consoles come back from before a restart: everybody counts as there.
    returning_until: OnceLock<Instant>,
    presence: PresenceBook,
    readers: Readers,
    onsite: Onsite,
    /// How many there are of each.
    pub(super) crowd: Arc<Crowd>,
    rows: Mutex<HashMap<ChatId, ChatRow>>,
    rows_changed: Notify,
    closing: CancellationToken,
}

impl Hub {
    /// A hub without connections. Cancelling `closing` tells them all that the server stops.
    pub fn new(closing: CancellationToken) -> Arc<Self> {
        let hub = Arc::new(Hub {
            next_id: AtomicU64::new(1),
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            consoles: Mutex::default(),
            console_came: Notify::new(),
            left: Mutex::default(),
            returning_until: OnceLock::new(),
            presence: PresenceBook::default(),
            readers: Readers::default(),
            onsite: Onsite::default(),
            crowd: Arc::default(),
            rows: Mutex::default(),
            rows_changed: Notify::new(),
            closing,
        });
        tokio::spawn(hub.clone().announce_rows());
        tokio::spawn(hub.clone().announce_visitors());
        hub
    }

    /// Cancelled when the server stops.
    pub fn closing(&self) -> &CancellationToken {
        &self.closing
    }

    /// Who is on the websites.
    pub fn onsite(&self) -> &Onsite {
        &self.onsite
    }

    /// Rung when a console has connected.
    pub fn console_came(&self) -> &Notify {
        &self.console_came
    }

    /// Enters a connection of which nothing else is known.
    #[cfg(test)]
    pub fn connect(&self, viewer: Viewer) -> (Arc<Connection>, mpsc::Receiver<Arc<Outgoing>>) {
        self.admit(viewer, Handshake::default())
    }

    /// Enters a connection.
    pub fn admit(&self, viewer: Viewer, handshake: Handshake) -> (Arc<Connection>, mpsc::Receiver<Arc<Outgoing>>) {
        let (queue, receiver) = mpsc::channel(QUEUE);
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let connection = Arc::new(Connection::new(id, viewer, handshake, queue));
        if matches!(connection.viewer, Viewer::Agent(_)) {
            lock(&self.consoles).insert(id, connection.clone());
            self.console_came.notify_one();
        }
        metrics::gauge!("frontdesk_connections", "audience" => audience_word(&connection)).increment(1.0);
        (connection, receiver)
    }

    /// Removes a connection and all it follows.
    pub fn disconnect(&self, connection: &Connection, followed: impl IntoIterator<Item = ChatId>) {
        lock(&self.consoles).remove(&connection.id);
        if let Viewer::Agent(agent) = &connection.viewer {
            let now = Instant::now();
            let mut left = lock(&self.left);
            left.retain(|_, at| now.duration_since(*at) < AGENT_GONE_AFTER);
            left.insert(agent.id, now);
        }
        for chat in followed {
            self.unfollow(connection, chat);
        }
        metrics::gauge!("frontdesk_connections", "audience" => audience_word(connection)).decrement(1.0);
    }

    /// From now on the connection gets what is published of this chat.
    pub fn follow(&self, connection: &Arc<Connection>, chat: ChatId) {
        {
            let mut followers = self.shard(chat);
            let all = followers.entry(chat).or_default();
            if all.iter().any(|other| other.id == connection.id) {
                return;
            }
            all.push(connection.clone());
        }
        match connection.viewer {
            Viewer::Visitor(_) => self.note_presence(connection, chat, Some(Presence::Away)),
            Viewer::Agent(_) => {
                connection.send(frame(&ServerFrame::Presence { chat, presence: self.presence.of(chat) }));
            }
        }
    }

    /// The connection no longer gets what is published of this chat.
    pub fn unfollow(&self, connection: &Connection, chat: ChatId) {
        {
            let mut followers = self.shard(chat);
            if let Some(all) = followers.get_mut(&chat) {
                all.retain(|other| other.id != connection.id);
                if all.is_empty() {
                    followers.remove(&chat);
                }
            }
        }
        if matches!(connection.viewer, Viewer::Visitor(_)) {
            self.note_presence(connection, chat, None);
        }
    }

    /// A visitor's connection says where the visitor is; agents who follow the chat are told when that changes it.
    pub fn note_presence(&self, connection: &Connection, chat: ChatId, presence: Option<Presence>) {
        self.note_presence_of(connection.id, chat, presence);
    }

    /// The visitor read a chat without a connection: for a while, they are there.
    pub fn note_reader(self: &Arc<Self>, chat: ChatId) {
        let is_new = self.readers.note(chat, Instant::now());
        self.note_presence_of(READERS, chat, Some(Presence::Here));
        if !is_new {
            return;
        }
        let hub = self.clone();
        tokio::spawn(async move {
            while let Some(until) = hub.readers.look(chat, Instant::now()) {
                tokio::time::sleep_until(until.into()).await;
            }
            hub.note_presence_of(READERS, chat, None);
        });
    }

    fn note_presence_of(&self, connection: u64, chat: ChatId, presence: Option<Presence>) {
        if let Some(presence) = self.presence.note(chat, connection, presence) {
            self.tell(chat, &ServerFrame::Presence { chat, presence }, |other| {
                other.viewer.audience() == Audience::Agents
            });
        }
    }

    /// Sends a frame to the followers of a chat that `to` picks.
    pub fn tell(&self, chat: ChatId, frame_: &ServerFrame, to: impl Fn(&Connection) -> bool) {
        let followers = self.shard(chat);
        let Some(all) = followers.get(&chat) else { return };
        let mut written = None;
        for connection in all.iter().filter(|connection| to(connection)) {
            connection.send(written.get_or_insert_with(|| Arc::new(frame(frame_))).clone());
        }
    }

    /// Passes committed events on, to each follower what it may see. The frame is written once per audience.
    pub fn publish(&self, chat: ChatId, events: &[Event], prev_public: Seq) {
        let followers = self.shard(chat);
        let Some(all) = followers.get(&chat) else { return };
        let mut written: [Option<Option<Arc<Outgoing>>>; 2] = [None, None];
        for connection in all {
            let audience = connection.viewer.audience();
            let outgoing = written[audience as usize].get_or_insert_with(|| {
                let (prev, seen) = share(events, prev_public, audience);
                events_frame(chat, prev, &seen).map(Arc::new)
            });
            if let Some(outgoing) = outgoing {
                connection.send(outgoing.clone());
            }
        }
    }

    /// Tells all consoles, in a moment, that a row changed.
    pub fn publish_row(&self, row: ChatRow) {
        lock(&self.rows).insert(row.id, row);
        self.rows_changed.notify_one();
    }

    /// Tells an agent's own consoles something.
    pub fn tell_agent(&self, agent: AgentId, frame_: &ServerFrame) {
        for console in lock(&self.consoles).values() {
            if matches!(&console.viewer, Viewer::Agent(own) if own.id == agent) {
                console.send(frame(frame_));
            }
        }
    }

    /// Tells all consoles something.
    pub fn tell_consoles(&self, frame_: &ServerFrame) {
        let outgoing = Arc::new(frame(frame_));
        for console in lock(&self.consoles).values() {
            console.send(outgoing.clone());
        }
    }

    /// The server has just started: consoles that were open before come back in the next moments.
    pub fn expect_consoles(&self) {
        // Said once.
        let _ = self.returning_until.set(Instant::now() + AGENT_GONE_AFTER);
    }

    /// Whether an agent has a console open, or had a moment ago: neither a reload nor a restart is an absence.
    pub fn is_present(&self, agent: AgentId) -> bool {
        if self.returning_until.get().is_some_and(|until| Instant::now() < *until) {
            return true;
        }
        let connected = lock(&self.consoles)
            .values()
            .any(|console| matches!(&console.viewer, Viewer::Agent(own) if own.id == agent));
        connected || lock(&self.left).get(&agent).is_some_and(|at| at.elapsed() < AGENT_GONE_AFTER)
    }

    /// Somebody was blocked, or is not any more: every visitor's connection looks whether it is still welcome.
    pub fn standing_changed(&self) {
        for shard in &self.shards {
            for connection in lock(shard).values().flatten() {
                if matches!(connection.viewer, Viewer::Visitor(_)) {
                    connection.revoked.notify_one();
                }
            }
        }
    }

    /// A session ended: every console looks whether it was its own.
    pub fn session_ended(&self) {
        for console in lock(&self.consoles).values() {
            console.revoked.notify_one();
        }
    }

    async fn announce_rows(self: Arc<Self>) {
        let mut pause = ROWS_EVERY;
        loop {
            tokio::select! {
                () = self.rows_changed.notified() => {}
                () = self.closing.cancelled() => return,
            }
            // Many changes of one chat become one row; a burst becomes one frame.
            tokio::time::sleep(pause).await;
            let mut rows: Vec<ChatRow> = std::mem::take(&mut *lock(&self.rows)).into_values().collect();
            rows.sort_by_key(|row| row.id);
            pause = (PER_ROW * rows.len() as u32).clamp(ROWS_EVERY, ROWS_AT_LEAST_EVERY);
            let consoles = lock(&self.consoles);
            if consoles.is_empty() {
                continue;
            }
            for some in rows.chunks(ROWS_PER_FRAME) {
                let outgoing = Arc::new(Outgoing::Frame(written(&Lent::Rows { rows: some })));
                for console in consoles.values() {
                    console.send(outgoing.clone());
                }
            }
        }
    }

    fn shard(&self, chat: ChatId) -> MutexGuard<'_, Followers> {
        lock(&self.shards[chat.0.unsigned_abs() as usize % SHARDS])
    }
}

/// Events as they go over the wire; nothing when there are none.
pub fn events_frame(chat: ChatId, prev: Seq, events: &[&Event]) -> Option<Outgoing> {
    let last = events.last()?.seq;
    Some(Outgoing::Events { chat, prev, last, frame: written(&Lent::Events { chat, prev, events }) })
}

/// A frame as it goes over the wire.
pub fn frame(frame: &ServerFrame) -> Outgoing {
    Outgoing::Frame(written(frame))
}

/// Frames of what others keep, so that nothing is copied only to be written: the same as those of [`ServerFrame`].
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Lent<'a> {
    Events { chat: ChatId, prev: Seq, events: &'a [&'a Event] },
    Rows { rows: &'a [ChatRow] },
}

fn written(frame: &impl Serialize) -> Utf8Bytes {
    // These types always have a JSON form; an empty object is ignored by clients.
    serde_json::to_string(frame).unwrap_or_else(|_| "{}".into()).into()
}

fn audience_word(connection: &Connection) -> &'static str {
    match connection.viewer.audience() {
        Audience::Visitor => "visitor",
        Audience::Agents => "agents",
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::chat::{Author, Chat, EventBody};

    #[test]
    fn what_is_lent_is_written_as_what_is_given() {
        let chat = ChatId(7);
        let event = Event { seq: 2, at: 1, by: Author::Visitor, command: None, body: EventBody::Ended };
        let row = ChatRow::from(&Chat::new(chat));
        let lent = [
            written(&Lent::Events { chat, prev: 1, events: &[&event] }),
            written(&Lent::Rows { rows: std::slice::from_ref(&row) }),
        ];
        let given = [ServerFrame::Events { chat, prev: 1, events: vec![event] }, ServerFrame::Rows { rows: vec![row] }];
        assert_eq!(lent, given.map(|frame| written(&frame)));
    }
}
