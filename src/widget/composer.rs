//! Where the visitor writes.

use super::dom::{El, Node, button, part};
use super::parts::icon;
use super::session::{Open, Session};
use super::{key_of, tray};
use crate::ui::browser::{focus, insert, value_of};
use crate::ui::file_events::paste;
use crate::ui::icon::Shape;
use crate::ui::state::*;
use crate::ui::words::{say_refusal, t};
use wasm_bindgen::JsCast as _;
use web_sys::{ClipboardEvent, KeyboardEvent};

/// Emoji at hand; a phone's keyboard has all of them.
const EMOJI: [&str; 32] = [
    "😀", "😄", "😂", "😊", "🙂", "😉", "😍", "😎", "🤔", "😐", "🙄", "😢", "😭", "😡", "😅", "🤗", "🙏", "👍", "👎",
    "👌", "👏", "💪", "👋", "❤️", "💯", "🎉", "✨", "🔥", "✅", "❌", "📎", "📦",
];

/// What stands around the text box.
#[derive(Clone, Copy)]
pub struct ComposerState {
    /// Why something was not sent.
    note: RwSignal<Option<String>>,
    /// The choice of emoji is open.
    pub emoji: RwSignal<bool>,
}

impl ComposerState {
    pub fn new() -> Self {
        ComposerState { note: RwSignal::new(None), emoji: RwSignal::new(false) }
    }
}

/// Where the visitor writes.
pub fn draw(session: Session, open: Open) -> El {
    let state = open.composer;
    let note = state.note.get().or_else(|| open.uploads.note.get());
    let note = note.map(|text| part("p", "composer__note").set("role", "alert").text(text));
    let toggle = button("ibtn", move || state.emoji.update(|open| *open = !*open))
        .set("aria-label", t("Emoji"))
        .set("aria-expanded", state.emoji.get().to_string())
        .with(icon(Shape::EMOJI));
    let [files, attach] = tray::attach_button(open);
    let line = part("div", "composer__box")
        .with(text_box(session, open))
        .with(toggle)
        .with(files)
        .with(attach)
        .with(tray::send_button(open));
    part("form", "composer")
        .on("submit", move |event| {
            event.prevent_default();
            submit(session, open);
        })
        .on("paste", move |event| {
            if let Some(event) = event.dyn_ref::<ClipboardEvent>() {
                paste(open.uploads, event);
            }
        })
        .with(note)
        .with(state.emoji.get().then(|| emoji(open)))
        .with(tray::draw(open))
        .with(line)
}

/// The text area, which grows with its text. Enter sends, Shift+Enter breaks the line.
fn text_box(session: Session, open: Open) -> El {
    let text = open.draft.text.get();
    let area = super::dom::el("textarea")
        .set("id", "composer")
        .set("name", "text")
        .set("rows", "1")
        .set("aria-label", t("Message"))
        .set("placeholder", t("Write a message…"))
        .set("enterkeyhint", "send")
        .set("dir", "auto")
        .value(text.clone())
        .on("input", move |_| {
            let text = value_of("composer").unwrap_or_default();
            open.composer.note.set(None);
            open.uploads.edited();
            session.typist.typed(open.followed.id, &text);
            open.draft.set(text);
        })
        .on("keydown", move |event| {
            let plain = event.dyn_ref::<KeyboardEvent>().is_some_and(|event| !event.shift_key() && !event.repeat());
            if plain && key_of(event) == "Enter" {
                event.prevent_default();
                submit(session, open);
            }
        });
    part("div", "grow").set("data-text", text).with(area)
}

fn emoji(open: Open) -> El {
    let state = open.composer;
    let done = move || {
        state.emoji.set(false);
        focus("composer");
    };
    let mut grid = part("div", "emoji__grid");
    for character in EMOJI {
        let pick = move || {
            done();
            if !insert(character) {
                open.draft.append(character);
            }
        };
        grid = grid.with(Node::El(button("emoji__item", pick).text(character)));
    }
    part("div", "emoji")
        .set("role", "dialog")
        .set("aria-label", t("Emoji"))
        .on("keydown", move |event| {
            if key_of(event) == "Escape" {
                event.stop_propagation();
                done();
            }
        })
        .with(grid)
}

/// Sends what is written, when its files are stored: now or later.
fn submit(session: Session, open: Open) {
    let state = open.composer;
    state.emoji.set(false);
    state.note.set(None);
    open.uploads.when_stored(move || {
        let blank = open.draft.text.with_untracked(|text| text.trim().is_empty());
        if !(blank && open.uploads.stored().is_empty()) {
            state.note.set(session.send(open).err().map(|refusal| say_refusal(&refusal)));
        }
    });
    focus("composer");
}
