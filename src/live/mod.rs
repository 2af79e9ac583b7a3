//! Live: who is connected, and what they are sent. Nothing here is kept; what is missed is read from the log again.

mod backend;
mod hub;
mod onsite;
mod presence;
mod readers;
mod socket;

pub use backend::{Backend, Unreadable, Viewer};
pub use hub::{Connection, Hub};
pub use onsite::Onsite;
pub use socket::{Handshake, serve};
