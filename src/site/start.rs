//! The start page: where to go, and the line that puts the chat on a website.

use super::frame::Site;
use crate::ui::icon::{Icon, Shape};
use leptos::prelude::*;

/// The start page of a server that browsers reach at `public_url`.
pub fn start(public_url: String) -> AnyView {
    let snippet = format!("<script async src=\"{public_url}/embed.js\"></script>");
    view! {
        <Site log_in=true>
            <main class="start">
                <h1 class="start__title">"Live chat that runs at your own desk"</h1>
                <p class="start__text">
                    "A visitor asks from a small button on any page. Your team answers from the browser. Nothing is lost, nothing is tracked, and everything stays on this machine."
                </p>
                <p class="start__row">
                    <a class="btn btn--primary" href="/console">"Open the console"</a>
                    <a class="btn btn--line" href="/demo">"Try it in the example shop"</a>
                </p>
                <ul class="cards">
                    <Tile href="/console" shape=Shape::CHATS title="Agent console" text="Answer your visitors." />
                    <Tile href="/demo" shape=Shape::PAGE title="Example shop" text="Three pages with the chat embedded." />
                </ul>
                <section class="snippet" aria-labelledby="embed">
                    <div class="snippet__head">
                        <div>
                            <h2 class="snippet__title" id="embed">"Put it on your website"</h2>
                            <p class="snippet__text">"One line, before the end of the body. That is all."</p>
                        </div>
                    </div>
                    <pre tabindex="0" aria-label="Embed code"><code>{snippet}</code></pre>
                </section>
            </main>
        </Site>
    }
    .into_any()
}

#[component]
fn Tile(href: &'static str, shape: Shape, title: &'static str, text: &'static str) -> impl IntoView {
    view! {
        <li>
            <a class="tile" href=href>
                <span class="tile__icon"><Icon shape=shape /></span>
                <span>
                    <b class="tile__title">{title}</b>
                    <br />
                    <span class="tile__text">{text}</span>
                </span>
                <Icon shape=Shape::FORWARD />
            </a>
        </li>
    }
}
