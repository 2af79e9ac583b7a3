//! What both ends speak: the language of the product, with no clock, no randomness and no I/O in it.
//!
//! Everything here compiles for the server and for WASM and imports nothing else of ours.

pub mod agent;
pub mod attachment;
pub mod block;
pub mod calls;
pub mod chat;
pub mod custom_data;
pub mod delivery;
pub mod department;
pub mod error;
pub mod identity;
pub mod ids;
pub mod json;
pub mod label;
pub mod letters;
pub mod links;
pub mod live;
pub mod origin;
pub mod outbox;
pub mod pages;
pub mod rules;
pub mod settings;
pub mod site;
pub mod text;
pub mod ticket;
pub mod user_agent;
pub mod visitor;
pub mod visitor_state;

/// Milliseconds since the Unix epoch, UTC. All instants in Frontdesk have this shape.
pub type Millis = i64;

/// The last instant that a browser can name; the first is as far before 1970. Beyond them its dates throw.
pub const LAST_INSTANT: Millis = 8_640_000_000_000_000;
