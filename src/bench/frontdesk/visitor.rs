//! A visitor: starts a chat, keeps the widget's connection, writes, reads what is answered.

use super::super::http::{Http, call, post};
use super::super::load::{Job, Load, Shared};
use super::super::net;
use super::super::socket::{Frame, Socket};
use super::{SAID, number, once, outbox, read_body, send_body};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use uuid::Uuid;

/// Chats that are started at one time.
pub const STARTS: usize = 64;

/// A visitor with a chat.
#[derive(Clone)]
pub struct Visitor {
    pub from: Ipv4Addr,
    pub server: SocketAddr,
    pub token: String,
    pub chat: i64,
}

/// Starts as many chats, each of a visitor and from an address of its own; `first` is the number of the first visitor.
pub async fn start_chats(server: SocketAddr, first: usize, count: usize) -> io::Result<Vec<Visitor>> {
    let mut started = Vec::with_capacity(count);
    for some in (first..first + count).collect::<Vec<_>>().chunks(STARTS) {
        let some = some.iter().map(|number| Visitor::start(server, *number));
        started.extend(futures::future::try_join_all(some).await?);
    }
    Ok(started)
}

impl Visitor {
    pub async fn start(server: SocketAddr, number_: usize) -> io::Result<Visitor> {
        let from = net::address(number_);
        let token = token()?;
        let id = Uuid::now_v7();
        let page = r#"{"at":1790000500000,"url":"https://shop.example/pricing","title":"Pricing","referrer":""}"#;
        let body = format!(
            r#"{{"chat":null,"id":"{id}","command":{{"type":"start","name":"Visitor {number_}","email":"","text":[{{"paragraph":"{SAID}"}}],"visit":{{"first":{{"at":1790000000000,"url":"https://shop.example/"}},"session":{{"at":1790000500000,"url":"https://shop.example/pricing"}},"pages":[{page}],"language":"en-IE","time_zone":"Europe/Dublin"}},"page":{page}}}}}"#
        );
        let (status, answer) =
            once(from, server, "/api/visitor/command", &format!("authorization: Bearer {token}"), &body).await?;
        let chat = number(&answer, "chat").filter(|_| status == 200);
        let chat = chat.ok_or_else(|| io::Error::other(format!("start answered {status}: {answer}")))?;
        Ok(Visitor { from, server, token, chat })
    }

    /// Opens the widget's connection and waits until it is told that it has everything.
    pub async fn connect(&self) -> io::Result<Socket> {
        let origin = format!("origin: http://{}\r\n", self.server);
        let mut socket = Socket::open(self.from, self.server, "/live", &origin).await?;
        let Visitor { token, chat, .. } = self;
        let hello =
            format!(r#"{{"type":"hello","protocol":2,"token":"{token}","cursors":[{{"chat":{chat},"after":0}}]}}"#);
        socket.send(&hello).await?;
        while !socket.text().await?.starts_with(r#"{"type":"current""#) {}
        Ok(socket)
    }

    /// Ends the chat.
    pub async fn end(&self) -> io::Result<()> {
        let body = format!(r#"{{"chat":{},"id":"{}","command":{{"type":"end"}}}}"#, self.chat, Uuid::now_v7());
        let identity = format!("authorization: Bearer {}", self.token);
        let (status, answer) = once(self.from, self.server, "/api/visitor/command", &identity, &body).await?;
        if status == 200 { Ok(()) } else { Err(io::Error::other(format!("end answered {status}: {answer}"))) }
    }

    /// Carries out what the visitor is to do.
    pub async fn write(self, jobs: UnboundedReceiver<Job>, shared: Rc<Shared>) -> io::Result<()> {
        let http = Http::open(self.from, self.server).await?;
        let identity = format!("authorization: Bearer {}", self.token);
        outbox(http, jobs, shared, |job| {
            let body = match job {
                Job::Send(due) => send_body(self.chat, due),
                Job::Read(up_to) => read_body(self.chat, up_to),
                Job::View(_) => {
                    return beacon(self.server, "token", &self.token);
                }
            };
            call(self.server, "/api/visitor/command", &identity, &body)
        })
        .await;
        Ok(())
    }
}

/// Opens pages of the website when it is time to, and never a chat: the loader tells of it (`data-visitors="live"`).
pub async fn look_around(
    from: Ipv4Addr,
    server: SocketAddr,
    jobs: UnboundedReceiver<Job>,
    shared: Rc<Shared>,
) -> io::Result<()> {
    let http = Http::open(from, server).await?;
    let id = Uuid::now_v7().to_string();
    outbox(http, jobs, shared, |_| beacon(server, "live", &id)).await;
    Ok(())
}

/// What the loader says of one page view; `who` is told by a `token` or, without a chat, as `live`.
fn beacon(server: SocketAddr, told_by: &str, who: &str) -> String {
    let body = format!(
        r#"{{"{told_by}":"{who}","pages":[{{"id":"{}","at":1790000600000,"url":"https://shop.example/contact","title":"Contact","referrer":"https://shop.example/pricing"}}]}}"#,
        Uuid::now_v7()
    );
    post(server, "/api/visitor/page-views", "", "text/plain", &body)
}

/// What a visitor does beside writing.
#[derive(Clone, Default)]
pub struct Habits {
    /// Says what was read, here.
    pub reads: Option<UnboundedSender<Job>>,
    /// Types, as most do: a draft every few seconds.
    pub types: bool,
}

/// Keeps a visitor's widget open, and notes what agents write.
pub async fn widget(mut socket: Socket, chat: i64, habits: Habits, shared: Rc<Shared>) -> io::Result<()> {
    let mut typing = tokio::time::interval(Duration::from_secs(3));
    loop {
        tokio::select! {
            frame = socket.frame() => match frame? {
                Frame::Text(text) if text.starts_with(r#"{"type":"events""#) => {
                    if text.contains(r#""by":{"agent""#) && text.contains(r#""type":"message""#) {
                        shared.seen(&text);
                        if let (Some(reads), Some(seq)) = (&habits.reads, number(&text, "seq")) {
                            let _ = reads.send(Job::Read(seq));
                        }
                    }
                }
                Frame::Text(text) if text.starts_with(r#"{"type":"ping""#) => socket.send(r#"{"type":"pong"}"#).await?,
                Frame::Text(_) => {}
                Frame::Closed(code) => {
                    shared.broke(format!("widget closed with {code}"));
                    return Ok(());
                }
            },
            _ = typing.tick(), if habits.types => {
                socket.send(&format!(r#"{{"type":"typing","chat":{chat},"draft":"Hello, do you ship"}}"#)).await?;
            }
        }
    }
}

/// A fresh visitor's token: 32 random bytes.
fn token() -> io::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// Visitors who start a chat, keep their widget open and say nothing more.
pub async fn look_on(load: &mut Load, server: SocketAddr, first: usize, count: usize) -> io::Result<()> {
    let visitors = start_chats(server, first, count).await?;
    look_on_with(load, server, &visitors).await
}

/// Opens the widgets of these visitors, of whom none says anything.
pub async fn look_on_with(load: &mut Load, server: SocketAddr, visitors: &[Visitor]) -> io::Result<()> {
    for some in visitors.chunks(STARTS) {
        let some: Vec<Visitor> = some.iter().map(|visitor| Visitor { server, ..visitor.clone() }).collect();
        let sockets = futures::future::try_join_all(some.iter().map(Visitor::connect)).await?;
        for (visitor, socket) in some.iter().zip(sockets) {
            load.spawn(widget(socket, visitor.chat, Habits::default(), load.shared.clone()));
        }
    }
    Ok(())
}
