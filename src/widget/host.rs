//! The page around the frame: what the loader tells us, and what we tell it. Messages name their origin, both ways.

use super::notify::Standing;
use crate::model::Millis;
use crate::model::custom_data::{MAX_KEY_CHARS, MAX_VALUE_CHARS, MAX_VALUES};
use crate::model::identity::MAX_IDENTITY_TOKEN_BYTES;
use crate::model::json::{Json, Object, Read, Write, objects, read, write, written};
use crate::model::visitor::{Landing, MAX_PAGES, PageView, Visit, cut};
use crate::ui::browser::{on_window, window};
use crate::ui::state::*;
use crate::ui::words::t;
use serde::Serialize;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::*;

/// Most bytes of JSON that the pages of a visit take. With the longest message and all else that a start carries, that
/// is less than the 256 KiB that a call can have.
const MAX_PAGES_BYTES: usize = 48 * 1024;
/// Longest name or email that is filled in for the visitor, in characters: more than the rules take, so that they say so.
const MAX_GIVEN_CHARS: usize = 300;

/// What the loader tells.
#[derive(Clone, Debug)]
pub enum FromHost {
    /// Who the visitor is, and what their browser remembers of the visit.
    Context(Box<HostContext>),
    /// The panel was opened or closed.
    Visible { open: bool },
    /// The visitor opened a page.
    Page { page: PageView },
    /// The visitor goes back: what lies over the chat is to go.
    Back,
    /// The visitor is to be forgotten.
    Forget,
    /// Whether the page tells the visitor of messages while they look elsewhere.
    Notify { state: Standing },
}

/// Who the visitor is, and what their browser remembers of the visit.
#[derive(Clone, Debug, Default)]
pub struct HostContext {
    pub token: String,
    pub open: bool,
    /// Whether anything may be kept in the browser; it may where nothing is said of it.
    pub consented: Option<bool>,
    pub visit: HostVisit,
    pub pages: Vec<PageView>,
    pub page: Option<PageView>,
    pub identity: Option<Identity>,
    /// What else the website tells of the visitor.
    pub data: Data,
}

/// What a website tells of its visitor, as much as the server takes in.
#[derive(Clone, Debug, Default)]
pub struct Data(pub Json);

#[derive(Clone, Debug, Default)]
pub struct HostVisit {
    pub first: Option<HostLanding>,
    pub session: Option<HostLanding>,
}

#[derive(Clone, Debug, Default)]
pub struct HostLanding {
    pub at: Millis,
    pub url: String,
}

/// Who the website says the visitor is.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    pub name: Option<String>,
    pub email: Option<String>,
    /// A proof of it, for the server to check.
    pub token: Option<String>,
}

objects! {
    HostContext { identity, page, consented; token, open, visit, pages, data }
    HostVisit { first, session }
    HostLanding { ; at, url }
}

/// A website may say anything: what is no text is nothing.
impl Read for Identity {
    fn read(json: &Json) -> Option<Self> {
        let text = |name: &str| json.get(name).as_text();
        let given = |name: &str| text(name).map(|text| cut(text, MAX_GIVEN_CHARS));
        // A token that is too long is the server's to refuse, as long as it can be sent at all.
        let token = text("token").filter(|token| token.len() <= 4 * MAX_IDENTITY_TOKEN_BYTES);
        Some(Identity { name: given("name"), email: given("email"), token: token.map(str::to_owned) })
    }
}

impl Read for Data {
    fn read(json: &Json) -> Option<Self> {
        let Json::Object(members) = json else { return Some(Data::default()) };
        let mut kept = Vec::new();
        for (name, value) in members {
            let value = match value {
                Json::Null | Json::List(_) | Json::Object(_) => continue,
                Json::Text(text) => Json::Text(cut(text.trim(), MAX_VALUE_CHARS)),
                Json::Number(number) => Json::Number(cut(number, MAX_VALUE_CHARS)),
                value => value.clone(),
            };
            // Some may be of no name or value, which the server knows best.
            if kept.len() < 2 * MAX_VALUES {
                kept.push((cut(name.trim(), MAX_KEY_CHARS), value));
            }
        }
        Some(if kept.is_empty() { Data::default() } else { Data(Json::Object(kept)) })
    }
}

impl Read for FromHost {
    fn read(json: &Json) -> Option<Self> {
        Some(match json.get("type").as_text()? {
            "context" => FromHost::Context(Box::new(HostContext::read(json)?)),
            "visible" => FromHost::Visible { open: json.field("open")? },
            "page" => FromHost::Page { page: json.field("page")? },
            "back" => FromHost::Back,
            "forget" => FromHost::Forget,
            "notify" => FromHost::Notify { state: Standing::named(json.get("state").as_text()?)? },
            _ => return None,
        })
    }
}

