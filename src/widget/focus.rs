//! Where the focus goes when what had it has gone from the screen, as with one face that takes the place of another. It
//! never comes from outside of the frame, and a phone's keyboard opens only for who writes or has just done something.

use super::session::{Session, Stage};
use crate::ui::browser::{activation, document, focus, value_of};
use crate::ui::focus::{current, put};
use crate::ui::state::*;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

/// The fields of a form, in their order.
const FIELDS: [&str; 3] = ["name", "email", "message"];

/// What has the focus, unless it is nothing in particular.
pub fn held() -> Option<HtmlElement> {
    current().filter(|element| element.tag_name() != "BODY")
}

/// After a drawing: goes on from what had the focus before it and has gone with it.
pub fn go_on(session: Session, before: Option<HtmlElement>) {
    let Some(before) = before.filter(|before| !before.is_connected()) else { return };
    if held().is_some() || !document().has_focus().unwrap_or(false) {
        return;
    }
    let wrote = matches!(before.tag_name().as_str(), "INPUT" | "TEXTAREA");
    // What goes alone leaves the rest of its face behind.
    let with_its_face = before.closest("main").is_ok_and(|main| main.is_some());
    settle(session, wrote || with_its_face && activation("isActive") != Some(false));
}

/// To where the visitor goes on: with `may_write` to where they write.
pub fn settle(session: Session, may_write: bool) {
    let place = match session.stage.get_untracked() {
        Stage::Before | Stage::Away => {
            FIELDS.into_iter().find(|id| value_of(id).is_some_and(|value| value.is_empty())).unwrap_or("message")
        }
        _ if document().get_element_by_id("after").is_some() => "after",
        _ if may_write => "composer",
        _ => "log",
    };
    focus(place);
    if held().is_none()
        && let Ok(Some(title)) = document().query_selector("h1")
    {
        let _ = title.set_attribute("tabindex", "-1");
        put(title.dyn_ref());
    }
}
