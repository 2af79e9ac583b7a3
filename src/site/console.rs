//! What the server draws of the console.

use leptos::prelude::*;

/// The outline of the console, until its code is there: the console itself is drawn in the browser only.
pub fn console_outline() -> AnyView {
    view! {
        <div class="desk" id="console" data-view="list">
            <div class="nav" aria-hidden="true"></div>
            <main class="sheet" id="main" aria-busy="true">
                <h1 class="visually-hidden">"Chats"</h1>
                <p class="visually-hidden" role="status">"Loading chats"</p>
                <section class="col list"></section>
                <section class="col convo convo--none"></section>
            </main>
        </div>
    }
    .into_any()
}
