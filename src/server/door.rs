//! The door: connections as they come in from the network. There are never more than fit, one on which nothing moves is
//! closed, and small frames leave at once.

use axum::serve::{Listener, ListenerExt as _, TapIo};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep};

/// Connections at one time, if so many files may be open.
const MOST: usize = 20_000;
/// Files that are kept free for everything else: the database, files that people send, mail.
const OTHER_FILES: usize = 128;
/// A connection on which nothing moves for this long, in neither direction, is closed. Longer than a call may take, and
/// longer than a live connection is silent.
const STILL_AFTER: Duration = Duration::from_secs(90);
/// Said to who finds no room, before the connection is closed.
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// Connections from this listener.
pub fn open(listener: TcpListener) -> TapIo<Door, impl FnMut(&mut Guarded) + Send + 'static> {
    let most = open_files().map_or(MOST, |files| MOST.min(files.saturating_sub(OTHER_FILES).max(1)));
    // What is said is short and waited for. Without this, it would wait for the other end to confirm what was said before.
    Door { listener, room: Arc::new(Semaphore::new(most)), still_after: STILL_AFTER }.tap_io(|io| {
        let _ = io.stream.set_nodelay(true);
    })
}

/// How many files this process may have open.
fn open_files() -> Option<usize> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    limits.lines().find_map(|line| line.strip_prefix("Max open files"))?.split_whitespace().next()?.parse().ok()
}

/// A listener with room for so many.
pub struct Door {
    listener: TcpListener,
    room: Arc<Semaphore>,
    still_after: Duration,
}

impl Listener for Door {
    type Io = Guarded;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Guarded, SocketAddr) {
        loop {
            let (stream, address) = Listener::accept(&mut self.listener).await;
            match self.room.clone().try_acquire_owned() {
                Ok(place) => return (Guarded::new(stream, place, self.still_after), address),
                // What does not fit into the empty buffer of a new connection is not worth waiting for.
                Err(_) => drop(stream.try_write(FULL)),
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that has found room, and is closed when nothing moves on it.
pub struct Guarded {
    stream: TcpStream,
    _place: OwnedSemaphorePermit,
    still_after: Duration,
    /// When something last moved.
    moved: Instant,
    /// Looks then; not set anew with each byte.
    look: Pin<Box<Sleep>>,
}

impl Guarded {
    fn new(stream: TcpStream, place: OwnedSemaphorePermit, still_after: Duration) -> Self {
        Guarded { stream, _place: place, still_after, moved: Instant::now(), look: Box::pin(sleep(still_after)) }
    }

    fn noted<T>(&mut self, poll: Poll<T>) -> Poll<T> {
        if poll.is_ready() {
            self.moved = Instant::now();
        }
        poll
    }

    /// Whether nothing has moved for too long; else this wakes when it is time to look again.
    fn is_still(&mut self, context: &mut Context<'_>) -> bool {
        while self.look.as_mut().poll(context).is_ready() {
            let until = self.moved + self.still_after;
            if until <= Instant::now() {
                return true;
            }
            self.look.as_mut().reset(until);
        }
        false
    }
}

impl AsyncRead for Guarded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if read.is_pending() && self.is_still(context) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        self.noted(read)
    }
}

impl AsyncWrite for Guarded {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.noted(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.noted(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    async fn door(most: usize, still_after: Duration) -> (Door, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        (Door { listener, room: Arc::new(Semaphore::new(most)), still_after }, address)
    }

    #[tokio::test]
    async fn who_finds_no_room_is_told_so_and_who_leaves_makes_room() {
        let (mut door, address) = door(1, STILL_AFTER).await;
        let _first = TcpStream::connect(address).await.unwrap();
        let (first, _) = door.accept().await;
        let mut second = TcpStream::connect(address).await.unwrap();
        let waiting = tokio::spawn(async move { door.accept().await });
        let mut said = String::new();
        second.read_to_string(&mut said).await.unwrap();
        assert!(said.starts_with("HTTP/1.1 503") && said.contains("retry-after"), "{said}");
        drop(first);
        let mut third = TcpStream::connect(address).await.unwrap();
        let (mut third_inside, _) = waiting.await.unwrap();
        third.write_all(b"hello").await.unwrap();
        let mut heard = [0; 5];
        third_inside.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"hello");
    }

    #[tokio::test]
    async fn a_connection_on_which_nothing_moves_is_closed() {
        let (mut door, address) = door(1, Duration::ZERO).await;
        let _silent = TcpStream::connect(address).await.unwrap();
        let (mut inside, _) = door.accept().await;
        let error = inside.read(&mut [0; 5]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[test]
    fn how_many_files_may_be_open_is_known() {
        assert!(open_files().is_some_and(|files| files > 0));
    }
}
