//! Pages as text: the document around what a room draws.

use super::assets;
use super::look::Look;
use crate::site::{Document, Preload, document};
use crate::ui::words::{Language, t};
use leptos::prelude::*;

/// A page of the site, without script.
pub fn site(title: &str, body: impl FnOnce() -> AnyView) -> String {
    let title = if title == "Frontdesk" { title.to_owned() } else { format!("{title} · Frontdesk") };
    draw(Language::ENGLISH, |language| Document {
        language,
        title,
        style: assets::url("css/site.css"),
        theme: None,
        own_style: None,
        look: None,
        scripts: Vec::new(),
        preloads: Vec::new(),
        refresh: None,
        state: None,
        texts: None,
        body: body(),
    })
}

/// A page of the widget without its code. There is a small script in it that talks to the website.
pub fn plain(language: Language, look: &Look, body: impl FnOnce() -> AnyView) -> String {
    let scripts = vec![assets::url("boot/plain.js")];
    without_code(language, look, scripts, None, body)
}

/// The log of such a page. With `refresh` it is fetched anew from there after some seconds.
pub fn plain_log(
    language: Language,
    look: &Look,
    refresh: Option<(u32, String)>,
    body: impl FnOnce() -> AnyView,
) -> String {
    without_code(language, look, Vec::new(), refresh, body)
}

fn without_code(
    language: Language,
    look: &Look,
    scripts: Vec<String>,
    refresh: Option<(u32, String)>,
    body: impl FnOnce() -> AnyView,
) -> String {
    draw(language, |language| Document {
        language,
        title: t("Chat with us"),
        style: assets::url("css/plain.css"),
        theme: look.theme,
        own_style: own_style(look),
        look: follower(look),
        scripts,
        preloads: Vec::new(),
        refresh,
        state: None,
        texts: None,
        body: body(),
    })
}

/// A page that a face's code takes over; `face` is `widget` or `console`, `title` is in English. Until then, and where it
/// cannot run, the widget has a small script beside it.
pub fn app(
    face: &str,
    language: Language,
    title: &str,
    look: &Look,
    state: String,
    body: impl FnOnce() -> AnyView,
) -> String {
    let is_widget = face == "widget";
    let before = is_widget.then(|| assets::url("boot/plain.js"));
    let code = assets::has_client().then(|| {
        let (glue, wasm) = (format!("pkg/{face}.js"), format!("pkg/{face}.wasm"));
        let preloads = vec![Preload::Module(assets::url(&glue)), Preload::Wasm(assets::url(&wasm))];
        (assets::url(&format!("boot/{face}.js")), preloads)
    });
    let texts = language.has_texts().then(|| assets::url(&format!("texts/{}.json", language.code())));
    let texts = texts.filter(|_| code.is_some());
    let (script, preloads) = code.unzip();
    draw(language, |language| Document {
        language,
        title: t(title),
        style: assets::url(&format!("css/{face}.css")),
        theme: look.theme,
        own_style: own_style(look),
        look: follower(look),
        scripts: before.into_iter().chain(script).collect(),
        preloads: preloads.unwrap_or_default(),
        refresh: None,
        state: Some(state),
        texts,
        body: body(),
    })
}

fn own_style(look: &Look) -> Option<String> {
    Some(look.style.clone()).filter(|style| !style.is_empty())
}

/// The script by which a page is light or dark as the one around it.
fn follower(look: &Look) -> Option<String> {
    look.follows.then(|| assets::url("boot/look.js"))
}

/// A text in a language, for a page that is drawn later.
pub fn say(language: Language, text: impl FnOnce() -> String) -> String {
    with_language(language, text)
}

/// What is made of texts in a language.
pub fn with_language<T>(language: Language, texts: impl FnOnce() -> T) -> T {
    Owner::new().with(|| {
        provide_context(language);
        texts()
    })
}

fn draw(language: Language, page: impl FnOnce(Language) -> Document) -> String {
    // A fresh reactive owner per page, dropped with it. Texts are drawn in the language that it knows.
    Owner::new().with(|| {
        provide_context(language);
        document(page(language))
    })
}
