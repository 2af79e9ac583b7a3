//! What both faces share: the live connection, the outbox, the conversation on the screen, and components of Leptos.

pub mod browser;
pub mod call;
pub mod conversation;
pub mod delivery;
pub mod draft;
pub mod file_events;
pub mod files;
pub mod fit;
pub mod focus;
pub mod icon;
pub mod live;
pub mod outbox;
pub mod people;
pub mod place;
pub mod resized;
pub mod seen;
pub mod small_map;
pub mod sound;
pub mod state;
pub mod time;
pub mod typing;
pub mod upload;
pub mod words;

#[cfg(feature = "reactive")]
pub mod text;

// Components of the console.
#[cfg(any(feature = "console", test))]
pub mod attachments;
#[cfg(any(feature = "console", test))]
pub mod dialog;
#[cfg(any(feature = "console", test))]
pub mod log;
#[cfg(any(feature = "console", test))]
pub mod message;
#[cfg(any(feature = "console", test))]
pub mod modal;
#[cfg(any(feature = "console", test))]
pub mod tabs;
#[cfg(any(feature = "console", test))]
pub mod tray;
#[cfg(any(feature = "console", test))]
pub mod viewer;
