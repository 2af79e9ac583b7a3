//! Frontdesk: live chat for a company's website, run by the company itself.
//!
//! `ssr` compiles the server, `hydrate` the client. `docs/architecture.md` walks through the rooms.
#![recursion_limit = "512"]

pub mod api;
#[cfg(feature = "ssr")]
pub mod auth;
pub mod console;
#[cfg(feature = "ssr")]
pub mod desk;
#[cfg(feature = "ssr")]
pub mod files;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
pub mod live;
#[cfg(feature = "ssr")]
pub mod mail;
pub mod model;
#[cfg(feature = "ssr")]
pub mod operations;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(feature = "ssr")]
pub mod site;
#[cfg(feature = "ssr")]
pub mod store;
pub mod ui;
pub mod widget;

/// Starts the face that the address names: the widget is here already, the console's chunk is fetched.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    let path = leptos::prelude::window().location().pathname().unwrap_or_default();
    if path.starts_with("/console") {
        // The executor must be there before the first lazy call.
        let _ = any_spawner::Executor::init_wasm_bindgen();
        leptos::task::spawn_local(console::mount());
    } else {
        widget::hydrate();
    }
}
