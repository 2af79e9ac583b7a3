//! The document around every page.

use crate::ui::icon::{Icon, Shape};
use crate::ui::words::Language;
use leptos::config::get_configuration;
use leptos::hydration::AutoReload;
use leptos::prelude::*;

/// What goes into the head of a page.
pub struct Document {
    pub language: Language,
    pub title: String,
    /// The address of its style sheet.
    pub style: String,
    /// `light` or `dark`, where it is to be that whatever the visitor's system says.
    pub theme: Option<&'static str>,
    /// A style sheet of its own.
    pub own_style: Option<String>,
    /// The address of a script that has to come before anything is seen.
    pub look: Option<String>,
    /// The addresses of its module scripts, and what those will load, in order.
    pub scripts: Vec<String>,
    pub preloads: Vec<Preload>,
    /// After how many seconds the browser goes where.
    pub refresh: Option<(u32, String)>,
    /// State for the client, as JSON.
    pub state: Option<String>,
    /// The address of the texts that the client will need, as JSON: those of the page's language.
    pub texts: Option<String>,
    pub body: AnyView,
}

/// Something that the page's script will need.
pub enum Preload {
    Module(String),
    Wasm(String),
}

/// A whole document as text.
pub fn document(page: Document) -> String {
    let look = page.look.map(|src| view! { <script type="module" blocking="render" src=src></script> });
    let scripts = page.scripts.into_iter().map(|src| view! { <script type="module" src=src></script> }).collect_view();
    let refresh = page.refresh.map(|(seconds, to)| {
        view! { <meta http-equiv="refresh" content=format!("{seconds}; url={to}") /> }
    });
    let preloads = page
        .preloads
        .into_iter()
        .map(|preload| match preload {
            Preload::Module(href) => view! { <link rel="modulepreload" href=href /> }.into_any(),
            Preload::Wasm(href) => {
                view! { <link rel="preload" href=href r#as="fetch" r#type="application/wasm" crossorigin="" /> }
                    .into_any()
            }
        })
        .collect_view();
    // In JSON `<` only stands inside strings, where its escape means the same: nothing can close the element.
    let state = page.state.map(|json| {
        let json = json.replace('<', "\\u003c");
        view! { <script type="application/json" id="state">{json}</script> }
    });
    let texts = page.texts.map(|href| {
        view! {
            <link id="texts" rel="preload" href=href r#as="fetch" r#type="application/json" crossorigin="" />
        }
    });
    let html = view! {
        <html lang=page.language.code() dir=page.language.direction() data-theme=page.theme>
            <head>
                <meta charset="utf-8" />
                <meta
                    name="viewport"
                    content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
                />
                <meta name="color-scheme" content="light dark" />
                <title>{page.title}</title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=page.style />
                {page.own_style.map(|css| view! { <style>{css}</style> })}
                {look}
                {refresh}
                {preloads}
                {scripts}
                {reloader()}
                {texts}
                {state}
            </head>
            <body>{page.body}</body>
        </html>
    }
    .to_html();
    // The renderer marks the end of each dynamic text with `<!>`. Where there is only text that would be read out.
    let html = html.replacen("<!></title>", "</title>", 1).replace("<!></textarea>", "</textarea>");
    format!("<!doctype html>{html}")
}

/// Under `cargo leptos watch`, the script that reloads a page when its code or style has changed.
fn reloader() -> Option<AnyView> {
    let watching = cfg!(debug_assertions) && std::env::var_os("LEPTOS_WATCH").is_some();
    let options = watching.then(|| get_configuration(None).ok()).flatten()?.leptos_options;
    Some(view! { <AutoReload options=options /> }.into_any())
}

/// The frame of the pages of this room.
#[component]
pub fn Site(
    /// The link at the right end of the top.
    #[prop(optional)]
    log_in: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="site">
            <header class="site__top">
                <a class="brand" href="/">
                    <span class="mark"><Icon shape=Shape::DESK /></span>
                    "Frontdesk"
                </a>
                {log_in.then(|| view! { <a class="btn btn--quiet" href="/login">"Log in"</a> })}
            </header>
            {children()}
            <footer class="site__foot">"Frontdesk " {env!("CARGO_PKG_VERSION")}</footer>
        </div>
    }
}
