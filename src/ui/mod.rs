//! What both faces share: the live connection, the outbox, the conversation on the screen, and components.

pub mod attachments;
pub mod browser;
pub mod composer;
pub mod conversation;
pub mod dialog;
pub mod files;
pub mod icon;
pub mod live;
pub mod log;
pub mod message;
pub mod modal;
pub mod outbox;
pub mod people;
pub mod seen;
pub mod tabs;
pub mod text;
pub mod time;
pub mod tray;
pub mod typing;
pub mod upload;
pub mod viewer;
pub mod words;
