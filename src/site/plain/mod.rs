//! The widget for browsers that run no code of ours: plain forms, and a log in a frame of its own that the browser
//! refreshes, so that nothing that is being typed is lost. Looks like the widget and has the same names.

mod after;
mod files;
mod form;
mod halt;
mod log;
mod parts;
mod talk;
mod when;

pub use after::{AfterPage, after};
pub use form::{BROKEN, FormKind, FormPage, form};
pub use halt::{TOO_OLD, beside, blocked, left, log_halt};
pub use log::{LogPage, log, refresh_s};
pub use talk::{TalkPage, confirm_end, talk};

use crate::model::ids::{ChatId, CommandId};

/// What every form carries unseen.
#[derive(Clone, Debug)]
pub struct Hidden {
    /// The visitor's token. It travels in forms only, never in an address.
    pub token: String,
    /// The name of the command that the form will be: posted twice, it is carried out once.
    pub id: CommandId,
    pub chat: Option<ChatId>,
    /// The browser has scripts but cannot run the widget's code: nothing is to take over from these pages.
    pub stays: bool,
}
