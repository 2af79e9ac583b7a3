//! What both faces share: the live connection, the outbox, the conversation on the screen, and components.

pub mod browser;
pub mod composer;
pub mod conversation;
pub mod dialog;
pub mod icon;
pub mod live;
pub mod log;
pub mod message;
pub mod outbox;
pub mod people;
pub mod seen;
pub mod text;
pub mod time;
pub mod typing;
