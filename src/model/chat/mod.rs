//! The chat: an append-only list of events with consecutive numbers, the rules that make them ([`decide`]) and the
//! folds that read them ([`Chat::apply`], [`Conversation::apply`]). Written once, run by the server and by the browser.

mod after;
mod apply;
mod command;
mod conversation;
mod decide;
mod event;
mod manage;
mod release;
mod row;
mod state;
#[cfg(test)]
mod tests;

pub use after::subject_of;
pub use command::{Ack, Actor, Command, Context};
pub use conversation::{Change, Conversation, Entry, EntryKind};
pub use decide::{chosen_labels, commit, decide, foresee, may_write, typed_email, typed_name};
pub use event::{Audience, Author, Event, EventBody, ReleaseReason, Side};
pub use row::{ChatRow, Rows, refresh_rows, take_rows};
pub use state::{Chat, MAX_COMMENT_CHARS, MAX_UNREAD, Preview, Rating, Receipts, Status};

/// The number of an event in its chat, counted from 1 without gaps.
pub type Seq = i64;
