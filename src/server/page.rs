//! Pages as text: the document around what a room draws.

use super::assets;
use crate::site::{Document, Preload, document};
use leptos::prelude::*;

/// A page of the site, without script.
pub fn site(title: &str, body: impl FnOnce() -> AnyView) -> String {
    let title = if title == "Frontdesk" { title.to_owned() } else { format!("{title} · Frontdesk") };
    draw(|| Document { title, style: assets::url("css/site.css"), script: None, state: None, body: body() })
}

/// A page that the client's code takes over.
pub fn app(title: &str, style: &str, state: String, body: impl FnOnce() -> AnyView) -> String {
    draw(|| Document {
        title: title.to_owned(),
        style: assets::url(style),
        script: assets::has_client().then(|| {
            (
                assets::url("boot.js"),
                vec![
                    Preload::Module(assets::url("pkg/frontdesk.js")),
                    Preload::Wasm(assets::url("pkg/frontdesk.wasm")),
                ],
            )
        }),
        state: Some(state),
        body: body(),
    })
}

fn draw(page: impl FnOnce() -> Document) -> String {
    // A fresh reactive owner per page, dropped with it.
    Owner::new().with(|| document(page()))
}
