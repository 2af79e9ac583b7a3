//! The frames of the live connection `/live`: JSON text, one frame each. `docs/protocol.md` tells the whole story.

use super::agent::AgentRef;
use super::chat::{ChatRow, Event, Seq, Side};
use super::ids::ChatId;
use super::ticket::Ticket;
use serde::{Deserialize, Serialize};

/// The version of the frames. A server that does not speak a client's version says so in the close reason.
pub const PROTOCOL: u32 = 2;
/// Longest draft that is passed on, in characters.
pub const MAX_DRAFT_CHARS: usize = 2_000;
/// A typing notice is valid for this long without being repeated.
pub const TYPING_TTL_MS: u32 = 6_000;
/// A client that hears nothing for this long connects anew. The server speaks at least every 25 s.
pub const SILENCE_MS: u32 = 60_000;
/// Most chats that one connection follows.
pub const MAX_FOLLOWED: usize = 20;

/// What a client sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientFrame {
    /// The first frame: who this is, and the last number seen of each followed chat (0 for nothing yet).
    Hello {
        protocol: u32,
        /// A visitor's bearer token; agents are known by their session cookie.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<String>,
        #[serde(default)]
        cursors: Vec<Cursor>,
    },
    /// Follow a chat from after this number. Also said again when a number is missing.
    Follow { chat: ChatId, after: Seq },
    /// Follow it no longer.
    Unfollow { chat: ChatId },
    /// The writer types; agents see the visitor's draft. An empty or missing draft means that they stopped.
    Typing {
        chat: ChatId,
        #[serde(default)]
        draft: Option<String>,
    },
    /// Whether the visitor looks at the chat.
    Presence { chat: ChatId, presence: Presence },
    /// Whether the agent looks at the visitors on the websites: then [`ServerFrame::VisitorsChanged`] comes.
    WatchVisitors { on: bool },
    /// Answer to [`ServerFrame::Ping`].
    Pong,
}

/// The last number that a client has seen of a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    pub chat: ChatId,
    pub after: Seq,
}

/// Where the visitor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// The chat is visible and has the focus.
    Here,
    /// Connected, but on another tab or window, or the chat is closed.
    Away,
    /// Not connected.
    Gone,
}

/// What the server sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The answer to `hello`: events follow.
    Welcome { protocol: u32 },
    /// Events of a chat in order, as far as this client may see them. `prev` is the number before the first of them in
    /// what this client may see: unless it is the client's cursor, something is missing.
    Events { chat: ChatId, prev: Seq, events: Vec<Event> },
    /// Everything up to the newest number was sent: the answer to `hello` and `follow`.
    Current { chat: ChatId, seq: Seq },
    /// Rows of the chat list that changed. Agents only.
    Rows { rows: Vec<ChatRow> },
    /// Somebody types. Agents see the visitor's draft.
    Typing {
        chat: ChatId,
        side: Side,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent: Option<AgentRef>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        draft: Option<String>,
        typing: bool,
    },
    /// Where the visitor is. Agents only.
    Presence { chat: ChatId, presence: Presence },
    /// The agent's own switch "Available for chat" was turned, perhaps in another window. Agents only.
    Available { available: bool },
    /// Tickets that changed. Agents only.
    Tickets { tickets: Vec<Ticket> },
    /// Departments, labels, rules or agents changed: ask anew. Agents only.
    SettingsChanged,
    /// Visitors on the websites came, went or opened pages: ask anew. For agents who watch them, at once and then at most
    /// once a second.
    VisitorsChanged,
    /// The followed chat does not exist, or not for this client.
    NoSuchChat { chat: ChatId },
    /// Answer with `pong`.
    Ping,
}
