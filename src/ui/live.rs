//! The client of `/live`: connects, comes back by itself, and passes frames on. Lost frames do no harm: who follows a
//! chat says at each connection how far they are.

use super::browser::{chance, on_window, spawn_local, window};
use super::state::*;
use crate::model::live::{ClientFrame, PROTOCOL, SILENCE_MS, ServerFrame};
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::{FutureExt as _, SinkExt as _, StreamExt as _, select_biased};
use gloo_net::websocket::futures::WebSocket;
use gloo_net::websocket::{Message, WebSocketError};
use gloo_timers::future::TimeoutFuture;
use std::rc::Rc;

/// The first wait before connecting anew; it doubles each time, and half of it is chance.
const FIRST_WAIT_MS: f64 = 400.0;
/// The longest wait.
const LONGEST_WAIT_MS: f64 = 10_000.0;

/// How the connection is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// Not wanted yet, or on its way for the first time.
    Connecting,
    Online,
    /// Lost; trying again.
    Reconnecting,
    /// The server does not want this client as it is: a sentence for the person.
    Refused(String),
}

/// What a client does with the connection.
pub struct Handlers {
    /// The first frame of each connection.
    pub hello: Box<dyn Fn() -> ClientFrame>,
    /// Reads a frame; nothing for what this client has no use for.
    pub read: fn(&str) -> Option<ServerFrame>,
    /// A frame arrived.
    pub frame: Box<dyn Fn(ServerFrame)>,
}

/// A live connection. Copied freely.
#[derive(Clone, Copy)]
pub struct Live {
    link: RwSignal<Link>,
    outgoing: StoredValue<Option<UnboundedSender<ClientFrame>>>,
    started: StoredValue<bool>,
}

impl Live {
    /// A connection that is not opened yet.
    pub fn new() -> Self {
        Live {
            link: RwSignal::new(Link::Connecting),
            outgoing: StoredValue::new(None),
            started: StoredValue::new(false),
        }
    }

    /// How the connection is.
    pub fn link(&self) -> RwSignal<Link> {
        self.link
    }

    /// Sends a frame, if there is a connection: frames are of the moment.
    pub fn send(&self, frame: ClientFrame) {
        self.outgoing.with_value(|outgoing| {
            if let Some(outgoing) = outgoing {
                let _ = outgoing.unbounded_send(frame);
            }
        });
    }

    /// Opens the connection and keeps it open for as long as the page lives. Once.
    pub fn start(&self, handlers: Handlers) {
        if self.started.get_value() {
            return;
        }
        self.started.set_value(true);
        // A reason to try at once instead of waiting: the network is back, or the person is.
        let (poke, poked) = unbounded::<()>();
        let on_line = poke.clone();
        on_window("online", move |_| {
            let _ = on_line.unbounded_send(());
        });
        on_window("focus", move |_| {
            let _ = poke.unbounded_send(());
        });
        spawn_local(run(*self, Rc::new(handlers), poked));
    }
}

impl Default for Live {
    fn default() -> Self {
        Self::new()
    }
}

async fn run(live: Live, handlers: Rc<Handlers>, mut poked: UnboundedReceiver<()>) {
    let mut failures = 0;
    loop {
        let (outgoing, frames) = unbounded();
        live.outgoing.set_value(Some(outgoing));
        let end = session(live, &handlers, frames).await;
        live.outgoing.set_value(None);
        if let Some(reason) = end.refused {
            live.link.set(Link::Refused(reason));
            live.started.set_value(false);
            return;
        }
        live.link.set(Link::Reconnecting);
        failures = if end.welcomed { 0 } else { failures + 1 };
        let wait = (FIRST_WAIT_MS * f64::from(1 << failures.min(6))).min(LONGEST_WAIT_MS) * (0.5 + chance() / 2.0);
        while poked.try_recv().is_ok() {}
        select_biased! {
            () = TimeoutFuture::new(wait as u32).fuse() => {}
            _ = poked.next() => {}
        }
    }
}

/// How a session ended.
#[derive(Default)]
struct End {
    welcomed: bool,
    /// Why coming back has no point.
    refused: Option<String>,
}

async fn session(live: Live, handlers: &Handlers, mut frames: UnboundedReceiver<ClientFrame>) -> End {
    let mut end = End::default();
    let Ok(socket) = WebSocket::open(&address()) else { return end };
    let (mut write, mut read) = socket.split();
    // The server says nothing before the hello: what can be read first is that there is no connection. Writing would
    // wait for one, and then complain of it in the browser's console.
    select_biased! {
        _ = read.next().fuse() => return end,
        sent = write.send(text(&(handlers.hello)())).fuse() => if sent.is_err() {
            return end;
        },
    }
    // Counts from what was heard last, not from what was said.
    let mut silence = TimeoutFuture::new(SILENCE_MS).fuse();
    loop {
        select_biased! {
            incoming = read.next().fuse() => { silence = TimeoutFuture::new(SILENCE_MS).fuse(); match incoming {
                Some(Ok(Message::Text(json))) => {
                    // A frame of a newer server that this page does not know is none of its business.
                    let Some(frame) = (handlers.read)(&json) else { continue };
                    match frame {
                        ServerFrame::Ping => {
                            if write.send(text(&ClientFrame::Pong)).await.is_err() {
                                return end;
                            }
                        }
                        ServerFrame::Welcome { .. } => {
                            end.welcomed = true;
                            live.link.set(Link::Online);
                            (handlers.frame)(frame);
                        }
                        frame => (handlers.frame)(frame),
                    }
                }
                Some(Err(WebSocketError::ConnectionClose(close))) => {
                    end.refused = (close.code >= 4_100 && close.code < 5_000).then_some(close.reason);
                    return end;
                }
                Some(Ok(Message::Bytes(_))) => {}
                Some(Err(_)) | None => return end,
            }},
            outgoing = frames.next() => match outgoing {
                Some(frame) => {
                    if write.send(text(&frame)).await.is_err() {
                        return end;
                    }
                }
                None => return end,
            },
            () = silence => return end,
        }
    }
}

fn text(frame: &ClientFrame) -> Message {
    Message::Text(serde_json::to_string(frame).unwrap_or_default())
}

/// `ws` beside `http`, `wss` beside `https`.
fn address() -> String {
    let location = window().location();
    let secure = location.protocol().is_ok_and(|protocol| protocol == "https:");
    format!("{}://{}/live", if secure { "wss" } else { "ws" }, location.host().unwrap_or_default())
}

/// The hello of a client that follows these chats.
pub fn hello(token: Option<String>, cursors: Vec<crate::model::live::Cursor>) -> ClientFrame {
    ClientFrame::Hello { protocol: PROTOCOL, token, cursors }
}
