//! The chat in a window of its own. It takes who the visitor is from the widget that opened it and not from its address:
//! with an address anybody could make a visitor write under a token that they know. It keeps that for a reload, but no
//! longer than it is there itself: whoever opens the widget's address later is somebody else.

use super::dom::{El, button};
use super::host::HostContext;
use super::parts::icon;
use super::session::{Open, Session, is_token};
use crate::model::json::read;
use crate::ui::browser::{storage, window};
use crate::ui::icon::Shape;
use crate::ui::state::*;
use crate::ui::words::t;
use js_sys::{Function, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Storage, UrlSearchParams};

/// Its name, by which it is found again.
const NAME: &str = "frontdesk";
/// This tab has opened it: a later page of the website knows so, too.
const OPENED: &str = "frontdesk.window";
const FEATURES: &str = "popup,width=420,height=680";
/// Where the widget leaves it.
const LEFT: &str = "frontdeskContext";
/// What gives the window the draft, once: from then on it is there, and not in the frame any more.
const DRAFT: &str = "frontdeskDraft";
/// Where the window keeps it. `public/boot/plain.js` looks there, too.
const KEPT: &str = "frontdesk.context";

/// What the widget in the page hands to this window, or did before it was loaded anew.
pub fn handed() -> Option<HostContext> {
    let tab = tab();
    let kept = || tab.as_ref()?.get_item(KEPT).ok().flatten();
    let json = left_by_opener().or_else(kept)?;
    let context: HostContext = read(&json).filter(|context: &HostContext| is_token(&context.token))?;
    if let Some(tab) = &tab {
        let _ = tab.set_item(KEPT, &json);
    }
    Some(context)
}

/// What this tab keeps.
fn tab() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

fn left_by_opener() -> Option<String> {
    of_opener(LEFT)?.as_string()
}

/// What was being written in the frame: it stands there no longer. What a frame stores, a window may not find.
pub fn handed_draft() -> Option<String> {
    of_opener(DRAFT)?.dyn_ref::<Function>()?.call0(&JsValue::NULL).ok()?.as_string()
}

fn of_opener(name: &str) -> Option<JsValue> {
    let opener = window().opener().ok().filter(JsValue::is_object)?;
    // The browser lets only a page of this very origin be looked into: an error is somebody else's.
    Reflect::get(&opener, &name.into()).ok()
}

/// The button that opens the window, on a page with a frame in it.
pub fn window_button(session: Session, chat: Open) -> Option<El> {
    session.host.is_there().then(|| {
        button("ibtn head__tool head__window", move || open(session, chat))
            .set("aria-label", t("Open in a window"))
            .set("title", t("Open in a window"))
            .with(icon(Shape::WINDOW))
    })
}

fn open(session: Session, chat: Open) {
    let Some((context, address)) = session.host.context().zip(address()) else { return };
    let _ = Reflect::set(&window(), &LEFT.into(), &context.into());
    let take = Closure::once_into_js(move || chat.draft.take());
    let _ = Reflect::set(&window(), &DRAFT.into(), &take);
    let opened = window().open_with_url_and_target_and_features(&address, NAME, FEATURES);
    // A browser that opens none leaves the chat where it is.
    if let Ok(Some(_)) = opened {
        let may_keep = session.context.with_untracked(|context| context.consented != Some(false));
        if let Some(tab) = tab().filter(|_| may_keep) {
            let _ = tab.set_item(OPENED, "1");
        }
        session.host.close();
    }
}

/// The address of this frame without the page around it: the same site, department, language and looks.
fn address() -> Option<String> {
    let query = UrlSearchParams::new_with_str(&window().location().search().ok()?).ok()?;
    query.delete("origin");
    query.set("resume", "1");
    Some(format!("/widget?{}", String::from(query.to_string())))
}

/// Takes back what was handed over, and closes the window, also one that an earlier page has opened: it is asked for by
/// its name, as nothing else is left of it. It is of this origin, but what it keeps may be kept elsewhere than what a frame
/// keeps: keys that start with one of these are removed there, too.
pub fn close(prefixes: &[&str]) {
    let left = Reflect::get(&window(), &LEFT.into()).is_ok_and(|left| left.is_string());
    let _ = Reflect::set(&window(), &LEFT.into(), &JsValue::NULL);
    if !left && tab().and_then(|tab| tab.get_item(OPENED).ok().flatten()).is_none() {
        return;
    }
    // Without an address it stays what it is.
    if let Ok(Some(opened)) = window().open_with_url_and_target("", NAME) {
        if let Ok(Some(storage)) = opened.local_storage() {
            storage::forget_in(&storage, prefixes);
        }
        let _ = opened.close();
    }
}
