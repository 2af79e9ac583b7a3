//! An agent: logs in, opens a console, accepts chats, reads along, answers.

use super::super::http::{Http, call, post};
use super::super::load::{Job, Shared};
use super::super::net;
use super::super::socket::{Frame, Socket};
use super::{outbox, read_body, send_body, site};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use uuid::Uuid;

/// Addresses of agents, apart from those of visitors.
const FIRST_ADDRESS: usize = 10_000_000;

/// An agent who is logged in.
#[derive(Clone)]
pub struct Agent {
    pub from: Ipv4Addr,
    pub server: SocketAddr,
    /// The header with the session.
    pub cookie: String,
}

impl Agent {
    /// Logs in.
    pub async fn log_in(server: SocketAddr, number: usize) -> io::Result<Agent> {
        let from = net::address(FIRST_ADDRESS + number);
        let mut http = Http::open(from, server).await?;
        let fields = format!(
            "email={}&password={}&next=",
            site::email(number).replace('@', "%40"),
            site::PASSWORD.replace(' ', "+")
        );
        let answer = http.call(&post(server, "/login", "", "application/x-www-form-urlencoded", &fields)).await?;
        let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next());
        let cookie = cookie.ok_or_else(|| io::Error::other(format!("log-in answered {}", answer.status)))?;
        Ok(Agent { from, server, cookie: format!("cookie: {cookie}") })
    }

    /// Takes these chats.
    pub async fn accept(&self, chats: &[i64]) -> io::Result<()> {
        let mut http = Http::open(self.from, self.server).await?;
        for chat in chats {
            let body = format!(r#"{{"chat":{chat},"id":"{}","command":{{"type":"accept"}}}}"#, Uuid::now_v7());
            let answer = http.call(&call(self.server, "/api/agent/command", &self.cookie, &body)).await?;
            if answer.status != 200 {
                return Err(io::Error::other(format!("accept answered {}: {}", answer.status, answer.body)));
            }
        }
        Ok(())
    }

    /// Opens the console's connection.
    pub async fn connect(&self) -> io::Result<Socket> {
        let mut socket = Socket::open(self.from, self.server, "/live", &format!("{}\r\n", self.cookie)).await?;
        socket.send(r#"{"type":"hello","protocol":2,"cursors":[]}"#).await?;
        Ok(socket)
    }

    /// Carries out what the agent is to do, in turn for each of these chats.
    pub async fn write(self, chats: Vec<i64>, jobs: UnboundedReceiver<Job>, shared: Rc<Shared>) -> io::Result<()> {
        let http = Http::open(self.from, self.server).await?;
        let turn = std::cell::Cell::new(0);
        outbox(http, jobs, shared, |job| {
            let chat = chats[turn.replace((turn.get() + 1) % chats.len())];
            let body = match job {
                // Agents have no pages.
                Job::Send(due) | Job::View(due) => send_body(chat, due),
                Job::Read(up_to) => read_body(chat, up_to),
            };
            call(self.server, "/api/agent/command", &self.cookie, &body)
        })
        .await;
        Ok(())
    }
}

/// Keeps a console open: follows the chats that it is told, and notes what visitors write there.
pub async fn console(mut socket: Socket, mut follow: UnboundedReceiver<i64>, shared: Rc<Shared>) -> io::Result<()> {
    let mut said: Vec<String> = Vec::new();
    loop {
        for text in said.drain(..) {
            socket.send(&text).await?;
        }
        tokio::select! {
            Some(chat) = follow.recv() => said.push(format!(r#"{{"type":"follow","chat":{chat},"after":0}}"#)),
            frame = socket.frame() => match frame? {
                Frame::Text(text) if text.starts_with(r#"{"type":"events""#) => {
                    if text.contains(r#""by":"visitor""#) {
                        shared.seen(&text);
                    }
                }
                Frame::Text(text) if text.starts_with(r#"{"type":"ping""#) => said.push(r#"{"type":"pong"}"#.into()),
                Frame::Text(_) => {}
                Frame::Closed(code) => {
                    shared.broke(format!("console closed with {code}"));
                    return Ok(());
                }
            },
        }
    }
}

/// Where a console is told which chats to follow.
pub type Follow = UnboundedSender<i64>;
