//! The door: connections as they come in from the network. There are never more than fit, nor many of one address; one on
//! which nothing moves is closed, and small frames leave at once.

use super::address::is_trusted;
use super::room::{Place, Room};
use axum::serve::Listener;
use ipnet::IpNet;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep, timeout};

/// Connections at one time, if so many files may be open.
const MOST: usize = 20_000;
/// Of those, from one address, of IPv6 from one /64: more than one may have live. A proxy that is trusted has all.
const PER_ADDRESS: usize = 1_500;
/// Files that are kept free for everything else: the database, files that people send, mail.
const OTHER_FILES: usize = 128;
/// A connection on which nothing moves for this long, in neither direction, is closed. Longer than a call may take, and
/// longer than a live connection is silent.
const STILL_AFTER: Duration = Duration::from_secs(90);
/// Who finds no room is heard all the same, so many at one time and for so long: `/healthz` is answered, the others are told
/// to come back. Beyond that they are only told.
const HEARD_AT_ONCE: usize = 256;
const HEARD_FOR: Duration = Duration::from_secs(2);
/// How `/healthz` is asked for, and answered here.
const HEALTH: &[u8] = b"GET /healthz ";
const ALIVE: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\nconnection: close\r\n\r\nalive\n";
/// Said to who finds no room, before the connection is closed.
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// Connections from this listener.
pub fn open(listener: TcpListener, proxies: Vec<IpNet>) -> Door {
    let most = MOST.min(open_files().saturating_sub(OTHER_FILES).max(1));
    // Nobody alone takes more than half of it.
    let room = Room::new(most, PER_ADDRESS.min(most.div_ceil(2)));
    Door { listener, room, proxies, heard: Arc::new(Semaphore::new(HEARD_AT_ONCE)), still_after: STILL_AFTER }
}

/// How many files this process may have open. It asks for as many as it would need, which the system mostly permits.
fn open_files() -> usize {
    let files = |limit: Option<u64>| limit.map_or(usize::MAX, |files| usize::try_from(files).unwrap_or(usize::MAX));
    let limit = getrlimit(Resource::Nofile);
    let (now, wanted) = (files(limit.current), MOST + OTHER_FILES);
    if now >= wanted {
        return now;
    }
    let more = files(limit.maximum).min(wanted);
    match setrlimit(Resource::Nofile, Rlimit { current: Some(more as u64), maximum: limit.maximum }) {
        Ok(()) => more,
        Err(_) => now,
    }
}

/// A listener with room for so many.
pub struct Door {
    listener: TcpListener,
    room: Arc<Room>,
    /// Those who come for many.
    proxies: Vec<IpNet>,
    /// Those who found no room and are heard.
    heard: Arc<Semaphore>,
    still_after: Duration,
}

impl Listener for Door {
    type Io = Guarded;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Guarded, SocketAddr) {
        loop {
            let (stream, address) = Listener::accept(&mut self.listener).await;
            let ip = address.ip();
            let Some(place) = self.room.enter((!is_trusted(ip, &self.proxies)).then_some(ip)) else {
                match self.heard.clone().try_acquire_owned() {
                    Ok(turn) => drop(tokio::spawn(turn_away(stream, turn))),
                    // What does not fit into the empty buffer of a new connection is not worth waiting for.
                    Err(_) => drop(stream.try_write(FULL)),
                }
                continue;
            };
            // What is said is short and waited for. Without this, it would wait for the other end to confirm what was said
            // before.
            let _ = stream.set_nodelay(true);
            return (Guarded::new(stream, place, self.still_after), address);
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// Hears what somebody wants for whom there is no room.
async fn turn_away(mut stream: TcpStream, _turn: OwnedSemaphorePermit) {
    let mut wanted = [0; 1_024];
    let read = timeout(HEARD_FOR, stream.read(&mut wanted)).await;
    let is_health = matches!(read, Ok(Ok(length)) if wanted[..length].starts_with(HEALTH));
    let _ = timeout(HEARD_FOR, stream.write_all(if is_health { ALIVE } else { FULL })).await;
}

/// A connection that has found room, and is closed when nothing moves on it.
pub struct Guarded {
    stream: TcpStream,
    _place: Place,
    still_after: Duration,
    /// When something last moved.
    moved: Instant,
    /// Looks then; not set anew with each byte.
    look: Pin<Box<Sleep>>,
}

impl Guarded {
    fn new(stream: TcpStream, place: Place, still_after: Duration) -> Self {
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

    async fn door(room: Arc<Room>, proxies: Vec<IpNet>, still_after: Duration) -> (Door, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        (Door { listener, room, proxies, heard: Arc::new(Semaphore::new(2)), still_after }, address)
    }

    #[tokio::test]
    async fn who_finds_no_room_is_told_so_and_who_leaves_makes_room() {
        let (mut door, address) = door(Room::new(1, 1), vec![], STILL_AFTER).await;
        let _first = TcpStream::connect(address).await.unwrap();
        let (first, _) = door.accept().await;
        let waiting = tokio::spawn(async move { door.accept().await });
        for (wanted, told) in [("GET /demo HTTP/1.1\r\n\r\n", "503"), ("GET /healthz HTTP/1.1\r\n\r\n", "200")] {
            let mut second = TcpStream::connect(address).await.unwrap();
            second.write_all(wanted.as_bytes()).await.unwrap();
            let mut said = String::new();
            second.read_to_string(&mut said).await.unwrap();
            assert!(said.starts_with(&format!("HTTP/1.1 {told}")), "{said}");
            assert_eq!(said.contains("retry-after"), told == "503", "{said}");
        }
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
        let (mut door, address) = door(Room::new(1, 1), vec![], Duration::ZERO).await;
        let _silent = TcpStream::connect(address).await.unwrap();
        let (mut inside, _) = door.accept().await;
        let error = inside.read(&mut [0; 5]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn nobody_alone_takes_all_the_room_but_a_proxy_that_is_trusted() {
        for (proxies, finds_room) in [(vec![], false), (vec!["127.0.0.0/8".parse().unwrap()], true)] {
            let (mut door, address) = door(Room::new(3, 1), proxies, STILL_AFTER).await;
            let _clients = (TcpStream::connect(address).await.unwrap(), TcpStream::connect(address).await.unwrap());
            let _first = door.accept().await;
            let second = door.accept();
            assert_eq!(tokio::time::timeout(Duration::from_millis(200), second).await.is_ok(), finds_room);
        }
    }

    #[test]
    fn as_many_files_may_be_open_as_the_system_permits() {
        let most = getrlimit(Resource::Nofile).maximum.map_or(usize::MAX, |most| most as usize);
        assert!(open_files() >= most.min(MOST + OTHER_FILES));
    }
}
