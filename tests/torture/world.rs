//! What all clients of a run share.

use crate::chance::Chance;
use crate::http::Caller;
use crate::ledger::Ledger;
use crate::live::{Desk, Live};
use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub struct World {
    /// The proxy.
    pub addr: SocketAddr,
    pub ledger: Arc<Ledger>,
    /// No new chats are to be started.
    pub closing: watch::Receiver<bool>,
    /// What every client held in the end: of visitors `true`, of agents `false`.
    pub held: Mutex<Vec<(bool, String, Arc<Desk>)>>,
    /// The sessions of the agents, by their numbers from 1.
    pub sessions: Vec<String>,
    /// The agent who has vanished, while there is one.
    pub gone: watch::Sender<Option<u64>>,
    /// Who was gone from when to when, in milliseconds since 1970.
    pub absences: Mutex<Vec<(u64, i64, i64)>>,
    /// Chats that no agent ends.
    pub lasting: Mutex<HashSet<i64>>,
    /// The agent who accepts no other chat, while there is one.
    pub busy: Mutex<Option<u64>>,
    /// Chats whose agent was there for longer than the absence that the rules allow, and accepted no other meanwhile.
    pub stayed: AtomicU64,
    /// Visitors so far, for addresses.
    pub visitors: AtomicU64,
    /// The highest number of a chat that anybody was told.
    pub last_chat: AtomicI64,
}

impl World {
    pub fn is_closing(&self) -> bool {
        *self.closing.borrow()
    }

    /// No agent ends this chat.
    pub fn lasts(&self, chat: i64) -> bool {
        self.lasting.lock().unwrap().contains(&chat)
    }

    pub fn is_gone(&self, agent: u64) -> bool {
        *self.gone.borrow() == Some(agent)
    }

    /// This agent accepts no other chat.
    pub fn is_busy(&self, agent: u64) -> bool {
        *self.busy.lock().unwrap() == Some(agent)
    }

    /// Waits until this agent may come back.
    pub async fn until_back(&self, agent: u64) {
        let _ = self.gone.subscribe().wait_for(|gone| *gone != Some(agent)).await;
    }

    pub fn heard_of(&self, chat: i64) {
        self.last_chat.fetch_max(chat, Ordering::Relaxed);
    }
}

/// A client with its live connection.
pub struct Client {
    pub caller: Caller,
    pub whose: String,
    pub desk: Arc<Desk>,
    live: Live,
    follow: watch::Sender<u64>,
    stop: watch::Sender<bool>,
    running: JoinHandle<()>,
}

impl Client {
    pub fn connect(world: &World, caller: Caller, whose: String, token: Option<String>, chance: Chance) -> Self {
        let desk: Arc<Desk> = Arc::default();
        world.held.lock().unwrap().push((token.is_some(), whose.clone(), desk.clone()));
        let (follow, stop) = (watch::Sender::new(0), watch::Sender::new(false));
        let live = Live {
            caller: caller.clone(),
            token,
            whose: whose.clone(),
            desk: desk.clone(),
            ledger: world.ledger.clone(),
        };
        let running = tokio::spawn(live.clone().run(follow.subscribe(), stop.subscribe(), chance));
        Client { caller, whose, desk, live, follow, stop, running }
    }

    /// Its connection ends as when its process is killed: nobody says goodbye, and nobody comes back.
    pub async fn vanish(&mut self) {
        self.running.abort();
        let _ = (&mut self.running).await;
    }

    /// Connects anew, with what it held.
    pub fn come_back(&mut self, chance: Chance) {
        self.running = tokio::spawn(self.live.clone().run(self.follow.subscribe(), self.stop.subscribe(), chance));
    }

    /// Whether it sees the end of a chat within this time.
    pub async fn sees_end(&self, chat: i64, within: Duration) -> bool {
        self.desk.sees(chat, within, |view| view.has_ended).await
    }

    /// Follows these chats and no others.
    pub fn follow(&self, chats: Vec<i64>) {
        let mut followed = self.desk.followed.lock().unwrap();
        if *followed != chats {
            *followed = chats;
            drop(followed);
            self.follow.send_modify(|times| *times += 1);
        }
    }

    pub async fn leave(self) {
        self.stop.send_replace(true);
        self.running.await.expect("the connection's task");
    }
}
