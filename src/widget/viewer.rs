//! Pictures of the conversation, shown large.

use super::dom::{El, button, el, part};
use super::key_of;
use super::parts::{icon, spinner};
use super::session::Open;
use crate::model::attachment::Attachment;
use crate::model::chat::{Author, EntryKind};
use crate::model::ids::FileId;
use crate::ui::browser::focus;
use crate::ui::focus::{around_the_end, current, focusable, put};
use crate::ui::icon::Shape;
use crate::ui::state::*;
use crate::ui::time;
use crate::ui::words::{fill, say_size, t};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, KeyboardEvent};

/// The id of a picture in the log.
pub fn shot_id(file: FileId) -> String {
    format!("shot-{file}")
}

/// What the viewer remembers while it is open.
#[derive(Clone, Copy)]
pub struct ViewerState {
    /// The picture that is on the screen.
    loaded: RwSignal<Option<FileId>>,
    /// What could not be loaded is asked for again, once.
    again: StoredValue<Option<FileId>>,
    /// The picture that it was opened from, where the focus goes back to.
    from: StoredValue<Option<FileId>>,
}

impl ViewerState {
    pub fn new() -> Self {
        ViewerState { loaded: RwSignal::new(None), again: StoredValue::new(None), from: StoredValue::new(None) }
    }
}

/// A picture with who sent it, and when: "You, 10:27".
struct Picture {
    file: Attachment,
    from: String,
}

/// All pictures of the conversation, those on their way included.
fn pictures(open: Open) -> Vec<Picture> {
    let mut found = Vec::new();
    let mut take = |files: &[Attachment], name: &str, at| {
        for file in files.iter().filter(|file| file.is_picture()) {
            found.push(Picture { file: file.clone(), from: format!("{name}, {}", time::moment(at)) });
        }
    };
    let you = t("You");
    open.followed.lines.with(|lines| {
        for line in lines {
            line.entry.with(|entry| {
                if let EntryKind::Message { attachments, .. } = &entry.kind {
                    let name = match &entry.by {
                        Author::Agent(agent) => &agent.name,
                        Author::Visitor | Author::System => &you,
                    };
                    take(attachments, name, entry.at);
                }
            });
        }
    });
    open.outbox.messages.with(|messages| {
        for message in messages.iter().filter(|message| message.chat == open.followed.id) {
            take(&message.attachments, &you, message.at);
        }
    });
    found
}

/// The picture that is viewed, until there is none. The arrow keys go to its neighbours, Escape closes; the focus stays
/// inside and goes back to where it was.
pub fn draw(open: Open) -> Option<El> {
    let viewed = open.links.viewed.get()?;
    let (state, links) = (open.viewer, open.links);
    let all = pictures(open);
    let index = all.iter().position(|picture| picture.file.id == viewed)?;
    let Picture { file, from } = &all[index];
    let neighbour = |index: Option<usize>| index.and_then(|index| all.get(index)).map(|picture| picture.file.id);
    let (back, forward) = (neighbour(index.checked_sub(1)), neighbour(Some(index + 1)));
    let place = match all.len() {
        1 => String::new(),
        count => fill("{0} of {1}", &[&(index + 1).to_string(), &count.to_string()]) + " · ",
    };
    let link = links.of(viewed).get();
    let step = |class: &'static str, label: String, title: String, to: Option<FileId>, shape: Shape| {
        button(class, move || go(open, to))
            .set("aria-label", label)
            .set("title", title)
            .flag("disabled", to.is_none())
            .with(icon(shape))
    };
    let close = move || links.viewed.set(None);
    let head = part("header", "viewer__head")
        .with(
            part("div", "viewer__who")
                .with(part("p", "viewer__name").text(file.name.clone()))
                .with(part("p", "viewer__meta").text(format!("{place}{} · {from}", say_size(file.size)))),
        )
        .with(
            part("a", "ibtn")
                .set_some("href", link.address(true))
                .set("download", file.name.clone())
                .set("aria-label", t("Download"))
                .set("title", t("Download"))
                .with(icon(Shape::DOWNLOAD)),
        )
        .with(button("ibtn", close).set("aria-label", t("Close")).set("title", t("Close")).with(icon(Shape::CLOSE)));
    let picture = el("img")
        .set_some("src", link.address(false))
        .set("alt", file.name.clone())
        .on("load", move |_| state.loaded.set(Some(viewed)))
        .on("error", move |_| {
            if state.again.get_value() != Some(viewed) {
                state.again.set_value(Some(viewed));
                links.replace(viewed);
            }
        });
    let stage = part("div", "viewer__stage")
        .with((state.loaded.get() != Some(viewed)).then(spinner))
        .with(picture)
        .with(step("ibtn viewer__prev", t("Previous image"), t("Previous"), back, Shape::BACK))
        .with(step("ibtn viewer__next", t("Next image"), t("Next"), forward, Shape::FORWARD));
    let viewer = part("div", "viewer")
        .set("role", "dialog")
        .set("aria-modal", "true")
        .set("aria-label", t("Image"))
        .set("tabindex", "-1")
        .set("id", "viewer")
        .mounted(move |viewer| {
            state.from.set_value(Some(viewed));
            put(viewer.dyn_ref());
        })
        .gone(move || {
            state.loaded.set(None);
            // By its name: the message may have been drawn anew meanwhile, or had no link yet when it was pressed.
            if let Some(from) = state.from.get_value() {
                focus(&shot_id(from));
            }
        })
        // The button at an end goes off, and would take the focus with it.
        .drawn(|viewer| {
            if current().is_some_and(|element| element.has_attribute("disabled")) {
                put(viewer.dyn_ref());
            }
        })
        .on("keydown", move |event| {
            // Nothing behind hears any of it.
            event.stop_propagation();
            match key_of(event).as_str() {
                "Escape" => {
                    event.prevent_default();
                    close();
                }
                "ArrowLeft" => go(open, back),
                "ArrowRight" => go(open, forward),
                "Tab" => {
                    let backwards = event.dyn_ref::<KeyboardEvent>().is_some_and(KeyboardEvent::shift_key);
                    let viewer = crate::ui::browser::document().get_element_by_id("viewer");
                    let inside = viewer.as_ref().map(|viewer: &Element| focusable(viewer)).unwrap_or_default();
                    if let Some(next) = around_the_end(&inside, backwards) {
                        event.prevent_default();
                        put(Some(next));
                    }
                }
                _ => {}
            }
        });
    Some(viewer.with(head).with(stage))
}

fn go(open: Open, to: Option<FileId>) {
    if to.is_some() {
        open.links.viewed.set(to);
    }
}
