//! Frontdesk: live chat for a company's website, run by the company itself.
//!
//! `ssr` compiles the server, `widget` and `console` the two faces in the browser, `hydrate` both in one. `docs/architecture.md` walks through the rooms.
#![recursion_limit = "512"]

#[cfg(feature = "reactive")]
pub mod api;
#[cfg(feature = "ssr")]
pub mod auth;
// The server draws nothing of it; its tests run what is pure in there.
#[cfg(any(feature = "console", test))]
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
// The traits of signals are in use only where there are signals.
#[cfg_attr(not(feature = "reactive"), allow(unused_imports))]
pub mod widget;

/// Takes over the widget that the server drew.
#[cfg(feature = "widget")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn start_widget() {
    std::panic::set_hook(Box::new(console_error_panic_hook::hook));
    widget::take_over();
}

/// Draws the console.
#[cfg(feature = "console")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn start_console() {
    console_error_panic_hook::set_once();
    console::mount();
}
