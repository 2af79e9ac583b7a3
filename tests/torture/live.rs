//! A live connection as docs/protocol.md describes it: cursors, gaps, coming back.

use crate::chance::Chance;
use crate::http::Caller;
use crate::ledger::Ledger;
use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

/// What visitors must never hold.
const FOR_AGENTS: [&str; 9] = [
    "visit_recorded",
    "data_told",
    "page_viewed",
    "dismissed",
    "labels_changed",
    "ticket_created",
    "blocked",
    "block_lifted",
    "unknown",
];

/// What one client holds of one chat.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// In the order in which they came.
    pub events: Vec<Value>,
    pub cursor: i64,
    pub has_ended: bool,
}

/// What one client knows and wants, shared with its connection.
#[derive(Default)]
pub struct Desk {
    pub views: Mutex<BTreeMap<i64, View>>,
    /// The chats that it follows now.
    pub followed: Mutex<Vec<i64>>,
    /// Rung when something came.
    pub news: tokio::sync::Notify,
}

impl Desk {
    pub fn view(&self, chat: i64) -> View {
        self.views.lock().unwrap().get(&chat).cloned().unwrap_or_default()
    }

    /// Waits until this is so of what is held of a chat, and returns whether it became so in time.
    pub async fn sees(&self, chat: i64, within: Duration, wanted: impl Fn(&View) -> bool) -> bool {
        let seen = async {
            loop {
                let news = self.news.notified();
                if wanted(&self.view(chat)) {
                    return;
                }
                // Whoever is told between the two lines above is told again by the next event, or looks soon.
                let _ = tokio::time::timeout(Duration::from_millis(100), news).await;
            }
        };
        tokio::time::timeout(within, seen).await.is_ok()
    }
}

/// After the end of a chat everybody who follows it must have seen it within this time.
pub const END_SEEN_WITHIN: Duration = Duration::from_secs(45);

/// One client's connection, kept up until it is told to stop.
#[derive(Clone)]
pub struct Live {
    pub caller: Caller,
    /// A visitor's token; agents are known by their cookie.
    pub token: Option<String>,
    pub whose: String,
    pub desk: Arc<Desk>,
    pub ledger: Arc<Ledger>,
}

impl Live {
    /// Connects, and comes back whenever it is cut.
    pub async fn run(self, mut follow: watch::Receiver<u64>, mut stop: watch::Receiver<bool>, mut chance: Chance) {
        loop {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = self.connection(&mut follow) => {}
            }
            let wait = Duration::from_millis(chance.between(30, 200));
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// One connection, until it ends.
    async fn connection(&self, follow: &mut watch::Receiver<u64>) {
        let Ok(Ok(stream)) = tokio::time::timeout(Duration::from_secs(3), TcpStream::connect(self.caller.addr)).await
        else {
            return;
        };
        let mut request = "ws://chat.example/live".into_client_request().expect("a request");
        let headers = request.headers_mut();
        headers.insert("x-forwarded-for", self.caller.ip.parse().expect("an address"));
        if self.token.is_none() {
            headers.insert(self.caller.identity.0, self.caller.identity.1.parse().expect("a cookie"));
        }
        let opening = tokio_tungstenite::client_async(request, stream);
        let Ok(Ok((socket, _))) = tokio::time::timeout(Duration::from_secs(5), opening).await else { return };
        let (mut to_server, mut from_server) = socket.split();
        let mut known: Vec<i64> = self.desk.followed.lock().unwrap().clone();
        let cursors: Vec<Value> =
            known.iter().map(|chat| json!({ "chat": chat, "after": self.desk.view(*chat).cursor })).collect();
        let mut hello = json!({ "type": "hello", "protocol": 2, "cursors": cursors });
        if let Some(token) = &self.token {
            hello["token"] = json!(token);
        }
        if to_server.send(Message::text(hello.to_string())).await.is_err() {
            return;
        }
        loop {
            let mut say = Vec::new();
            tokio::select! {
                frame = from_server.next() => match frame {
                    Some(Ok(Message::Text(text))) => match serde_json::from_str::<Value>(&text) {
                        Ok(frame) => say.extend(self.hear(&frame)),
                        Err(error) => self.ledger.broken(format!("{}: no frame: {error}: {text}", self.whose)),
                    },
                    Some(Ok(Message::Close(Some(close)))) if u16::from(close.code) >= 4100 => {
                        self.ledger.broken(format!("{} was sent away: {close:?}", self.whose));
                        return;
                    }
                    Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Binary(_) | Message::Frame(_))) => {}
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                },
                _ = follow.changed() => {
                    let wanted = self.desk.followed.lock().unwrap().clone();
                    for chat in wanted.iter().filter(|chat| !known.contains(chat)) {
                        say.push(json!({ "type": "follow", "chat": chat, "after": self.desk.view(*chat).cursor }));
                    }
                    for chat in known.iter().filter(|chat| !wanted.contains(chat)) {
                        say.push(json!({ "type": "unfollow", "chat": chat }));
                    }
                    known = wanted;
                }
            }
            for frame in say {
                if to_server.send(Message::text(frame.to_string())).await.is_err() {
                    return;
                }
            }
        }
    }

    /// Takes a frame in, and returns what is to be said to it.
    fn hear(&self, frame: &Value) -> Option<Value> {
        let chat = frame["chat"].as_i64().unwrap_or_default();
        match frame["type"].as_str() {
            Some("ping") => return Some(json!({ "type": "pong" })),
            Some("events") => return self.take(chat, frame),
            Some("current") => {
                let cursor = self.desk.view(chat).cursor;
                if frame["seq"].as_i64().is_none_or(|seq| seq < cursor) {
                    self.ledger.broken(format!("{}: chat {chat} went back from {cursor}: {frame}", self.whose));
                }
            }
            Some("no_such_chat") if self.desk.followed.lock().unwrap().contains(&chat) => {
                self.ledger.broken(format!("{}: chat {chat} is not there any more", self.whose));
            }
            _ => {}
        }
        None
    }

    /// Events: dropped when something before them is missing, else those that are new are taken in.
    fn take(&self, chat: i64, frame: &Value) -> Option<Value> {
        let mut views = self.desk.views.lock().unwrap();
        let view = views.entry(chat).or_default();
        if frame["prev"].as_i64().is_none_or(|prev| prev > view.cursor) {
            return Some(json!({ "type": "follow", "chat": chat, "after": view.cursor }));
        }
        for event in frame["events"].as_array().into_iter().flatten() {
            let seq = event["seq"].as_i64().unwrap_or_default();
            let kind = event["body"]["type"].as_str().unwrap_or("unknown");
            if self.token.is_some() && FOR_AGENTS.contains(&kind) {
                self.ledger.broken(format!("{} holds an event that is for agents: {event}", self.whose));
            }
            if seq > view.cursor {
                view.events.push(event.clone());
                view.cursor = seq;
                view.has_ended |= kind == "ended";
            } else if !view.events.iter().rev().any(|held| held == event) {
                self.ledger.broken(format!("{}: event {seq} of chat {chat} is another than before", self.whose));
            }
        }
        self.desk.news.notify_waiters();
        None
    }
}
