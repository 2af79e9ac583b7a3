//! A bad network between clients and server: connections are cut, delayed, throttled or stall, by chance from the seed.

use crate::chance::Chance;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A stalled connection is cut after this long.
const STALL: Duration = Duration::from_millis(1_500);

/// What becomes of one direction of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Good,
    /// Cut when this many bytes went through: the next piece is lost.
    Cut {
        after: u64,
    },
    /// Each piece waits so long.
    Delayed {
        ms: u64,
    },
    /// Small pieces, each with a wait.
    Throttled {
        bytes: usize,
    },
    /// Nothing goes through any more after so many bytes, and only later is it cut.
    Stalled {
        after: u64,
    },
}

pub struct Proxy {
    addr: SocketAddr,
    inner: Arc<Inner>,
}

struct Inner {
    server: SocketAddr,
    chance: Mutex<Chance>,
    /// Changed to cut everything that is open.
    cut: watch::Sender<u64>,
    is_bad: AtomicBool,
    connections: AtomicU64,
    troubled: AtomicU64,
}

impl Proxy {
    /// A proxy in front of this server, good until it is told to be bad.
    pub async fn start(server: SocketAddr, chance: Chance) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let addr = listener.local_addr().expect("its address");
        let inner = Arc::new(Inner {
            server,
            chance: Mutex::new(chance),
            cut: watch::Sender::new(0),
            is_bad: AtomicBool::new(false),
            connections: AtomicU64::new(0),
            troubled: AtomicU64::new(0),
        });
        let serving = inner.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(serving.clone(), client));
            }
        });
        Proxy { addr, inner }
    }

    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// From now on connections have trouble, or none.
    pub fn be_bad(&self, bad: bool) {
        self.inner.is_bad.store(bad, Ordering::Relaxed);
    }

    /// Cuts all that is open.
    pub fn cut_all(&self) {
        self.inner.cut.send_modify(|times| *times += 1);
    }

    /// How many connections there were, and how many of them had trouble.
    pub fn counts(&self) -> (u64, u64) {
        (self.inner.connections.load(Ordering::Relaxed), self.inner.troubled.load(Ordering::Relaxed))
    }
}

impl Inner {
    /// What becomes of the two directions.
    fn fates(&self) -> [Fate; 2] {
        if !self.is_bad.load(Ordering::Relaxed) {
            return [Fate::Good; 2];
        }
        let mut chance = self.chance.lock().unwrap();
        let mut fate = || match chance.below(100) {
            0..70 => Fate::Good,
            70..84 => Fate::Cut { after: chance.below(1_500) },
            84..90 => Fate::Delayed { ms: chance.between(5, 200) },
            90..96 => Fate::Throttled { bytes: chance.between(50, 400) as usize },
            _ => Fate::Stalled { after: chance.below(3_000) },
        };
        [fate(), fate()]
    }
}

async fn pass(inner: Arc<Inner>, client: TcpStream) {
    inner.connections.fetch_add(1, Ordering::Relaxed);
    let mut cut = inner.cut.subscribe();
    let Ok(server) = TcpStream::connect(inner.server).await else { return };
    let fates = inner.fates();
    if fates != [Fate::Good; 2] {
        inner.troubled.fetch_add(1, Ordering::Relaxed);
    }
    let (_, _) = (client.set_nodelay(true), server.set_nodelay(true));
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    // Dropping the halves cuts both sides.
    tokio::select! {
        () = both(go(from_client, to_server, fates[0]), go(from_server, to_client, fates[1])) => {}
        _ = cut.changed() => {}
    }
}

/// Until both directions have ended in order, or one has not.
async fn both(one: impl Future<Output = bool>, other: impl Future<Output = bool>) {
    let (mut one, mut other) = (std::pin::pin!(one), std::pin::pin!(other));
    tokio::select! {
        in_order = &mut one => if in_order { other.await; },
        in_order = &mut other => if in_order { one.await; },
    }
}

/// Passes on what comes; `true` when it ended in order.
async fn go(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, fate: Fate) -> bool {
    let mut piece = vec![0; 16 << 10];
    let mut passed = 0;
    loop {
        let most = if let Fate::Throttled { bytes } = fate { bytes } else { piece.len() };
        let read = match from.read(&mut piece[..most]).await {
            Ok(0) => return to.shutdown().await.is_ok(),
            Ok(read) => read,
            Err(_) => return false,
        };
        match fate {
            Fate::Good => {}
            Fate::Cut { after } if passed + read as u64 > after => return false,
            Fate::Stalled { after } if passed + read as u64 > after => {
                tokio::time::sleep(STALL).await;
                return false;
            }
            Fate::Cut { .. } | Fate::Stalled { .. } => {}
            Fate::Delayed { ms } => tokio::time::sleep(Duration::from_millis(ms)).await,
            Fate::Throttled { .. } => tokio::time::sleep(Duration::from_millis(10)).await,
        }
        passed += read as u64;
        if to.write_all(&piece[..read]).await.is_err() {
            return false;
        }
    }
}
