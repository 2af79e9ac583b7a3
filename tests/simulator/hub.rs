//! A node's connections: who follows what, and what waits for whom. As `live/hub.rs`, with the same share per audience.

use crate::plan::Ms;
use crate::sabotage::Sabotage;
use frontdesk::live::HEARD_WITHIN;
use frontdesk::model::chat::{Actor, Audience, ChatRow, Event, Seq, Side};
use frontdesk::model::delivery::share;
use frontdesk::model::ids::{AgentId, ChatId};
use frontdesk::model::live::{ClientFrame, ServerFrame};
use frontdesk::store::Committed;
use std::collections::{BTreeMap, VecDeque};

/// A connection; no two ever have one number.
pub type ConnId = u64;
/// Frames that may wait for one connection; few, so that it happens.
const QUEUE: usize = 8;

#[derive(Default)]
pub struct Hub {
    pub conns: BTreeMap<ConnId, Conn>,
    followers: BTreeMap<ChatId, Vec<ConnId>>,
    /// Rows that consoles are told of in a moment.
    rows: BTreeMap<ChatId, ChatRow>,
}

/// The server's side of a connection.
pub struct Conn {
    pub page: usize,
    pub actor: Actor,
    /// The last number sent of each followed chat.
    pub cursors: BTreeMap<ChatId, Seq>,
    pub queue: VecDeque<Outgoing>,
    pub inbox: VecDeque<ClientFrame>,
    /// What it is in the middle of; the last one first.
    pub doing: Vec<Doing>,
    /// Its next turn is scheduled.
    pub awake: bool,
    /// Its queue was full.
    pub overrun: bool,
    /// When it was heard for the last time, if it is not heard any more.
    pub silent_since: Option<Ms>,
}

/// Something on its way to a connection.
#[derive(Clone)]
pub enum Outgoing {
    Events { chat: ChatId, prev: Seq, last: Seq, frame: ServerFrame },
    Frame(ServerFrame),
}

/// A step of following a chat: between two of them anything may be committed and published.
pub enum Doing {
    Look {
        chat: ChatId,
        after: Seq,
    },
    Subscribe {
        chat: ChatId,
        at: Seq,
    },
    /// Reads a page of the log after the cursor.
    CatchUp(ChatId),
    /// Says that everything was sent.
    Current(ChatId),
}

impl Conn {
    pub fn new(page: usize, actor: Actor) -> Self {
        Conn {
            page,
            actor,
            cursors: BTreeMap::new(),
            queue: VecDeque::new(),
            inbox: VecDeque::new(),
            doing: Vec::new(),
            awake: false,
            overrun: false,
            silent_since: None,
        }
    }

    pub fn audience(&self) -> Audience {
        match self.actor.side() {
            Side::Visitor => Audience::Visitor,
            Side::Agents => Audience::Agents,
        }
    }

    fn send(&mut self, outgoing: Outgoing) {
        if self.queue.len() < QUEUE {
            self.queue.push_back(outgoing);
        } else {
            self.overrun = true;
        }
    }
}

impl Hub {
    pub fn follow(&mut self, conn: ConnId, chat: ChatId) {
        let all = self.followers.entry(chat).or_default();
        if !all.contains(&conn) {
            all.push(conn);
        }
    }

    pub fn unfollow(&mut self, conn: ConnId, chat: ChatId) {
        self.followers.entry(chat).or_default().retain(|other| *other != conn);
    }

    pub fn remove(&mut self, conn: ConnId) {
        self.conns.remove(&conn);
        for all in self.followers.values_mut() {
            all.retain(|other| *other != conn);
        }
    }

    /// Queues what was committed for those who follow the chat, and its row for all consoles; returns whom to wake.
    pub fn publish(&mut self, committed: &Committed, sabotage: Option<Sabotage>) -> Vec<ConnId> {
        let chat = committed.chat;
        self.rows.insert(chat, committed.row.clone());
        let followers = self.followers.get(&chat).cloned().unwrap_or_default();
        for id in &followers {
            let Some(conn) = self.conns.get_mut(id) else { continue };
            let (prev, events) = share(&committed.events, committed.prev_public, conn.audience());
            let mut events: Vec<Event> = events.into_iter().cloned().collect();
            if sabotage == Some(Sabotage::NoAudience) {
                events = committed.events.to_vec();
            }
            if let Some(outgoing) = events_frame(chat, prev, events) {
                conn.send(outgoing);
            }
        }
        followers
    }

    /// The agents of whom a console is connected and was heard of lately: as `live/attendance.rs`.
    pub fn attending(&self, now: Ms) -> Vec<AgentId> {
        let within = HEARD_WITHIN.as_millis() as Ms;
        let heard = self.conns.values().filter(|conn| conn.silent_since.is_none_or(|since| now - since < within));
        let mut agents: Vec<AgentId> = heard.filter_map(|conn| agent_of(&conn.actor)).collect();
        agents.sort_unstable();
        agents.dedup();
        agents
    }

    /// Queues the rows that changed for all consoles; returns whom to wake.
    pub fn announce_rows(&mut self) -> Vec<ConnId> {
        let rows: Vec<ChatRow> = std::mem::take(&mut self.rows).into_values().collect();
        let consoles = self.conns.iter_mut().filter(|(_, conn)| conn.audience() == Audience::Agents);
        let told = consoles.map(|(id, conn)| {
            conn.send(Outgoing::Frame(ServerFrame::Rows { rows: rows.clone() }));
            *id
        });
        told.collect()
    }
}

pub fn agent_of(actor: &Actor) -> Option<AgentId> {
    match actor {
        Actor::Agent(agent) => Some(agent.id),
        Actor::Visitor(_) | Actor::System => None,
    }
}

/// Events as they go over the wire; nothing when there are none.
pub fn events_frame(chat: ChatId, prev: Seq, events: Vec<Event>) -> Option<Outgoing> {
    let last = events.last()?.seq;
    Some(Outgoing::Events { chat, prev, last, frame: ServerFrame::Events { chat, prev, events } })
}
