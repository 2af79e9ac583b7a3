//! The tree on the screen, and the way from one drawing to the next.

use super::{El, Handler, Hook, Node, Parts, Text};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, Event, HtmlInputElement, HtmlTextAreaElement};

const SVG: &str = "http://www.w3.org/2000/svg";

/// What an element is called with at its events: what the latest drawing says.
type Handlers = Rc<RefCell<Vec<(&'static str, Handler)>>>;

/// What the browser calls.
type Listener = Closure<dyn FnMut(Event)>;

/// What is on the screen inside an element.
pub struct Root {
    parent: web_sys::Node,
    drawn: Drawn,
}

enum Drawn {
    Nothing,
    Text(web_sys::Text, Text),
    El(Box<Shown>),
    Many(Vec<Drawn>),
    Kept { version: u64, shown: Box<Shown> },
}

struct Shown {
    element: Element,
    tag: &'static str,
    key: u64,
    attributes: Vec<(&'static str, Text)>,
    handlers: Handlers,
    /// What the browser calls, one for each event that was ever wanted.
    listeners: Vec<(&'static str, Listener)>,
    gone: Option<Rc<dyn Fn()>>,
    children: Vec<Drawn>,
}

/// What is done when the whole tree is on the screen.
struct Work {
    document: Document,
    hooks: Vec<(Hook, Element)>,
    gone: Vec<Rc<dyn Fn()>>,
}

impl Root {
    /// Nothing, at the end of `parent`.
    pub fn new(parent: web_sys::Node) -> Self {
        Root { parent, drawn: Drawn::Nothing }
    }

    /// Brings this tree to the screen. What hooks do, they do at the end.
    pub fn draw(&mut self, node: Node) -> impl FnOnce() + use<> {
        let document = self.parent.owner_document().expect("an element is in a document");
        let mut work = Work { document, hooks: Vec::new(), gone: Vec::new() };
        let before = std::mem::replace(&mut self.drawn, Drawn::Nothing);
        self.drawn = work.patch(&self.parent, before, node, None);
        let Work { hooks, gone, .. } = work;
        move || {
            for gone in gone {
                gone();
            }
            for (hook, element) in hooks {
                hook(&element);
            }
        }
    }
}

impl Work {
    /// Makes of what is there what should be there, before `next`.
    fn patch(&mut self, parent: &web_sys::Node, old: Drawn, new: Node, next: Option<&web_sys::Node>) -> Drawn {
        match (old, new) {
            (Drawn::Nothing, Node::Nothing) => Drawn::Nothing,
            (Drawn::Text(node, before), Node::Text(text)) => {
                if before != text {
                    node.set_data(&text);
                }
                Drawn::Text(node, text)
            }
            (Drawn::El(shown), Node::El(El(parts))) if shown.tag == parts.tag && shown.key == parts.key => {
                Drawn::El(self.update(shown, *parts))
            }
            (Drawn::Many(old), Node::Many(new)) => Drawn::Many(self.patch_many(parent, old, new, next)),
            (Drawn::Kept { version, shown }, Node::Kept { key, version: wanted, draw }) if shown.key == key => {
                if version == wanted {
                    return Drawn::Kept { version, shown };
                }
                let El(parts) = draw().key(key);
                if shown.tag == parts.tag {
                    return Drawn::Kept { version: wanted, shown: self.update(shown, *parts) };
                }
                let before = shown.element.clone();
                let shown_now = self.create(*parts);
                insert(parent, &shown_now.element, Some(&before));
                self.remove(Drawn::El(shown));
                Drawn::Kept { version: wanted, shown: shown_now }
            }
            (old, new) => {
                let drawn = self.make(parent, new, first(&old).or_else(|| next.cloned()).as_ref());
                self.remove(old);
                drawn
            }
        }
    }

    /// By keys: what stays keeps its element.
    fn patch_many(
        &mut self,
        parent: &web_sys::Node,
        old: Vec<Drawn>,
        new: Vec<Node>,
        next: Option<&web_sys::Node>,
    ) -> Vec<Drawn> {
        let mut stays = Vec::with_capacity(old.len());
        let mut at = 0;
        for drawn in old {
            let key = key_of(&drawn);
            // Mostly the next: then this is one look at each.
            let found = (at..new.len()).chain(0..at).find(|at| new[*at].key() == key);
            match found {
                Some(found) => {
                    at = found + 1;
                    stays.push(Some(drawn));
                }
                None => self.remove(drawn),
            }
        }
        let mut next = next.cloned();
        let mut result = Vec::with_capacity(new.len());
        for node in new.into_iter().rev() {
            let key = node.key();
            // Mostly the last that is left.
            let at = stays.iter().rposition(|drawn| drawn.as_ref().is_some_and(|drawn| key_of(drawn) == key));
            let drawn = match at.and_then(|at| stays[at].take()) {
                Some(drawn) => {
                    while stays.last().is_some_and(Option::is_none) {
                        stays.pop();
                    }
                    let drawn = self.patch(parent, drawn, node, next.as_ref());
                    // What has no key, such as more of many, stays in its order.
                    if key != 0
                        && let Some(element) = first(&drawn)
                        && element.next_sibling() != next
                    {
                        insert(parent, &element, next.as_ref());
                    }
                    drawn
                }
                None => self.make(parent, node, next.as_ref()),
            };
            next = first(&drawn).or(next);
            result.push(drawn);
        }
        for left in stays.into_iter().flatten() {
            self.remove(left);
        }
        result.reverse();
        result
    }

    fn make(&mut self, parent: &web_sys::Node, node: Node, next: Option<&web_sys::Node>) -> Drawn {
        match node {
            Node::Nothing => Drawn::Nothing,
            Node::Text(text) => {
                let node = self.document.create_text_node(&text);
                insert(parent, &node, next);
                Drawn::Text(node, text)
            }
            Node::El(El(parts)) => {
                let shown = self.create(*parts);
                insert(parent, &shown.element, next);
                Drawn::El(shown)
            }
            Node::Many(nodes) => Drawn::Many(nodes.into_iter().map(|node| self.make(parent, node, next)).collect()),
            Node::Kept { key, version, draw } => {
                let El(parts) = draw().key(key);
                let shown = self.create(*parts);
                insert(parent, &shown.element, next);
                Drawn::Kept { version, shown }
            }
        }
    }

    fn create(&mut self, mut parts: Parts) -> Box<Shown> {
        let element = match parts.tag {
            "svg" | "path" => self.document.create_element_ns(Some(SVG), parts.tag),
            tag => self.document.create_element(tag),
        };
        // What the error says is nobody's to read, and the code that would print it is another kilobyte.
        let Ok(element) = element else { unreachable!("names of elements are part of the program") };
        for (name, value) in &parts.attributes {
            let _ = element.set_attribute(name, value);
        }
        let children = std::mem::take(&mut parts.children);
        let children = children.into_iter().map(|child| self.make(&element, child, None)).collect();
        if let Some(hook) = parts.mounted.take() {
            self.hooks.push((hook, element.clone()));
        }
        let mut shown = Box::new(Shown {
            element,
            tag: parts.tag,
            key: parts.key,
            attributes: Vec::new(),
            handlers: Handlers::default(),
            listeners: Vec::new(),
            gone: None,
            children,
        });
        self.finish(&mut shown, parts);
        shown
    }

    fn update(&mut self, mut shown: Box<Shown>, mut parts: Parts) -> Box<Shown> {
        let element = shown.element.clone();
        for (name, value) in &parts.attributes {
            if shown.attributes.iter().all(|(before, had)| before != name || had != value) {
                let _ = element.set_attribute(name, value);
            }
        }
        for (name, _) in &shown.attributes {
            if parts.attributes.iter().all(|(still, _)| still != name) {
                let _ = element.remove_attribute(name);
            }
        }
        let mut old = std::mem::take(&mut shown.children);
        let new = std::mem::take(&mut parts.children);
        let mut next: Option<web_sys::Node> = None;
        // Backwards: what comes after a place is in its place already.
        while old.len() > new.len() {
            if let Some(gone) = old.pop() {
                self.remove(gone);
            }
        }
        old.resize_with(new.len(), || Drawn::Nothing);
        let mut children: Vec<Drawn> = old
            .into_iter()
            .zip(new)
            .rev()
            .map(|(old, new)| {
                let drawn = self.patch(&element, old, new, next.as_ref());
                next = first(&drawn).or(next.take());
                drawn
            })
            .collect();
        children.reverse();
        shown.children = children;
        self.finish(&mut shown, parts);
        shown
    }

    /// What is done the same way at the first drawing and at every other.
    fn finish(&mut self, shown: &mut Shown, parts: Parts) {
        for (name, _) in &parts.handlers {
            if shown.listeners.iter().all(|(heard, _)| heard != name) {
                let (name, handlers) = (*name, shown.handlers.clone());
                let listener = Listener::new(move |event: Event| {
                    let handler =
                        handlers.borrow().iter().find(|(n, _)| *n == name).map(|(_, handler)| handler.clone());
                    if let Some(handler) = handler {
                        handler(&event);
                    }
                });
                let _ = shown.element.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
                shown.listeners.push((name, listener));
            }
        }
        *shown.handlers.borrow_mut() = parts.handlers;
        shown.attributes = parts.attributes;
        shown.gone = parts.gone;
        if let Some(value) = parts.value {
            if let Some(area) = shown.element.dyn_ref::<HtmlTextAreaElement>() {
                if area.value() != value {
                    area.set_value(&value);
                }
            } else if let Some(field) = shown.element.dyn_ref::<HtmlInputElement>()
                && field.value() != value
            {
                field.set_value(&value);
            }
        }
        if let Some(hook) = parts.drawn {
            self.hooks.push((hook, shown.element.clone()));
        }
    }

    fn remove(&mut self, drawn: Drawn) {
        match drawn {
            Drawn::Nothing => {}
            Drawn::Text(node, _) => node.remove(),
            Drawn::El(shown) | Drawn::Kept { shown, .. } => {
                // An event of going, such as the loss of the focus, has nobody to tell any more.
                self.silence(&shown);
                shown.element.remove();
            }
            Drawn::Many(all) => all.into_iter().for_each(|drawn| self.remove(drawn)),
        }
    }

    /// An element and all inside it hear nothing more, and what is to be done when they have gone will be.
    fn silence(&mut self, shown: &Shown) {
        shown.handlers.borrow_mut().clear();
        self.gone.extend(shown.gone.clone());
        let mut inside: Vec<&Drawn> = shown.children.iter().collect();
        while let Some(drawn) = inside.pop() {
            match drawn {
                Drawn::El(shown) | Drawn::Kept { shown, .. } => self.silence(shown),
                Drawn::Many(all) => inside.extend(all),
                Drawn::Nothing | Drawn::Text(..) => {}
            }
        }
    }
}

fn insert(parent: &web_sys::Node, node: &web_sys::Node, next: Option<&web_sys::Node>) {
    let _ = parent.insert_before(node, next);
}

/// The first node on the screen, when there is one.
fn first(drawn: &Drawn) -> Option<web_sys::Node> {
    match drawn {
        Drawn::Nothing => None,
        Drawn::Text(node, _) => Some(node.clone().into()),
        Drawn::El(shown) | Drawn::Kept { shown, .. } => Some(shown.element.clone().into()),
        Drawn::Many(all) => all.iter().find_map(first),
    }
}

fn key_of(drawn: &Drawn) -> u64 {
    match drawn {
        Drawn::El(shown) | Drawn::Kept { shown, .. } => shown.key,
        _ => 0,
    }
}
