//! What happened in a chat. Stored for ever: variants and fields are only ever added, each with a default.

use super::Seq;
use crate::model::Millis;
use crate::model::agent::AgentRef;
use crate::model::attachment::Attachment;
use crate::model::custom_data::CustomData;
use crate::model::department::DepartmentRef;
use crate::model::identity::ProvenIdentity;
use crate::model::ids::CommandId;
use crate::model::label::Label;
use crate::model::site::SiteRef;
use crate::model::text::RichText;
use crate::model::ticket::TicketRef;
use crate::model::visitor::{Connection, Email, PageView, Visit, VisitorCard};
use serde::{Deserialize, Serialize};

/// One thing that happened in a chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub seq: Seq,
    /// When the server decided it.
    pub at: Millis,
    pub by: Author,
    /// The command it came from, on the first event of each command: how a writer recognises its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<CommandId>,
    pub body: EventBody,
}

/// Who caused an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    Visitor,
    Agent(AgentRef),
    System,
}

impl Author {
    /// The side of the chat the author writes on; the system is on neither.
    pub fn side(&self) -> Option<Side> {
        match self {
            Author::Visitor => Some(Side::Visitor),
            Author::Agent(_) => Some(Side::Agents),
            Author::System => None,
        }
    }
}

/// The two sides of a chat. Receipts are kept per side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Visitor,
    Agents,
}

impl Side {
    pub fn other(self) -> Side {
        match self {
            Side::Visitor => Side::Agents,
            Side::Agents => Side::Visitor,
        }
    }
}

/// Who may see an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The visitor of the chat; sees only what is for everyone.
    Visitor,
    /// Agents; they see everything.
    Agents,
}

/// Why a chat was taken from its agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseReason {
    /// No console of the agent was connected for longer than the rules allow.
    ConnectionLost,
    /// The agent logged out.
    LoggedOut,
    /// An admin deactivated the agent.
    Deactivated,
    /// Something that a newer version knows. Never written.
    #[serde(other)]
    Unknown,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EventBody {
    /// The visitor started the chat and waits for an agent.
    Started {
        visitor: VisitorCard,
        #[serde(default)]
        department: Option<DepartmentRef>,
    },
    /// What is known of the visitor's connection and visit (M11), and the site on which it is. For agents only.
    VisitRecorded {
        connection: Connection,
        visit: Visit,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        site: Option<SiteRef>,
    },
    /// What the website tells of its visitor, in place of what it told before. For agents only.
    DataTold { data: CustomData },
    /// The website has proven during the chat who its visitor is: name and email that are proven take the place of others.
    Identified { proven: ProvenIdentity },
    /// The visitor opened a page (M4). For agents only.
    PageViewed { page: PageView },
    /// The author, an agent, took the chat.
    Accepted,
    /// The chat was taken from this agent and waits for another one. By the system.
    Released { agent: AgentRef, reason: ReleaseReason },
    /// The author, an agent, leaves the waiting chat to the others. For agents only.
    Dismissed,
    /// The author wrote, attached files, or both.
    Message {
        text: RichText,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<Attachment>,
    },
    /// Messages of the other side up to this number arrived at the author's.
    Delivered { up_to: Seq },
    /// Messages of the other side up to this number were seen by the author (M3).
    Read { up_to: Seq },
    /// The author ended the chat (M8).
    Ended,
    /// The author, an agent, gave the chat to another department (M10).
    DepartmentChanged {
        #[serde(default)]
        department: Option<DepartmentRef>,
    },
    /// The author, an agent, put these labels on the chat in place of those before (M10). For agents only.
    LabelsChanged { labels: Vec<Label> },
    /// The author, an agent, entered the visitor's email.
    EmailEntered { email: Email },
    /// A ticket was made of the chat (M7). For agents only.
    TicketCreated { ticket: TicketRef },
    /// The author, an agent, blocked the visitor (M12), and the address when there is one. For agents only.
    Blocked {
        until: Millis,
        reason: String,
        #[serde(default)]
        address: Option<String>,
    },
    /// The author, an agent, lifted the block. For agents only.
    BlockLifted,
    /// The visitor rated the chat; a later rating replaces it.
    Rated {
        helpful: bool,
        #[serde(default)]
        comment: String,
    },
    /// The visitor asked for the transcript at this address.
    TranscriptRequested { email: Email },
    /// Something that a newer version knows. Read by pages that are older than the server; never written.
    #[serde(other)]
    Unknown,
}

impl EventBody {
    /// Whether `audience` may see this. The one place of that rule.
    pub fn is_for(&self, audience: Audience) -> bool {
        match audience {
            Audience::Agents => true,
            Audience::Visitor => match self {
                EventBody::VisitRecorded { .. }
                | EventBody::DataTold { .. }
                | EventBody::PageViewed { .. }
                | EventBody::Dismissed
                | EventBody::LabelsChanged { .. }
                | EventBody::TicketCreated { .. }
                | EventBody::Blocked { .. }
                | EventBody::BlockLifted
                | EventBody::Unknown => false,
                EventBody::Started { .. }
                | EventBody::Identified { .. }
                | EventBody::Accepted
                | EventBody::Released { .. }
                | EventBody::Message { .. }
                | EventBody::Delivered { .. }
                | EventBody::Read { .. }
                | EventBody::DepartmentChanged { .. }
                | EventBody::EmailEntered { .. }
                | EventBody::Rated { .. }
                | EventBody::TranscriptRequested { .. }
                | EventBody::Ended => true,
            },
        }
    }
}
