//! "End chat?": asks before a chat is ended.

use super::dom::{El, button, part};
use super::key_of;
use super::session::{Open, Session};
use crate::model::chat::Command;
use crate::ui::browser::{focus, spawn_local};
use crate::ui::focus::{current, put};
use crate::ui::state::*;
use crate::ui::words::{say, t};
use web_sys::HtmlElement;

/// Whether it is asked, and why a chat could not be ended.
#[derive(Clone, Copy)]
pub struct EndState {
    pub asking: RwSignal<bool>,
    pub failed: RwSignal<Option<String>>,
    /// What had the focus before.
    before: StoredValue<Option<HtmlElement>, LocalStorage>,
}

impl EndState {
    pub fn new() -> Self {
        EndState { asking: RwSignal::new(false), failed: RwSignal::new(None), before: StoredValue::new_local(None) }
    }
}

/// The dialog, while it is asked. It keeps the focus inside, and gives it back; Escape and Cancel leave all as it is.
pub fn dialog(session: Session, open: Open) -> Option<El> {
    let state = open.end;
    if !state.asking.get() {
        return None;
    }
    let cancel = move || state.asking.set(false);
    let end = move || {
        state.asking.set(false);
        spawn_local(async move {
            state.failed.set(session.ask(open, Command::End).await.err().map(|error| say(&error)));
        });
    };
    let row = part("div", "dialog__row")
        .with(button("btn", cancel).set("id", "end-cancel").text(t("Cancel")))
        .with(button("btn btn--danger", end).set("id", "end-end").text(t("End chat")));
    let dialog = part("div", "dialog")
        .set("role", "alertdialog")
        .set("aria-modal", "true")
        .set("aria-labelledby", "end-title")
        .set("aria-describedby", "end-text")
        .with(part("h2", "dialog__title").set("id", "end-title").text(t("End chat?")))
        .with(part("p", "dialog__text").set("id", "end-text").text(t("The chat ends for both sides.")))
        .with(row);
    let overlay = part("div", "overlay")
        .mounted(move |_| {
            state.before.set_value(current());
            focus("end-cancel");
        })
        .gone(move || state.before.with_value(|before| put(before.as_ref())))
        .on("keydown", move |event| match key_of(event).as_str() {
            "Escape" => {
                event.prevent_default();
                event.stop_propagation();
                cancel();
            }
            // Two buttons: Tab goes from one to the other, in both directions.
            "Tab" => {
                event.prevent_default();
                let on_cancel = current().is_some_and(|element| element.id() == "end-cancel");
                focus(if on_cancel { "end-end" } else { "end-cancel" });
            }
            _ => {}
        });
    Some(overlay.with(dialog))
}
