//! The chat in a window of its own. The token goes there behind the `#` of the address, which no server ever sees.

use super::dom::{El, button};
use super::parts::icon;
use super::session::Session;
use crate::ui::browser::window;
use crate::ui::icon::Shape;
use crate::ui::state::*;
use crate::ui::words::t;
use wasm_bindgen::JsValue;

const FEATURES: &str = "popup,width=420,height=680";
const TOKEN: &str = "#token=";

/// The token that was handed to this window. It leaves the address, and so the browser's history.
pub fn handed_token() -> Option<String> {
    let location = window().location();
    let token = location.hash().ok()?.strip_prefix(TOKEN)?.to_owned();
    let address = format!("{}{}", location.pathname().ok()?, location.search().ok()?);
    let _ = window().history().ok()?.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    let is_token = token.len() == super::session::TOKEN_CHARS
        && token.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    is_token.then_some(token)
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
    let address = format!("/widget?resume=1&lang={language}{TOKEN}{token}");
    let opened = window().open_with_url_and_target_and_features(&address, "frontdesk", FEATURES);
    // A browser that opens none leaves the chat where it is.
    if opened.is_ok_and(|opened| opened.is_some()) {
        session.host.close();
    }
}
