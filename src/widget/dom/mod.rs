//! What is to be on the screen, as a tree. The server prints it ([`html`]); the browser compares it with what is there
//! and changes the difference ([`patch`]). Nothing here is generic: the widget is downloaded by everybody, and its size
//! counts more than the microseconds of a comparison.

pub mod html;
mod patch;

pub use patch::Root;

use std::borrow::Cow;
use std::rc::Rc;
use web_sys::{Element, Event};

/// A text, often one that is part of the program.
pub type Text = Cow<'static, str>;
/// What happens at an event of an element.
pub type Handler = Rc<dyn Fn(&Event)>;
/// What happens to an element when the drawing is done.
pub type Hook = Rc<dyn Fn(&Element)>;

/// A place in the tree. Places do not move: what is not there at the moment keeps its place as [`Node::Nothing`], so
/// that its neighbours stay the same elements, with their focus and what was typed into them.
#[derive(Default)]
pub enum Node {
    #[default]
    Nothing,
    Text(Text),
    El(El),
    /// Elements with keys, any number of them, in any order.
    Many(Vec<Node>),
    /// What is drawn anew only when `version` is another one than before.
    Kept {
        key: u64,
        version: u64,
        draw: Box<dyn FnOnce() -> El>,
    },
}

/// An element that is being described.
pub struct El(pub(super) Box<Parts>);

#[derive(Default)]
pub(super) struct Parts {
    pub tag: &'static str,
    pub key: u64,
    pub attributes: Vec<(&'static str, Text)>,
    /// What a field holds; nothing for a field that is left to the browser.
    pub value: Option<String>,
    pub handlers: Vec<(&'static str, Handler)>,
    pub mounted: Option<Hook>,
    pub drawn: Option<Hook>,
    pub gone: Option<Rc<dyn Fn()>>,
    pub children: Vec<Node>,
}

/// An element of this name.
pub fn el(tag: &'static str) -> El {
    El(Box::new(Parts { tag, ..Parts::default() }))
}

/// An element of this name and class.
pub fn part(tag: &'static str, class: &'static str) -> El {
    el(tag).class(class)
}

/// A button that does something.
pub fn button(class: &'static str, on_click: impl Fn() + 'static) -> El {
    part("button", class).set("type", "button").on("click", move |_| on_click())
}

impl El {
    pub fn class(self, class: impl Into<Text>) -> El {
        self.set("class", class)
    }

    /// Sets an attribute.
    pub fn set(mut self, name: &'static str, value: impl Into<Text>) -> El {
        self.0.attributes.push((name, value.into()));
        self
    }

    /// Sets an attribute when there is a value.
    pub fn set_some<T: Into<Text>>(self, name: &'static str, value: Option<T>) -> El {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    /// Sets an attribute that has no value.
    pub fn flag(self, name: &'static str, on: bool) -> El {
        if on { self.set(name, "") } else { self }
    }

    /// Tells it from its neighbours among [`Node::Many`]; not 0.
    pub fn key(mut self, key: u64) -> El {
        self.0.key = key;
        self
    }

    /// What the field holds.
    pub fn value(mut self, value: String) -> El {
        self.0.value = Some(value);
        self
    }

    /// At an event.
    pub fn on(mut self, event: &'static str, handler: impl Fn(&Event) + 'static) -> El {
        self.0.handlers.push((event, Rc::new(handler)));
        self
    }

    /// Once, when it is on the screen.
    pub fn mounted(mut self, hook: impl Fn(&Element) + 'static) -> El {
        self.0.mounted = Some(Rc::new(hook));
        self
    }

    /// After every drawing.
    pub fn drawn(mut self, hook: impl Fn(&Element) + 'static) -> El {
        self.0.drawn = Some(Rc::new(hook));
        self
    }

    /// When it has gone from the screen.
    pub fn gone(mut self, hook: impl Fn() + 'static) -> El {
        self.0.gone = Some(Rc::new(hook));
        self
    }

    /// What is inside, after what is inside already.
    pub fn with(mut self, child: impl Into<Node>) -> El {
        self.0.children.push(child.into());
        self
    }

    /// Text inside.
    pub fn text(self, text: impl Into<Text>) -> El {
        self.with(Node::Text(text.into()))
    }
}

impl From<El> for Node {
    fn from(element: El) -> Node {
        Node::El(element)
    }
}

impl From<Option<El>> for Node {
    fn from(element: Option<El>) -> Node {
        element.map_or(Node::Nothing, Node::El)
    }
}

impl From<Vec<Node>> for Node {
    fn from(many: Vec<Node>) -> Node {
        Node::Many(many)
    }
}

impl Node {
    /// The key among [`Node::Many`]; 0 for what has none.
    pub(super) fn key(&self) -> u64 {
        match self {
            Node::El(element) => element.0.key,
            Node::Kept { key, .. } => *key,
            _ => 0,
        }
    }
}
