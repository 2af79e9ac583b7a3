//! Why the server closes a connection.

use axum::extract::ws::{CloseFrame, Utf8Bytes};

/// The code and the sentence of the close frame. Codes 4000–4099 mean "come back", 4100 and up "do not, as you are".
pub struct Bye(u16, &'static str);

pub const TOO_MANY: Bye = Bye(4001, "Too much at once. Reconnecting in a moment.");
pub const TOO_SLOW: Bye = Bye(4002, "The connection could not keep up. Reconnecting.");
pub const SILENT: Bye = Bye(4003, "Nothing was heard for a while. Reconnecting.");
pub const NO_HELLO: Bye = Bye(4004, "Nothing was said. Reconnecting.");
pub const STOPPING: Bye = Bye(4005, "The server restarts. Reconnecting.");
pub const NOT_READABLE: Bye = Bye(4006, "The conversation cannot be read at the moment. Reconnecting.");
pub const CROWDED: Bye = Bye(4007, "There are too many connections from your network. Reconnecting in a moment.");
pub const TOO_MANY_WINDOWS: Bye = Bye(4008, "This is open in too many windows. Please close some.");
pub const BAD_FRAME: Bye = Bye(4100, "The server did not understand this page. Reload it, please.");
pub const WRONG_PROTOCOL: Bye = Bye(4101, "This page is of another version than the server. Reload it, please.");
pub const NOBODY: Bye = Bye(4102, "Your session has ended. Please log in again.");
pub const BLOCKED: Bye = Bye(4103, "You cannot chat at the moment.");

impl From<Bye> for CloseFrame {
    fn from(Bye(code, reason): Bye) -> Self {
        CloseFrame { code, reason: Utf8Bytes::from_static(reason) }
    }
}
