//! The state of a chat that the rules need, and the list shows. Bounded: it does not grow with the conversation.

use super::Seq;
use super::event::{Author, Side};
use crate::model::Millis;
use crate::model::agent::AgentRef;
use crate::model::custom_data::CustomData;
use crate::model::department::DepartmentRef;
use crate::model::ids::{AgentId, ChatId};
use crate::model::label::Label;
use crate::model::site::SiteRef;
use crate::model::ticket::TicketRef;
use crate::model::visitor::{Email, VisitorCard};
use serde::{Deserialize, Serialize};

/// Unread messages are counted up to this many per side; beyond, the oldest are forgotten and shown as "99+".
pub const MAX_UNREAD: usize = 100;

/// Most tickets of one chat.
pub const MAX_TICKETS: usize = 10;
/// Most addresses to which the transcript of one chat goes.
pub const MAX_TRANSCRIPTS: usize = 4;
/// How often a chat can be rated.
pub const MAX_RATINGS: u8 = 10;
/// Longest accepted comment of a rating, in characters.
pub const MAX_COMMENT_CHARS: usize = 1_000;

/// Where a chat is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// No event yet.
    #[default]
    New,
    /// Started; nobody has accepted it, or who had is gone.
    Waiting,
    /// An agent has accepted it.
    Open,
    Ended,
}

impl Status {
    /// The word for it in the database and in frames.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::New => "new",
            Status::Waiting => "waiting",
            Status::Open => "open",
            Status::Ended => "ended",
        }
    }

    /// Started and not ended: the visitor and the agents can still write.
    pub fn is_live(self) -> bool {
        matches!(self, Status::Waiting | Status::Open)
    }
}

/// What one side has received and read of the other side's messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipts {
    /// Numbers of the other side's messages that this side has not read, oldest first, the last [`MAX_UNREAD`].
    pub unread: Vec<Seq>,
    /// Everything up to here arrived.
    pub delivered: Seq,
    /// Everything up to here was read.
    pub read: Seq,
}

/// The last message, for lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    pub by: Author,
    pub at: Millis,
    /// One line, cut.
    pub text: String,
}

/// What the visitor thought of the chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    pub helpful: bool,
    pub comment: String,
    /// How often it was given.
    pub times: u8,
}

/// The fold of a chat's events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chat {
    pub id: ChatId,
    pub status: Status,
    pub visitor: Option<VisitorCard>,
    /// What the website tells of the visitor; empty in the visitor's own copy.
    #[serde(default, skip_serializing_if = "CustomData::is_empty")]
    pub data: CustomData,
    /// The site on which it was started; empty in the visitor's own copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<SiteRef>,
    pub department: Option<DepartmentRef>,
    /// The agent who answers.
    pub agent: Option<AgentRef>,
    /// Agents who leave the waiting chat to the others.
    pub dismissed_by: Vec<AgentId>,
    /// The number of the last event.
    pub last_seq: Seq,
    /// The number of the last event that the visitor may see.
    pub last_public_seq: Seq,
    pub started_at: Millis,
    /// When somebody last wrote, or the chat's status changed.
    pub updated_at: Millis,
    /// When the chat was last taken from its agent and began to wait again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released_at: Option<Millis>,
    pub ended_at: Option<Millis>,
    pub messages: i64,
    pub last_message: Option<Preview>,
    pub visitor_side: Receipts,
    pub agents_side: Receipts,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Label>,
    /// The tickets that were made of this chat, at most [`MAX_TICKETS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tickets: Vec<TicketRef>,
    /// Until when the visitor is blocked because of this chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked_until: Option<Millis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
    /// Where transcripts go, at most [`MAX_TRANSCRIPTS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transcripts: Vec<Email>,
}

impl Chat {
    /// A chat in which nothing has happened.
    pub fn new(id: ChatId) -> Self {
        Chat {
            id,
            status: Status::New,
            visitor: None,
            data: CustomData::default(),
            site: None,
            department: None,
            agent: None,
            dismissed_by: Vec::new(),
            last_seq: 0,
            last_public_seq: 0,
            started_at: 0,
            updated_at: 0,
            released_at: None,
            ended_at: None,
            messages: 0,
            last_message: None,
            visitor_side: Receipts::default(),
            agents_side: Receipts::default(),
            labels: Vec::new(),
            tickets: Vec::new(),
            blocked_until: None,
            rating: None,
            transcripts: Vec::new(),
        }
    }

    /// What `side` has received and read.
    pub fn receipts(&self, side: Side) -> &Receipts {
        match side {
            Side::Visitor => &self.visitor_side,
            Side::Agents => &self.agents_side,
        }
    }

    pub(super) fn receipts_mut(&mut self, side: Side) -> &mut Receipts {
        match side {
            Side::Visitor => &mut self.visitor_side,
            Side::Agents => &mut self.agents_side,
        }
    }

    /// How many messages of the other side `side` has not read, at most [`MAX_UNREAD`].
    pub fn unread(&self, side: Side) -> usize {
        self.receipts(side).unread.len()
    }

    /// The newest message that `side` has neither read nor said to have received.
    pub fn undelivered(&self, side: Side) -> Option<Seq> {
        let receipts = self.receipts(side);
        receipts.unread.last().copied().filter(|newest| *newest > receipts.delivered)
    }

    /// Whether an agent ever took the chat: what was said then is a conversation.
    pub fn was_accepted(&self) -> bool {
        self.agent.is_some() || self.released_at.is_some()
    }

    /// Since when a waiting chat waits.
    pub fn waiting_since(&self) -> Millis {
        self.released_at.unwrap_or(self.started_at)
    }

    /// What to call the visitor.
    pub fn visitor_name(&self) -> &str {
        self.visitor.as_ref().map_or("Visitor", VisitorCard::display_name)
    }
}
