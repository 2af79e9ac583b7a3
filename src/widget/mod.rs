//! The visitor's face: drawn on the server, taken over in the browser. Every visitor downloads it, so it is drawn by a
//! few hundred lines of our own ([`dom`]) instead of Leptos, which the console has.

mod after;
mod attachments;
mod chat;
mod composer;
pub mod dom;
mod end;
mod focus;
mod form;
mod halt;
mod header;
mod host;
mod log;
mod message;
mod notify;
mod params;
mod parts;
mod pictures;
mod plain;
mod session;
mod sound;
mod takeover;
mod text;
mod tray;
mod viewer;
mod window;

pub use form::EMAIL_NEEDED;
pub use host::HostWords;
pub use params::WidgetParams;
pub use plain::PlainFields;
pub use takeover::take_over;

use crate::model::visitor_state::VisitorState;
use crate::ui::state::*;
use dom::{El, Node, part};
use session::{Open, Session, Stage};
use wasm_bindgen::JsCast as _;
use web_sys::KeyboardEvent;

/// The widget as the server draws it: HTML.
pub fn render(params: WidgetParams, state: VisitorState, fields: &PlainFields) -> String {
    dom::html::print(draw(Session::new(params, state), Some(fields)).into())
}

/// What is on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Face {
    Form,
    Left,
    Skeleton,
    Chat,
    Blocked,
}

/// Whether somebody is available changes the form and does not replace it: what is typed stays.
fn face(session: Session) -> Face {
    match session.stage.get() {
        Stage::Before | Stage::Away if session.left.with(Option::is_some) => Face::Left,
        Stage::Before | Stage::Away => Face::Form,
        Stage::Resuming => Face::Skeleton,
        Stage::Chat => Face::Chat,
        Stage::Blocked => Face::Blocked,
    }
}

/// What is to be on the screen now; with what a form carries unseen where the server draws it.
fn draw(session: Session, fields: Option<&PlainFields>) -> El {
    let face = face(session);
    // A face takes the place of another one as a whole.
    let main = part("main", if face == Face::Form { "w w--form" } else { "w" }).key(face as u64 + 1);
    // The server has no focus.
    let before = if fields.is_some() { None } else { focus::held() };
    let main = main.drawn(move |_| focus::go_on(session, before.clone()));
    // A chat says it above its lines.
    let main = main.with((face != Face::Chat).then(|| chat::trouble(session.offline())));
    match face {
        Face::Form => form::draw(main, session, fields),
        Face::Left => halt::left(main, session),
        Face::Skeleton => chat::skeleton(main),
        Face::Chat => match session.open.get() {
            Some(open) => chat::draw(main, session, open),
            None => main,
        },
        Face::Blocked => halt::blocked(main, session),
    }
}

/// The key that was pressed; nothing while a word is being composed, as in Japanese: then it is the input method's.
fn key_of(event: &web_sys::Event) -> String {
    match event.dyn_ref::<KeyboardEvent>() {
        Some(event) if !event.is_composing() => event.key(),
        _ => String::new(),
    }
}

/// Something lies over the chat: a picture, a question, the choice of emoji.
fn is_covered(open: Open) -> bool {
    open.links.viewed.get().is_some() || open.end.asking.get() || open.composer.emoji.get()
}

/// Closes what lies over the chat.
fn uncover(open: Open) {
    open.links.viewed.set(None);
    open.end.asking.set(false);
    open.composer.emoji.set(false);
}

/// Escape, when nobody else has heard it: closes what lies over the chat, and else the panel around the frame.
fn escape(session: Session) {
    match session.open.get_untracked().filter(|open| untrack(|| is_covered(open))) {
        Some(open) => uncover(open),
        None => session.host.close(),
    }
}

/// Elements that stand after one another in one place.
fn together(elements: impl IntoIterator<Item = El>) -> Node {
    Node::Many(elements.into_iter().enumerate().map(|(i, element)| element.key(i as u64 + 1).into()).collect())
}