impl HostContext {
    /// The visitor opened a page.
    pub fn come_to(&mut self, page: PageView) {
        self.pages.push(page.clone());
        let surplus = self.pages.len().saturating_sub(MAX_PAGES);
        self.pages.drain(..surplus);
        self.page = Some(page);
    }

    /// When the last of the pages that a start takes along was opened: later ones are the loader's to report.
    pub fn seen_until(&self) -> Option<Millis> {
        self.pages.iter().map(|page| page.at).max()
    }

    /// The visit as a chat keeps it.
    pub fn visit(&self) -> Visit {
        let landing = |landing: &HostLanding| Landing { at: landing.at, url: landing.url.clone() };
        Visit {
            first: self.visit.first.as_ref().map(landing),
            session: self.visit.session.as_ref().map(landing),
            pages: self.pages.clone(),
            language: window().navigator().language().unwrap_or_default(),
            time_zone: time_zone().unwrap_or_default(),
        }
        .bounded()
        .fitting(MAX_PAGES_BYTES)
    }
}

/// The browser's time zone, such as `Europe/Vienna`.
fn time_zone() -> Option<String> {
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    js_sys::Reflect::get(&format.resolved_options(), &"timeZone".into()).ok()?.as_string()
}

/// What we tell the loader.
#[derive(Clone, Debug)]
pub enum ToHost {
    /// We listen: tell us who this is. The loader speaks our language from now on, and the launcher takes the colour of
    /// its site; an empty one is none.
    Ready { words: HostWords, color: String },
    /// The visitor closes the panel.
    Close,
    /// A chat goes on, or not. The one that was just started has the pages until `at`.
    Chat { open: bool, at: Option<Millis> },
    /// Something lies over the chat, which going back is to close first, or not any more.
    Over { open: bool },
    /// So many messages are unread.
    Unread { count: usize },
    /// The visitor wishes to be told of messages while they look elsewhere, or does not any more.
    Notify { on: bool },
    /// Nothing is kept of the visitor any more.
    Forgotten,
    /// For the page's own handlers.
    Event(HostEvent),
}

/// What the loader says on the website's page.
#[derive(Clone, Debug, Serialize)]
pub struct HostWords {
    /// Of the frame.
    title: String,
    open: String,
    close: String,
    /// One unread message; several of them, with `{0}` for how many, which comes first.
    unread: String,
    unreads: String,
    resize: String,
    dismiss: String,
}

impl HostWords {
    /// In the language of this page.
    pub fn here() -> Self {
        HostWords {
            title: t("Chat"),
            open: t("Open chat"),
            close: t("Close chat"),
            unread: t("1 unread message"),
            unreads: t("{0} unread messages"),
            resize: t("Resize chat"),
            dismiss: t("Dismiss"),
        }
    }
}

/// What the page's own handlers are told, by name. `public/embed.d.ts` has it for them.
#[derive(Clone, Debug)]
pub enum HostEvent {
    /// An agent has written.
    Message {
        text: String,
        by: String,
        at: Millis,
    },
    /// The number of the chat as a text: what it is like is nobody's business.
    ChatStarted {
        chat: String,
    },
    ChatEnded {
        chat: String,
    },
}

written! {
    HostWords { title, open, close, unread, unreads, resize, dismiss }
}

impl Write for ToHost {
    fn write(&self, out: &mut String) {
        let message = Object::begin(out).with("frontdesk", &1u32);
        match self {
            ToHost::Ready { words, color } => message.tag("ready").with("words", words).with("color", color),
            ToHost::Close => message.tag("close"),
            ToHost::Chat { open, at } => message.tag("chat").with("open", open).with_some("at", at),
            ToHost::Over { open } => message.tag("over").with("open", open),
            ToHost::Unread { count } => message.tag("unread").with("count", count),
            ToHost::Notify { on } => message.tag("notify").with("on", on),
            ToHost::Forgotten => message.tag("forgotten"),
            ToHost::Event(event) => message.tag("event").with("name", &event.name()).with("data", event),
        }
        .end();
    }
}

impl HostEvent {
    fn name(&self) -> &'static str {
        match self {
            HostEvent::Message { .. } => "message",
            HostEvent::ChatStarted { .. } => "chat-started",
            HostEvent::ChatEnded { .. } => "chat-ended",
        }
    }
}

/// What comes with it.
impl Write for HostEvent {
    fn write(&self, out: &mut String) {
        let data = Object::begin(out);
        match self {
            HostEvent::Message { text, by, at } => data.with("text", text).with("by", by).with("at", at),
            HostEvent::ChatStarted { chat } | HostEvent::ChatEnded { chat } => data.with("chat", chat),
        }
        .end();
    }
}

