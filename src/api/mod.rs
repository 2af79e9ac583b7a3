//! The server functions: thin. Each reads who calls, asks the desk, answers. Their endpoints are fixed names, so that a
//! page from before an upgrade still finds them; `docs/protocol.md` lists them.

mod agent;
#[cfg(feature = "ssr")]
mod caller;
mod client;
mod visitor;

pub use agent::{AgentCommand, ChatList, GetMe, Me, SetAvailable, agent_command, chat_list, me, set_available};
#[cfg(feature = "ssr")]
pub use caller::{Caller, SESSION_COOKIE, bearer_of, cookie_of};
pub use client::{BearerClient, set_bearer};
pub use visitor::{GetVisitorState, VisitorCommand, VisitorState, visitor_command, visitor_state};

use crate::model::ids::ChatId;
use serde::{Deserialize, Serialize};

/// A tab of the console's chat list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatTab {
    Waiting,
    Mine,
    AllOpen,
    Ended,
}

/// Where the next page of a list begins: after the row with this time and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageCursor {
    pub updated_at: i64,
    pub id: ChatId,
}
