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
pub mod jobs;
#[cfg(feature = "ssr")]
pub mod live;
#[cfg(feature = "ssr")]
pub mod mail;
pub mod model;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(feature = "ssr")]
pub mod site;
#[cfg(feature = "ssr")]
pub mod store;
pub mod ui;
pub mod widget;
