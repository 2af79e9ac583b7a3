//! The chat in a window of its own. It takes the token from the widget that opened it and not from its address: with an
//! address anybody could make a visitor write under a token that they know.

use super::dom::{El, button};
use super::parts::icon;
use super::session::{Session, is_token};
use crate::ui::browser::window;
use crate::ui::icon::Shape;
use crate::ui::state::*;
use crate::ui::words::t;
use js_sys::Reflect;
use wasm_bindgen::JsValue;

const FEATURES: &str = "popup,width=420,height=680";
/// Where the widget leaves it.
const TOKEN: &str = "frontdeskToken";

/// The token that the widget in the page hands to this window.
pub fn handed_token() -> Option<String> {
    let opener = window().opener().ok().filter(JsValue::is_object)?;
    // The browser lets only a page of this very origin be looked into: an error is somebody else's.
    let token = Reflect::get(&opener, &TOKEN.into()).ok()?.as_string()?;
    is_token(&token).then_some(token)
}

/// The button that opens the window, on a page with a frame in it.
pub fn window_button(session: Session) -> Option<El> {
    session.host.is_there().then(|| {
        button("ibtn head__tool head__window", move || open(session))
            .set("aria-label", t("Open in a window"))
            .set("title", t("Open in a window"))
            .with(icon(Shape::WINDOW))
    })
}

fn open(session: Session) {
    let Some(token) = session.token() else { return };
    let language = session.params.with_value(|params| params.lang.clone());
    let language = String::from(js_sys::encode_uri_component(&language));
    let address = format!("/widget?resume=1&lang={language}");
    let _ = Reflect::set(&window(), &TOKEN.into(), &token.into());
    let opened = window().open_with_url_and_target_and_features(&address, "frontdesk", FEATURES);
    // A browser that opens none leaves the chat where it is.
    if opened.is_ok_and(|opened| opened.is_some()) {
        session.host.close();
    }
}
