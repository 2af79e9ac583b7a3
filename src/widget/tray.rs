//! Files that go with the next message: how they are picked and dropped, and how far they are.

use super::dom::{El, Node, button, el, part};
use super::parts::{icon, small_icon, spinner};
use super::session::Open;
use crate::ui::browser::{document, focus, on_window};
use crate::ui::file_events::{LEFT_MS, is_within, listed, with_files};
use crate::ui::icon::Shape;
use crate::ui::state::*;
use crate::ui::upload::{Upload, UploadState, progress_in_words};
use crate::ui::words::{fill, say_size, t, word};
use gloo_timers::callback::Timeout;
use std::cell::Cell;
use wasm_bindgen::JsCast as _;
use web_sys::{DragEvent, HtmlInputElement};

/// The files that go with the next message.
pub fn draw(open: Open) -> Option<El> {
    let items =
        open.uploads.items.with(|items| items.iter().map(|item| draw_upload(open, item).into()).collect::<Vec<Node>>());
    (!items.is_empty()).then(|| part("ul", "tray").set("aria-label", t("Files to send")).with(items))
}

fn draw_upload(open: Open, item: &Upload) -> El {
    let uploads = open.uploads;
    let Upload { key, name, size, state } = item;
    let key = *key;
    let thumb = match state {
        UploadState::Stored(file) if file.is_picture() => part("img", "upload__thumb")
            .set_some("src", uploads.local_url(key).or_else(|| open.links.of(file.id).get().address(false)))
            .set("width", "40")
            .set("height", "40")
            .set("alt", ""),
        UploadState::Failed { .. } => part("span", "upload__thumb").with(icon(Shape::ALERT)),
        _ => part("span", "upload__thumb").with(icon(Shape::FILE)),
    };
    let told = part("span", "upload__state");
    let told = match state {
        UploadState::Uploading(percent) => {
            let bar = part("progress", "progress")
                .set("max", "100")
                .set("value", percent.to_string())
                .set("aria-label", fill("Uploading {0}", &[name]));
            told.with(bar).text(progress_in_words(*size, *percent))
        }
        UploadState::Stored(file) => told.with(Node::Nothing).text(say_size(file.size)),
        UploadState::Broken => told.with(Node::Nothing).text(t("Trying again…")),
        UploadState::Failed { sentence, .. } => told.set("role", "alert").with(Node::Nothing).text(sentence.clone()),
    };
    let back = move || focus("composer");
    let may_pass = matches!(state, UploadState::Broken | UploadState::Failed { retryable: true, .. });
    let retry = may_pass.then(|| {
        let retry = move || {
            uploads.retry(key);
            back();
        };
        button("btn btn--quiet", retry).text(t("Retry"))
    });
    let (verb, label) = match state {
        UploadState::Uploading(_) | UploadState::Broken => (t("Cancel"), word("Cancel {0}")),
        _ => (t("Remove"), word("Remove {0}")),
    };
    let cancel = button("ibtn", move || {
        uploads.cancel(key);
        back();
    });
    let is_failed = matches!(state, UploadState::Failed { .. });
    part("li", if is_failed { "upload upload--failed" } else { "upload" })
        .key(u64::from(key) + 1)
        .with(thumb)
        .with(part("span", "upload__name").text(name.clone()))
        .with(told)
        .with(retry)
        .with(cancel.set("aria-label", fill(label, &[name])).set("title", verb).with(small_icon(Shape::CLOSE)))
}

/// The button that picks files, and the field that does it.
pub fn attach_button(open: Open) -> [El; 2] {
    const ID: &str = "files";
    let field = || document().get_element_by_id(ID).and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
    let input = el("input").set("type", "file").set("id", ID).flag("multiple", true).flag("hidden", true).on(
        "change",
        move |_| {
            if let Some(input) = field() {
                let files = input.files().map(listed).unwrap_or_default();
                // So that the same file can be picked again.
                input.set_value("");
                open.uploads.add(files);
            }
        },
    );
    let pick = move || {
        if let Some(input) = field() {
            input.click();
        }
    };
    [input, button("ibtn", pick).set("aria-label", t("Attach file")).with(icon(Shape::ATTACH))]
}

/// The button that sends, or shows that it waits for files.
pub fn send_button(open: Open) -> El {
    let waits = open.uploads.waits.get();
    part("button", "ibtn send")
        .set("type", "submit")
        .set("aria-label", t("Send"))
        .set_some("aria-busy", waits.then_some("true"))
        .with(if waits { spinner() } else { icon(Shape::SEND) })
}

/// Whether files are held above the widget.
#[derive(Clone, Copy)]
pub struct DropState {
    over: RwSignal<bool>,
    leaving: StoredValue<Option<Timeout>, LocalStorage>,
}

impl DropState {
    pub fn new() -> Self {
        DropState { over: RwSignal::new(false), leaving: StoredValue::new_local(None) }
    }

    fn set(self, over: bool) {
        if self.over.get_untracked() != over {
            self.over.set(over);
        }
    }
}

thread_local! {
    /// The chat that takes what is dropped.
    static TAKES: Cell<Option<Open>> = const { Cell::new(None) };
    static LISTENS: Cell<bool> = const { Cell::new(false) };
}

/// Says that files can be dropped, while they are held above the widget. Outside of a chat they are refused: the browser
/// would leave the page for them.
pub fn drop_zone(open: Open) -> El {
    let over = open.drop.over.get();
    let zone = el("div").set("aria-hidden", "true").mounted(move |_| {
        TAKES.set(Some(open));
        listen();
    });
    let zone = zone.gone(|| TAKES.set(None));
    if !over {
        return zone.flag("hidden", true).with(Node::Nothing).with(Node::Nothing).with(Node::Nothing);
    }
    zone.class("drop")
        .with(icon(Shape::UPLOAD))
        .with(part("p", "drop__title").text(t("Drop files here")))
        .with(part("p", "drop__text").text(open.uploads.limits().in_words()))
}

fn listen() {
    if LISTENS.replace(true) {
        return;
    }
    let drag = |event: web_sys::Event| event.dyn_into::<DragEvent>().ok().zip(TAKES.get());
    on_window("dragover", move |event| {
        let Some((event, open)) = drag(event) else { return };
        let Some(data) = with_files(&event) else { return };
        event.prevent_default();
        let here = is_within(&event, "main");
        data.set_drop_effect(if here { "copy" } else { "none" });
        open.drop.leaving.set_value(None);
        open.drop.set(here);
    });
    on_window("dragleave", move |event| {
        let Some((event, open)) = drag(event) else { return };
        if event.related_target().is_none() {
            open.drop.leaving.set_value(Some(Timeout::new(LEFT_MS, move || open.drop.set(false))));
        }
    });
    on_window("drop", move |event| {
        let Some((event, open)) = drag(event) else { return };
        let Some(data) = with_files(&event) else { return };
        event.prevent_default();
        open.drop.set(false);
        if is_within(&event, "main") {
            open.uploads.add(data.files().map(listed).unwrap_or_default());
        }
    });
}
