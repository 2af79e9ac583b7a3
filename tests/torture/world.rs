//! What all clients of a run share.

use crate::chance::Chance;
use crate::http::Caller;
use crate::ledger::Ledger;
use crate::live::{Desk, Live};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
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
    /// Visitors so far, for addresses.
    pub visitors: AtomicU64,
    /// The highest number of a chat that anybody was told.
    pub last_chat: AtomicI64,
}

impl World {
    pub fn is_closing(&self) -> bool {
        *self.closing.borrow()
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
        let running = tokio::spawn(live.run(follow.subscribe(), stop.subscribe(), chance));
        Client { caller, whose, desk, follow, stop, running }
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
