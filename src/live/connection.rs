//! A connection as the hub knows it.

use super::backend::Viewer;
use super::hub::Outgoing;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

/// What the HTTP request of a connection said about the caller.
#[derive(Clone, Debug, Default)]
pub struct Handshake {
    /// The session cookie, if there was one.
    pub session: Option<String>,
    /// The caller's address.
    pub address: String,
}

/// A connection as the hub knows it.
#[derive(Debug)]
pub struct Connection {
    pub id: u64,
    pub viewer: Viewer,
    pub handshake: Handshake,
    since: Instant,
    /// When something was last heard, in milliseconds after `since`.
    heard: AtomicU64,
    /// Of pointers: room for a few is there before anything waits, in each of ten thousand connections.
    queue: mpsc::Sender<Arc<Outgoing>>,
    /// Cancelled when the connection could not keep up.
    pub overrun: CancellationToken,
    /// Rung when it must look whether it is still welcome: a session ended, or somebody was blocked.
    pub revoked: Arc<Notify>,
}

impl Connection {
    /// A connection whose frames go into this queue.
    pub fn new(id: u64, viewer: Viewer, handshake: Handshake, queue: mpsc::Sender<Arc<Outgoing>>) -> Self {
        Connection {
            id,
            viewer,
            handshake,
            since: Instant::now(),
            heard: AtomicU64::new(0),
            queue,
            overrun: CancellationToken::new(),
            revoked: Arc::default(),
        }
    }

    /// Something was heard.
    pub fn note_heard(&self) {
        self.heard.store(self.since.elapsed().as_millis() as u64, Ordering::Relaxed);
    }

    /// When something was last heard; at first when it began.
    pub fn heard_at(&self) -> Instant {
        self.since + Duration::from_millis(self.heard.load(Ordering::Relaxed))
    }

    /// Queues a frame; closes the connection when its queue is full.
    pub fn send(&self, outgoing: impl Into<Arc<Outgoing>>) {
        if self.queue.try_send(outgoing.into()).is_err() {
            self.overrun.cancel();
        }
    }
}
