//! A connection as the hub knows it.

use super::backend::Viewer;
use super::hub::Outgoing;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

/// Bytes that may wait for one connection. When there are more, it is closed.
const MAX_WAITING: usize = 1 << 20;

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
    /// Bytes of what is in the queue.
    waiting: AtomicUsize,
    /// Whether it is to be told that visitors on the websites changed.
    watches_visitors: AtomicBool,
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
            waiting: AtomicUsize::new(0),
            watches_visitors: AtomicBool::new(false),
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

    /// Whether it is to be told that visitors on the websites changed.
    pub fn watches_visitors(&self) -> bool {
        self.watches_visitors.load(Ordering::Relaxed)
    }

    /// From now on it is to be told, or not any more.
    pub fn watch_visitors(&self, on: bool) {
        self.watches_visitors.store(on, Ordering::Relaxed);
    }

    /// Queues a frame; closes the connection when too many wait, or too much.
    pub fn send(&self, outgoing: impl Into<Arc<Outgoing>>) {
        let outgoing = outgoing.into();
        let bytes = outgoing.bytes();
        let before = self.waiting.fetch_add(bytes, Ordering::Relaxed);
        // One that is larger than all that may wait goes alone.
        let fits = before == 0 || before + bytes <= MAX_WAITING;
        if !fits || self.queue.try_send(outgoing).is_err() {
            self.overrun.cancel();
        }
    }

    /// A frame was taken out of the queue.
    pub fn note_taken(&self, outgoing: &Outgoing) {
        self.waiting.fetch_sub(outgoing.bytes(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::VisitorId;

    fn frame(bytes: usize) -> Outgoing {
        Outgoing::Frame("x".repeat(bytes).into())
    }

    #[test]
    fn few_large_frames_are_too_much_as_many_small_ones_are() {
        let connect = || {
            let (sender, queue) = mpsc::channel(100);
            (Connection::new(1, Viewer::Visitor(VisitorId(1)), Handshake::default(), sender), queue)
        };
        let (connection, mut queue) = connect();
        for _ in 0..10 {
            connection.send(frame(MAX_WAITING / 2));
            connection.send(frame(MAX_WAITING / 2));
            for _ in 0..2 {
                connection.note_taken(&queue.try_recv().unwrap());
            }
        }
        connection.send(frame(2 * MAX_WAITING));
        assert!(!connection.overrun.is_cancelled(), "who keeps up is served, also with what is large");
        connection.send(frame(1));
        assert!(connection.overrun.is_cancelled());
        let (connection, _queue) = connect();
        (0..100).for_each(|_| connection.send(frame(1)));
        assert!(!connection.overrun.is_cancelled());
        connection.send(frame(1));
        assert!(connection.overrun.is_cancelled());
    }
}
