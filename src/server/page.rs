//! Pages as text: the document around what a room draws.

use super::assets;
use crate::site::{Document, Preload, document};
use leptos::prelude::*;

/// A page of the site, without script.
pub fn site(title: &str, body: impl FnOnce() -> AnyView) -> String {
    let title = if title == "Frontdesk" { title.to_owned() } else { format!("{title} · Frontdesk") };
    draw(|| Document {
        title,
        style: assets::url("css/site.css"),
        scripts: Vec::new(),
        preloads: Vec::new(),
        refresh: None,
        state: None,
        body: body(),
    })
}

/// A page of the widget without its code. With `refresh` it is fetched anew from there after some seconds, and without
/// there is a small script that talks to the page around the frame.
pub fn plain(refresh: Option<(u32, String)>, is_log: bool, body: impl FnOnce() -> AnyView) -> String {
    draw(|| Document {
        title: "Chat with us".to_owned(),
        style: assets::url("css/plain.css"),
        scripts: if is_log { Vec::new() } else { vec![assets::url("plain.js")] },
        preloads: Vec::new(),
        refresh,
        state: None,
        body: body(),
    })
}

/// A page that the client's code takes over. `before` is a script that runs before that.
pub fn app(title: &str, style: &str, before: Option<&str>, state: String, body: impl FnOnce() -> AnyView) -> String {
    let has_client = assets::has_client();
    let preloads =
        || vec![Preload::Module(assets::url("pkg/frontdesk.js")), Preload::Wasm(assets::url("pkg/frontdesk.wasm"))];
    draw(|| Document {
        title: title.to_owned(),
        style: assets::url(style),
        scripts: before.into_iter().chain(has_client.then_some("boot.js")).map(assets::url).collect(),
        preloads: if has_client { preloads() } else { Vec::new() },
        refresh: None,
        state: Some(state),
        body: body(),
    })
}

fn draw(page: impl FnOnce() -> Document) -> String {
    // A fresh reactive owner per page, dropped with it.
    Owner::new().with(|| document(page()))
}
