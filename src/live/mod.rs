//! Live: who is connected, and what they are sent. Nothing here is kept; what is missed is read from the log again.

mod attendance;
mod backend;
mod bye;
mod connection;
mod crowd;
mod hub;
mod onsite;
mod presence;
mod readers;
mod socket;

pub use attendance::HEARD_WITHIN;
pub use backend::{Backend, Unreadable, Viewer};
pub use connection::{Connection, Handshake};
pub use hub::Hub;
pub use onsite::Onsite;
pub use socket::serve;
