//! The server's side of one `/live` connection, from `hello` to the close reason.

use super::backend::{Backend, Unreadable, Viewer};
use super::bye::{self, Bye};
use super::connection::{Connection, Handshake};
use super::crowd::{Place, Whose};
use super::hub::{Hub, Outgoing, events_frame, frame};
use crate::model::agent::AgentRef;
use crate::model::chat::{Audience, Event, Seq, Side};
use crate::model::delivery::{Standing, resume_at, standing};
use crate::model::ids::ChatId;
use crate::model::live::{ClientFrame, MAX_DRAFT_CHARS, MAX_FOLLOWED, PROTOCOL, ServerFrame};
use crate::model::visitor::cut;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use futures::SinkExt as _;
use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

/// The first frame must be here by then.
const HELLO_WITHIN: Duration = Duration::from_secs(10);
/// The server speaks at least this often.
const PING_EVERY: Duration = Duration::from_secs(25);
/// Consoles are asked more often: their agents' chats depend on whether they are there. See [`super::attendance`].
const PING_CONSOLES_EVERY: Duration = Duration::from_secs(10);
/// A client that says nothing for this long is gone.
const SILENT_AFTER: Duration = Duration::from_secs(60);
/// A frame that cannot be handed to the network within this time: the client is gone.
const SEND_WITHIN: Duration = Duration::from_secs(10);
/// Frames that are sent together at most.
const TOGETHER: usize = 64;
/// Frames that a client may send per second, on average and at once.
const FRAMES_PER_SECOND: f64 = 20.0;
const FRAMES_AT_ONCE: f64 = 100.0;

/// Serves a connection until it ends.
pub async fn serve(mut socket: WebSocket, hub: Arc<Hub>, backend: Arc<dyn Backend>, handshake: Handshake) {
    if let Some(bye) = attend(&mut socket, &hub, &*backend, handshake).await {
        let _ = timeout(SEND_WITHIN, socket.send(Message::Close(Some(bye.into())))).await;
    }
}

/// From the first frame to the last. The places that the connection takes are free again at the end.
async fn attend(socket: &mut WebSocket, hub: &Arc<Hub>, backend: &dyn Backend, handshake: Handshake) -> End {
    let Some(_at_the_door) = hub.crowd.enter(Whose::address(&handshake.address)) else {
        return Some(bye::CROWDED);
    };
    let (viewer, cursors) = match hello(socket, backend, &handshake).await {
        Ok(hello) => hello,
        Err(end) => return end,
    };
    let Some(_inside) = place_of(hub, &viewer) else { return Some(bye::TOO_MANY_WINDOWS) };
    let (connection, queue) = hub.admit(viewer, handshake);
    let mut session = Session { socket, hub, backend, connection, cursors: HashMap::new() };
    let end = session.run(queue, cursors).await;
    hub.disconnect(&session.connection, session.cursors.keys().copied());
    end
}

fn place_of(hub: &Hub, viewer: &Viewer) -> Option<Place> {
    hub.crowd.enter(match viewer {
        Viewer::Visitor(visitor) => Whose::Visitor(*visitor),
        Viewer::Agent(agent) => Whose::Agent(agent.id),
    })
}

type Hello = (Viewer, Vec<(ChatId, Seq)>);

async fn hello(socket: &mut WebSocket, backend: &dyn Backend, handshake: &Handshake) -> Result<Hello, End> {
    let text = timeout(HELLO_WITHIN, first_text(socket)).await.map_err(|_| Some(bye::NO_HELLO))??;
    let Ok(ClientFrame::Hello { protocol, token, cursors }) = serde_json::from_str(&text) else {
        return Err(Some(bye::BAD_FRAME));
    };
    if protocol != PROTOCOL {
        return Err(Some(bye::WRONG_PROTOCOL));
    }
    let viewer = backend
        .identify(token.as_deref(), handshake.session.as_deref(), &handshake.address)
        .await
        .map_err(|Unreadable| Some(bye::NOT_READABLE))?
        .ok_or(Some(bye::NOBODY))?;
    if backend.is_blocked(&viewer, &handshake.address) {
        return Err(Some(bye::BLOCKED));
    }
    let cursors = cursors.into_iter().take(MAX_FOLLOWED).map(|cursor| (cursor.chat, cursor.after)).collect();
    Ok((viewer, cursors))
}

/// The first frame with text; pings before it are fine.
async fn first_text(socket: &mut WebSocket) -> Result<Utf8Bytes, End> {
    loop {
        match socket.recv().await {
            Some(Ok(Message::Text(text))) => return Ok(text),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Binary(_))) => return Err(Some(bye::BAD_FRAME)),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(None),
        }
    }
}

struct Session<'a> {
    socket: &'a mut WebSocket,
    hub: &'a Arc<Hub>,
    backend: &'a dyn Backend,
    connection: Arc<Connection>,
    /// The last number sent of each followed chat.
    cursors: HashMap<ChatId, Seq>,
}

