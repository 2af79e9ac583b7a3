//! The client of `/live`: connects, comes back by itself, and passes frames on. Lost frames do no harm: who follows a
//! chat says at each connection how far they are.

use super::browser::{chance, on_window, window};
use super::state::*;
use crate::model::json::write;
use crate::model::live::{ClientFrame, PROTOCOL, SILENCE_MS, ServerFrame};
use gloo_timers::callback::Timeout;
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::*;
use web_sys::{CloseEvent, MessageEvent, WebSocket};

/// The first wait before connecting anew; it doubles each time, and half of it is chance.
const FIRST_WAIT_MS: f64 = 400.0;
/// The longest wait.
const LONGEST_WAIT_MS: f64 = 10_000.0;
/// Close codes from here to 4999 say that coming back has no point.
const FIRST_FINAL_CODE: u16 = 4_100;

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
    offline: RwSignal<bool>,
    work: StoredValue<Work, LocalStorage>,
}

#[derive(Default)]
struct Work {
    /// What the connection is for; nothing while it is not wanted.
    handlers: Option<Rc<Handlers>>,
    socket: Option<Socket>,
    /// Connections in a row that came to nothing.
    failures: u32,
    /// Runs out when nothing is heard any more, or when it is time to try again.
    timer: Option<Timeout>,
    listens: bool,
}

/// A connection, and what the browser calls at its events. Dropped, it hears nothing more.
struct Socket {
    socket: WebSocket,
    is_open: bool,
    _opened: Closure<dyn FnMut()>,
    _heard: Closure<dyn FnMut(MessageEvent)>,
    _closed: Closure<dyn FnMut(CloseEvent)>,
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        let _ = self.socket.close();
    }
}

impl Live {
    /// A connection that is not opened yet.
    pub fn new() -> Self {
        Live {
            link: RwSignal::new(Link::Connecting),
            offline: RwSignal::new(false),
            work: StoredValue::new_local(Work::default()),
        }
    }

    /// How the connection is.
    pub fn link(&self) -> RwSignal<Link> {
        self.link
    }

    /// Whether the browser has no network, and a connection does not prove the contrary.
    pub fn is_offline(&self) -> bool {
        let offline = self.offline.get();
        offline && self.link.with(|link| *link != Link::Online)
    }

    /// Hears from the browser how its network is, from now on. Once.
    pub fn attend(&self) {
        let this = *self;
        let listens = self.work.try_update_value(|work| std::mem::replace(&mut work.listens, true));
        if listens != Some(false) {
            return;
        }
        self.offline.set(!window().navigator().on_line());
        on_window("offline", move |_| {
            this.offline.set(true);
            // The connection would find out by itself, but only after a while.
            if this.work.with_value(|work| work.socket.is_some()) {
                this.lost(None);
            }
        });
        // A reason to try at once instead of waiting: the network is back, or the person is.
        on_window("online", move |_| {
            this.offline.set(false);
            this.poke();
        });
        on_window("focus", move |_| this.poke());
    }

    /// Sends a frame, if there is a connection: frames are of the moment.
    pub fn send(&self, frame: ClientFrame) {
        let text = write(&frame);
        self.work.with_value(|work| {
            if let Some(socket) = work.socket.as_ref().filter(|socket| socket.is_open) {
                let _ = socket.socket.send_with_str(&text);
            }
        });
    }

    /// Opens the connection and keeps it open for as long as the page lives. Once.
    pub fn start(&self, handlers: Handlers) {
        let is_first = self.work.try_update_value(|work| {
            let is_first = work.handlers.is_none();
            if is_first {
                work.handlers = Some(Rc::new(handlers));
            }
            is_first
        });
        self.attend();
        if is_first == Some(true) {
            self.connect();
        }
    }

    /// Tries at once, if there is no connection and none is on its way.
    fn poke(&self) {
        let waits = self.work.with_value(|work| work.handlers.is_some() && work.socket.is_none());
        if waits {
            self.connect();
        }
    }

    fn connect(&self) {
        let this = *self;
        let Ok(socket) = WebSocket::new(&address()) else { return self.lost(None) };
        let opened = Closure::<dyn FnMut()>::new(move || this.opened());
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                this.heard(&text);
            }
        });
        let closed = Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| {
            let is_final = (FIRST_FINAL_CODE..5_000).contains(&event.code());
            this.lost(is_final.then(|| event.reason()));
        });
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        let socket = Socket { socket, is_open: false, _opened: opened, _heard: heard, _closed: closed };
        let _ = self.work.try_update_value(|work| {
            work.timer = None;
            work.socket = Some(socket);
        });
    }

    fn opened(&self) {
        let Some(handlers) = self.handlers() else { return };
        let _ = self.work.try_update_value(|work| {
            if let Some(socket) = &mut work.socket {
                socket.is_open = true;
            }
        });
        self.listen();
        self.send((handlers.hello)());
    }

    /// Counts anew from now how long nothing is heard.
    fn listen(&self) {
        let this = *self;
        let timer = Timeout::new(SILENCE_MS, move || this.lost(None));
        let _ = self.work.try_update_value(|work| work.timer = Some(timer));
    }

    fn heard(&self, text: &str) {
        let Some(handlers) = self.handlers() else { return };
        self.listen();
        // A frame of a newer server that this page does not know is none of its business.
        let Some(frame) = (handlers.read)(text) else { return };
        match frame {
            ServerFrame::Ping => return self.send(ClientFrame::Pong),
            ServerFrame::Welcome { .. } => {
                let _ = self.work.try_update_value(|work| work.failures = 0);
                self.link.set(Link::Online);
            }
            _ => {}
        }
        (handlers.frame)(frame);
    }

    /// The connection has ended, or there never was one: for ever with a reason, else for a while.
    fn lost(&self, refused: Option<String>) {
        let this = *self;
        let gone = self.work.try_update_value(|work| {
            if refused.is_some() {
                work.handlers = None;
                work.timer = None;
            } else {
                let doubled = FIRST_WAIT_MS * f64::from(1 << work.failures.min(6));
                let wait = doubled.min(LONGEST_WAIT_MS) * (0.5 + chance() / 2.0);
                work.failures += 1;
                work.timer = Some(Timeout::new(wait as u32, move || this.connect()));
            }
            work.socket.take()
        });
        // Not from inside its own event.
        if let Some(gone) = gone {
            Timeout::new(0, move || drop(gone)).forget();
        }
        self.link.set(refused.map_or(Link::Reconnecting, Link::Refused));
    }

    fn handlers(&self) -> Option<Rc<Handlers>> {
        self.work.with_value(|work| work.handlers.clone())
    }
}

impl Default for Live {
    fn default() -> Self {
        Self::new()
    }
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
