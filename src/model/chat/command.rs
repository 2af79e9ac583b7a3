//! What a person asks of a chat, and what the rules may know when they answer.

use super::Seq;
use super::event::{Author, ReleaseReason, Side};
use crate::model::Millis;
use crate::model::agent::AgentRef;
use crate::model::attachment::Attachment;
use crate::model::custom_data::CustomData;
use crate::model::department::DepartmentRef;
use crate::model::identity::ProvenIdentity;
use crate::model::ids::{AgentId, ChatId, CommandId, DepartmentId, FileId, LabelId, TicketId, VisitorId};
use crate::model::label::Label;
use crate::model::rules::Rules;
use crate::model::site::SiteRef;
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
    /// Either side writes, attaches stored files, or both.
    Send {
        text: RichText,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<FileId>,
    },
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
    /// The website says anew who its visitor is: what it says comes beside the command, as at the start.
    Introduce {
        /// What it tells of the visitor takes the place of what it told before, also when it is nothing any more.
        #[serde(default)]
        data: bool,
    },
    /// Either side ends the chat.
    End,
    /// An agent gives the chat to another department.
    SetDepartment { department: Option<DepartmentId> },
    /// An agent puts these labels on the chat, in place of those before.
    SetLabels { labels: Vec<LabelId> },
    /// An agent makes a ticket of the chat (M7).
    CreateTicket {
        /// Needed, and kept on the chat, when the visitor gave none.
        #[serde(default)]
        email: String,
        subject: String,
        description: RichText,
        #[serde(default)]
        department: Option<DepartmentId>,
        #[serde(default)]
        labels: Vec<LabelId>,
    },
    /// An agent keeps the visitor out for a day (M12); with `address` also everybody at the visitor's last address.
    Block {
        reason: String,
        #[serde(default)]
        address: bool,
    },
    /// An agent lifts the block.
    LiftBlock,
    /// The visitor leaves a message instead of waiting any longer: it becomes a ticket, and the chat ends.
    LeaveMessage {
        #[serde(default)]
        name: String,
        email: String,
        text: RichText,
    },
    /// The visitor rates the ended chat.
    Rate {
        helpful: bool,
        #[serde(default)]
        comment: String,
    },
    /// The visitor wants the transcript of the ended chat at this address.
    RequestTranscript { email: String },
    /// The house takes the chat from this agent, who cannot answer any more, and puts it back into the queue. Never on the
    /// wire: nobody can ask for it.
    #[serde(skip)]
    Release { from: AgentId, reason: ReleaseReason },
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    Visitor(VisitorId),
    Agent(AgentRef),
    /// The house itself: does what nobody is there to ask for.
    System,
}

impl Actor {
    pub fn author(&self) -> Author {
        match self {
            Actor::Visitor(_) => Author::Visitor,
            Actor::Agent(agent) => Author::Agent(agent.clone()),
            Actor::System => Author::System,
        }
    }

    /// The side of the chat that the actor acts for: the house acts for the agents'.
    pub fn side(&self) -> Side {
        match self {
            Actor::Visitor(_) => Side::Visitor,
            Actor::Agent(_) | Actor::System => Side::Agents,
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
    /// The labels that the command names, as far as there are such.
    pub labels: Vec<Label>,
    /// The files that the command names: those that are stored for this chat, by this actor, and in no message yet.
    pub attachments: Vec<Attachment>,
    /// Most files in one message.
    pub max_files: usize,
    /// The number for a new ticket.
    pub ticket: Option<TicketId>,
    /// What is blocked when the visitor's last address is.
    pub address: Option<String>,
    /// Until when this visitor is kept out; of the visitor's own commands only.
    pub blocked_until: Option<Millis>,
    /// No agent could take a new chat now.
    pub nobody_available: bool,
    /// The visitor's connection as the server sees it; empty in the browser.
    pub connection: Connection,
    /// Who the visitor is, when the website's server has signed it; at the start of a chat, and when it is said anew.
    pub proven: Option<ProvenIdentity>,
    /// What else the website tells of its visitor; at the same times.
    pub data: CustomData,
    /// The site on which the chat is started, when it is one of those that admins have set.
    pub site: Option<SiteRef>,
}

impl Context {
    /// A context with nothing but who, when and which.
    pub fn new(actor: Actor, now: Millis, command: CommandId) -> Self {
        Context {
            actor,
            now,
            command,
            department: None,
            labels: Vec::new(),
            attachments: Vec::new(),
            max_files: Rules::default().max_files as usize,
            ticket: None,
            address: None,
            blocked_until: None,
            nobody_available: false,
            connection: Connection::default(),
            proven: None,
            data: CustomData::default(),
            site: None,
        }
    }
}

/// The answer to a command: it is on disk. Repeated commands get the first answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ack {
    pub chat: ChatId,
    /// The number of its first event; the chat's last number when it changed nothing.
    pub seq: Seq,
}