/// Why a session goes no further: the client left, or the server says goodbye.
type End = Option<Bye>;

impl Session<'_> {
    async fn run(&mut self, queue: mpsc::Receiver<Arc<Outgoing>>, cursors: Vec<(ChatId, Seq)>) -> End {
        match self.converse(queue, cursors).await {
            Ok(()) => None,
            Err(end) => end,
        }
    }

    async fn converse(
        &mut self,
        mut queue: mpsc::Receiver<Arc<Outgoing>>,
        cursors: Vec<(ChatId, Seq)>,
    ) -> Result<(), End> {
        self.send(frame(&ServerFrame::Welcome { protocol: PROTOCOL })).await?;
        for (chat, after) in cursors {
            self.follow(chat, after).await?;
        }
        // Made once: each of them enters a list that many connections share.
        let mut overrun = pin!(self.connection.overrun.clone().cancelled_owned());
        let mut closing = pin!(self.hub.closing().clone().cancelled_owned());
        let revoked = self.connection.revoked.clone();
        let mut ping = interval(match self.connection.viewer {
            Viewer::Visitor(_) => PING_EVERY,
            Viewer::Agent(_) => PING_CONSOLES_EVERY,
        });
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard = Instant::now();
        let mut allowance = Allowance { left: FRAMES_AT_ONCE, at: Instant::now() };
        loop {
            tokio::select! {
                biased;
                () = &mut closing => return Err(Some(bye::STOPPING)),
                () = &mut overrun => return Err(Some(bye::TOO_SLOW)),
                _ = ping.tick() => {
                    if heard.elapsed() > SILENT_AFTER {
                        return Err(Some(bye::SILENT));
                    }
                    self.still_welcome().await?;
                    self.send(frame(&ServerFrame::Ping)).await?;
                }
                () = revoked.notified() => self.still_welcome().await?,
                Some(outgoing) = queue.recv() => {
                    self.pass_on(&outgoing).await?;
                    // What waits goes out together, a bounded number of times before the others above are looked at.
                    for _ in 1..TOGETHER {
                        let Ok(outgoing) = queue.try_recv() else { break };
                        self.pass_on(&outgoing).await?;
                    }
                    self.flush().await?;
                }
                incoming = self.socket.recv() => {
                    heard = Instant::now();
                    self.connection.note_heard();
                    if !allowance.take() {
                        return Err(Some(bye::TOO_MANY));
                    }
                    match incoming {
                        Some(Ok(Message::Text(text))) => {
                            let said = serde_json::from_str(&text).map_err(|_| Some(bye::BAD_FRAME))?;
                            self.hear(said).await?;
                        }
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                        Some(Ok(Message::Binary(_))) => return Err(Some(bye::BAD_FRAME)),
                        Some(Ok(Message::Close(_)) | Err(_)) | None => return Ok(()),
                    }
                }
            }
        }
    }

    /// A console lives no longer than its session, which may have ended by log-out or by time, and a visitor's connection
    /// no longer than the visitor is welcome.
    async fn still_welcome(&mut self) -> Result<(), End> {
        match &self.connection.viewer {
            Viewer::Agent(_) => {
                let Handshake { session, address } = &self.connection.handshake;
                match self.backend.identify(None, session.as_deref(), address).await {
                    Ok(None) => Err(Some(bye::NOBODY)),
                    _ => Ok(()),
                }
            }
            visitor if self.backend.is_blocked(visitor, &self.connection.handshake.address) => Err(Some(bye::BLOCKED)),
            Viewer::Visitor(_) => Ok(()),
        }
    }

    async fn hear(&mut self, said: ClientFrame) -> Result<(), End> {
        match said {
            ClientFrame::Hello { .. } => Err(Some(bye::BAD_FRAME)),
            ClientFrame::Pong => Ok(()),
            ClientFrame::Follow { chat, after } => {
                // A connection that followed nothing was not told that its visitor is kept out.
                self.still_welcome().await?;
                self.follow(chat, after).await
            }
            ClientFrame::Unfollow { chat } => {
                if self.cursors.remove(&chat).is_some() {
                    self.hub.unfollow(&self.connection, chat);
                }
                Ok(())
            }
            ClientFrame::Typing { chat, draft } => {
                if self.cursors.contains_key(&chat) {
                    self.typing(chat, draft);
                }
                Ok(())
            }
            // Of consoles alone; what is said to visitors never comes from there.
            ClientFrame::WatchVisitors { on } => {
                self.connection.watch_visitors(on);
                match (on, &self.connection.viewer) {
                    // What has changed before this was heard.
                    (true, Viewer::Agent(_)) => self.send(frame(&ServerFrame::VisitorsChanged)).await,
                    _ => Ok(()),
                }
            }
            ClientFrame::Presence { chat, presence } => {
                if self.cursors.contains_key(&chat) && matches!(self.connection.viewer, Viewer::Visitor(_)) {
                    self.hub.note_presence(&self.connection, chat, Some(presence));
                }
                Ok(())
            }
        }
    }

    /// Passes typing on: to agents with the visitor's draft, to the visitor without the agent's.
    fn typing(&self, chat: ChatId, draft: Option<String>) {
        let draft = draft.filter(|draft| !draft.is_empty()).map(|draft| cut(&draft, MAX_DRAFT_CHARS));
        let typing = draft.is_some();
        match &self.connection.viewer {
            Viewer::Visitor(_) => {
                let told = ServerFrame::Typing { chat, side: Side::Visitor, agent: None, draft, typing };
                self.hub.tell(chat, &told, |other| other.viewer.audience() == Audience::Agents);
            }
            Viewer::Agent(agent) => {
                // A colleague may type who takes no part: the photo is not told.
                let typist = Some(AgentRef { photo: None, ..agent.to_ref() });
                let told = ServerFrame::Typing { chat, side: Side::Agents, agent: typist, draft: None, typing };
                self.hub.tell(chat, &told, |other| match &other.viewer {
                    Viewer::Visitor(_) => true,
                    Viewer::Agent(colleague) => colleague.id != agent.id,
                });
            }
        }
    }

    /// Subscribes first and reads the log then, so that nothing falls between; what comes twice is dropped.
    async fn follow(&mut self, chat: ChatId, after: Seq) -> Result<(), End> {
        let has_room = self.cursors.contains_key(&chat) || self.cursors.len() < MAX_FOLLOWED;
        let latest = match has_room {
            true => self
                .backend
                .latest(&self.connection.viewer, chat)
                .await
                .map_err(|Unreadable| Some(bye::NOT_READABLE))?,
            false => None,
        };
        let Some(latest) = latest else {
            return self.send(frame(&ServerFrame::NoSuchChat { chat })).await;
        };
        // Ahead of the log: `current` tells the client.
        self.cursors.insert(chat, resume_at(after, latest));
        self.hub.follow(&self.connection, chat);
        self.catch_up(chat).await?;
        let seq = self.cursors.get(&chat).copied().unwrap_or(after);
        self.send(frame(&ServerFrame::Current { chat, seq })).await
    }

    /// Sends what the log has after the cursor.
    async fn catch_up(&mut self, chat: ChatId) -> Result<(), End> {
        while let Some(after) = self.cursors.get(&chat).copied() {
            let missed = self.backend.missed(&self.connection.viewer, chat, after).await;
            let missed = missed.map_err(|Unreadable| Some(bye::NOT_READABLE))?;
            let missed: Vec<&Event> = missed.iter().collect();
            let Some(Outgoing::Events { last, frame, .. }) = events_frame(chat, after, &missed) else {
                break;
            };
            self.send(Outgoing::Frame(frame)).await?;
            self.cursors.insert(chat, last);
        }
        Ok(())
    }

    /// Sends what the hub published, unless it is known already; reads the log when something before it is missing.
    async fn pass_on(&mut self, outgoing: &Outgoing) -> Result<(), End> {
        self.connection.note_taken(outgoing);
        match *outgoing {
            Outgoing::Frame(_) => self.feed(outgoing.clone()).await,
            Outgoing::Events { chat, prev, last, .. } => match self.cursors.get(&chat).copied() {
                None => Ok(()),
                Some(cursor) => match standing(cursor, prev, last) {
                    Standing::Known => Ok(()),
                    Standing::Next => {
                        self.cursors.insert(chat, last);
                        self.feed(outgoing.clone()).await
                    }
                    Standing::Apart => self.catch_up(chat).await,
                },
            },
        }
    }

    /// Hands a frame over, to be sent with the next [`Session::flush`].
    async fn feed(&mut self, outgoing: Outgoing) -> Result<(), End> {
        let (Outgoing::Events { frame, .. } | Outgoing::Frame(frame)) = outgoing;
        in_time(self.socket.feed(Message::Text(frame))).await
    }

    async fn flush(&mut self) -> Result<(), End> {
        in_time(self.socket.flush()).await
    }

    async fn send(&mut self, outgoing: Outgoing) -> Result<(), End> {
        self.feed(outgoing).await?;
        self.flush().await
    }
}

/// Handing something to the network, which a client that is gone does not take.
async fn in_time(handing: impl Future<Output = Result<(), axum::Error>>) -> Result<(), End> {
    match timeout(SEND_WITHIN, handing).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(None),
        Err(_) => Err(Some(bye::TOO_SLOW)),
    }
}

/// A token bucket for the frames of one client.
struct Allowance {
    left: f64,
    at: Instant,
}

impl Allowance {
    fn take(&mut self) -> bool {
        let elapsed = self.at.elapsed().as_secs_f64();
        self.at = Instant::now();
        self.left = (self.left + elapsed * FRAMES_PER_SECOND).min(FRAMES_AT_ONCE) - 1.0;
        self.left >= 0.0
    }
}
