//! What a person asks of a chat, and what the rules may know when they answer.

use super::Seq;
use super::event::{Author, Side};
use crate::model::Millis;
use crate::model::agent::AgentRef;
use crate::model::department::DepartmentRef;
use crate::model::ids::{ChatId, CommandId, DepartmentId, VisitorId};
use crate::model::text::RichText;
use crate::model::visitor::{Connection, PageView, Visit};
use serde::{Deserialize, Serialize};

/// What a person asks of a chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Command {
    /// A visitor starts the chat with a first message.
    Start {
        #[serde(default)]
        name: String,
        #[serde(default)]
        email: String,
        #[serde(default)]
        department: Option<DepartmentId>,
        text: RichText,
        #[serde(default)]
        visit: Visit,
        /// The page on which the visitor starts the chat.
        #[serde(default)]
        page: Option<PageView>,
    },
    /// Either side writes.
    Send { text: RichText },
    /// An agent takes the waiting chat.
    Accept,
    /// An agent leaves the waiting chat to the others.
    Dismiss,
    /// Messages up to this number arrived.
    MarkDelivered { up_to: Seq },
    /// Messages up to this number were inside the viewport of a visible, focused window.
    MarkRead { up_to: Seq },
    /// The visitor opened a page.
    ViewPage { page: PageView },
    /// Either side ends the chat.
    End,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    Visitor(VisitorId),
    Agent(AgentRef),
}

impl Actor {
    pub fn author(&self) -> Author {
        match self {
            Actor::Visitor(_) => Author::Visitor,
            Actor::Agent(agent) => Author::Agent(agent.clone()),
        }
    }

    pub fn side(&self) -> Side {
        match self {
            Actor::Visitor(_) => Side::Visitor,
            Actor::Agent(_) => Side::Agents,
        }
    }
}

/// Everything the rules may know besides the chat: who, when, under which name, and what the server found out before.
#[derive(Clone, Debug)]
pub struct Context {
    pub actor: Actor,
    pub now: Millis,
    pub command: CommandId,
    /// The department that the command names, when there is one.
    pub department: Option<DepartmentRef>,
    /// The visitor's connection as the server sees it; empty in the browser.
    pub connection: Connection,
}

impl Context {
    /// A context with nothing but who, when and which.
    pub fn new(actor: Actor, now: Millis, command: CommandId) -> Self {
        Context { actor, now, command, department: None, connection: Connection::default() }
    }
}

/// The answer to a command: it is on disk. Repeated commands get the first answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ack {
    pub chat: ChatId,
    /// The number of its first event; the chat's last number when it changed nothing.
    pub seq: Seq,
}
