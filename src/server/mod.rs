//! The server: configuration, router, assets, shutdown. Wires all the other rooms together.

mod address;
mod assets;
mod available;
mod beacon;
pub mod config;
mod connections;
mod door;
mod errors;
mod faces;
mod files;
mod forms;
mod gate;
mod headers;
mod health;
mod logs;
mod look;
mod origin;
mod page;
mod photos;
mod plain;
mod readiness;
mod room;
mod router;
mod serve;
mod socket;
mod state;

pub use serve::{StartError, open_store, serve};
