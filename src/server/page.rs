//! Pages as text: the document around what a room draws.

use super::assets;
use crate::site::{Document, Preload, document};
use leptos::prelude::*;

/// A page of the site, without script.
pub fn site(title: &str, body: impl FnOnce() -> AnyView) -> String {
    let title = if title == "Frontdesk" { title.to_owned() } else { format!("{title} · Frontdesk") };
    draw(|| Document { title, style: assets::url("css/site.css"), script: None, state: None, body: body() })
}

/// A page that a face's code takes over; `face` is `widget` or `console`.
pub fn app(face: &str, title: &str, state: String, body: impl FnOnce() -> AnyView) -> String {
    draw(|| Document {
        title: title.to_owned(),
        style: assets::url(&format!("css/{face}.css")),
        script: assets::has_client().then(|| {
            let (glue, wasm) = (format!("pkg/{face}.js"), format!("pkg/{face}.wasm"));
            let preloads = vec![Preload::Module(assets::url(&glue)), Preload::Wasm(assets::url(&wasm))];
            (assets::url(&format!("boot/{face}.js")), preloads)
        }),
        state: Some(state),
        body: body(),
    })
}

fn draw(page: impl FnOnce() -> Document) -> String {
    // A fresh reactive owner per page, dropped with it.
    Owner::new().with(|| document(page()))
}