/// The page around the frame.
#[derive(Clone, Copy)]
pub struct Host {
    origin: StoredValue<String>,
    /// The last context, as it came.
    context: StoredValue<Option<String>>,
    /// It is a window of its own.
    opened: StoredValue<bool>,
}

impl Host {
    /// The page of this origin.
    pub fn new(origin: String) -> Self {
        Host { origin: StoredValue::new(origin), context: StoredValue::new(None), opened: StoredValue::new(false) }
    }

    /// What the page around the frame has said of the visitor, as it said it.
    pub fn context(&self) -> Option<String> {
        self.context.get_value()
    }

    /// Whether there is a page around this one.
    pub fn is_there(&self) -> bool {
        let around = window().parent().ok().flatten();
        around.is_some_and(|around| around != window()) && self.is_named()
    }

    /// This frame's address names a page around it.
    fn is_named(&self) -> bool {
        self.origin.with_value(|origin| origin.starts_with("http"))
    }

    /// This is a window that the widget of a page has opened.
    pub fn be_window(&self) {
        self.opened.set_value(true);
    }

    /// Whether there is something to close. The server goes by the address.
    pub fn can_close(&self) -> bool {
        self.opened.get_value() || if cfg!(feature = "ssr") { self.is_named() } else { self.is_there() }
    }

    /// Listens to the page around the frame, and to nobody else.
    pub fn listen(&self, heard: impl Fn(FromHost) + 'static) {
        let Host { origin, context, .. } = *self;
        on_window("message", move |event| {
            let Some(event) = event.dyn_ref::<web_sys::MessageEvent>() else { return };
            let parent = window().parent().ok().flatten();
            let from_parent =
                event.source().zip(parent).is_some_and(|(source, parent)| js_sys::Object::is(&source, &parent));
            if !from_parent || origin.with_value(|origin| *origin != event.origin()) {
                return;
            }
            // Plain data only: through JSON, so that nothing but its shape matters.
            let json = js_sys::JSON::stringify(&event.data()).ok().and_then(|text| text.as_string());
            let message = json.as_deref().and_then(read);
            match message {
                Some(FromHost::Context(_)) => context.set_value(json),
                Some(FromHost::Forget) => context.set_value(None),
                _ => {}
            }
            if let Some(message) = message {
                heard(message);
            }
        });
    }

    /// Tells the page around the frame something.
    pub fn tell(&self, message: ToHost) {
        if !self.is_there() {
            return;
        }
        let Ok(value) = js_sys::JSON::parse(&write(&message)) else { return };
        let Some(parent) = window().parent().ok().flatten() else { return };
        self.origin.with_value(|origin| {
            let _: Result<(), JsValue> = parent.post_message(&value, origin);
        });
    }

    /// Asks to close the panel, or closes the window.
    pub fn close(&self) {
        if self.opened.get_value() {
            let _ = window().close();
        }
        self.tell(ToHost::Close);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn said(message: ToHost) -> Value {
        serde_json::from_str(&write(&message)).unwrap()
    }

    #[test]
    fn what_the_loader_hears_is_as_the_protocol_says() {
        let ready = said(ToHost::Ready { words: HostWords::here(), color: "#0f766e".into() });
        assert_eq!((&ready["type"], &ready["color"]), (&json!("ready"), &json!("#0f766e")));
        assert_eq!(
            (&ready["words"]["title"], &ready["words"]["unreads"]),
            (&json!("Chat"), &json!("{0} unread messages"))
        );
        let chat = said(ToHost::Chat { open: true, at: Some(5) });
        assert_eq!(chat, json!({"frontdesk": 1, "type": "chat", "open": true, "at": 5}));
        assert_eq!(said(ToHost::Over { open: true }), json!({"frontdesk": 1, "type": "over", "open": true}));
        assert_eq!(said(ToHost::Unread { count: 2 }), json!({"frontdesk": 1, "type": "unread", "count": 2}));
        let message = HostEvent::Message { text: "Hello".into(), by: "Grace".into(), at: 5 };
        let data = json!({"text": "Hello", "by": "Grace", "at": 5});
        let event = json!({"frontdesk": 1, "type": "event", "name": "message", "data": data});
        assert_eq!(said(ToHost::Event(message)), event);
        let event = json!({"frontdesk": 1, "type": "event", "name": "chat-ended", "data": {"chat": "7"}});
        assert_eq!(said(ToHost::Event(HostEvent::ChatEnded { chat: "7".into() })), event);
    }
}
