//! The two references that pass messages on over sockets alone: the bare one (`bare`) and socket.io. Rooms have a visitor,
//! who writes, and an agent, who reads up to twenty of them, as in Frontdesk.

use super::clock::{Nanos, stamped};
use super::load::{Job, Load, Shared};
use super::net;
use super::socket::{Frame, Socket};
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// What people say, as long as in Frontdesk.
const SAID: &str = "Hello, do you ship the blue lamp to Ireland, and how long does it take to arrive there by post?";
/// Addresses apart from those of visitors.
const FIRST_AGENT: usize = 10_000_000;
/// Rooms that an agent reads.
const PER_AGENT: usize = 20;

/// How a reference speaks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Bare,
    SocketIo,
}

enum Heard {
    Ack,
    Said,
    Ping,
    Other,
}

impl Dialect {
    async fn join(self, number: usize, server: SocketAddr, rooms: &[usize]) -> io::Result<Socket> {
        let from = net::address(number);
        let list = rooms.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        match self {
            Dialect::Bare => Socket::open(from, server, &format!("/live?rooms={list}"), "").await,
            Dialect::SocketIo => {
                let mut socket = Socket::open(from, server, "/socket.io/?EIO=4&transport=websocket", "").await?;
                socket.text().await?;
                socket.send("40").await?;
                while !socket.text().await?.starts_with("40") {}
                socket.send(&format!(r#"420["join",[{list}]]"#)).await?;
                while !socket.text().await?.starts_with("43") {}
                Ok(socket)
            }
        }
    }

    fn message(self, room: usize, due: Nanos) -> String {
        let (id, text) = (uuid::Uuid::now_v7(), stamped(due, SAID));
        let message = format!(r#"{{"room":{room},"id":"{id}","text":"{text}"}}"#);
        match self {
            Dialect::Bare => message,
            Dialect::SocketIo => format!(r#"421["message",{message}]"#),
        }
    }

    fn hear(self, frame: &str) -> Heard {
        match self {
            Dialect::Bare if frame.starts_with(r#"{"ack""#) => Heard::Ack,
            Dialect::Bare => Heard::Said,
            Dialect::SocketIo if frame.starts_with("43") => Heard::Ack,
            Dialect::SocketIo if frame.starts_with("42") => Heard::Said,
            Dialect::SocketIo if frame == "2" => Heard::Ping,
            Dialect::SocketIo => Heard::Other,
        }
    }
}

/// Fills rooms with people.
pub async fn enter(load: &mut Load, dialect: Dialect, server: SocketAddr, rooms: usize) -> io::Result<()> {
    let all: Vec<usize> = (0..rooms).collect();
    for (agent, some) in all.chunks(PER_AGENT).enumerate() {
        let socket = dialect.join(FIRST_AGENT + agent, server, some).await?;
        let (_, nothing) = unbounded_channel();
        load.spawn(take_part(socket, dialect, 0, nothing, load.shared.clone()));
    }
    for room in all {
        let socket = dialect.join(room, server, &[room]).await?;
        let (jobs, due) = unbounded_channel();
        load.spawn(take_part(socket, dialect, room, due, load.shared.clone()));
        load.people.push(jobs);
    }
    Ok(())
}

/// Writes when it is time, each message after the one before was answered, and notes what others wrote.
async fn take_part(
    mut socket: Socket,
    dialect: Dialect,
    room: usize,
    mut jobs: UnboundedReceiver<Job>,
    shared: Rc<Shared>,
) -> io::Result<()> {
    let mut waiting: Option<Nanos> = None;
    loop {
        tokio::select! {
            Some(job) = jobs.recv(), if waiting.is_none() => {
                if let Job::Send(due) = job {
                    waiting = Some(due);
                    socket.send(&dialect.message(room, due)).await?;
                }
            }
            frame = socket.frame() => match frame? {
                Frame::Closed(code) => return Err(io::Error::other(format!("closed with {code}"))),
                Frame::Text(text) => match dialect.hear(&text) {
                    Heard::Ack => waiting.take().into_iter().for_each(|due| shared.answered(due)),
                    Heard::Said => shared.seen(&text),
                    Heard::Ping => socket.send("3").await?,
                    Heard::Other => {}
                },
            }
        }
    }
}
