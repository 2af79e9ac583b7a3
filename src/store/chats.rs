//! Chats: their logs and their rows.

use super::{Lease, NewJob, StoreError, TransactError};
use crate::model::Millis;
use crate::model::chat::{Ack, Actor, Audience, Author, Chat, ChatRow, Event, Seq, Status};
use crate::model::error::Refusal;
use crate::model::ids::{AgentId, ChatId, CommandId, VisitorId};
use crate::model::ticket::NewTicket;
use async_trait::async_trait;
use std::sync::Arc;

/// What a command does to the state it finds: `chat` is changed in place, the events and jobs are returned. Called again
/// when two nodes race or a batch is rolled back, so it must depend on nothing but its argument.
pub type Decide = Box<dyn Fn(&mut Chat) -> Result<Decision, Refusal> + Send + Sync>;

/// What a command makes happen.
#[derive(Debug, Default)]
pub struct Decision {
    pub events: Vec<Event>,
    /// What must be done after the commit; stored with the events or not at all.
    pub jobs: Vec<NewJob>,
    /// A ticket that is made of the chat.
    pub ticket: Option<NewTicket>,
    /// What it has to do with the lease of an agent.
    pub lease: Option<Lease>,
}

/// Which chat a command is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A new one of this visitor. Refused with [`Refusal::AlreadyChatting`] while they have a live one.
    New(VisitorId),
    Existing(ChatId),
}

/// One command on its way into the log.
pub struct Transact {
    pub target: Target,
    pub command: CommandId,
    /// Whose command it is: a repeated command is only answered to the one who gave it first.
    pub actor: Actor,
    pub decide: Decide,
}

/// What the log says of a command: its first event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    pub chat: ChatId,
    pub seq: Seq,
    /// The name of its author, as [`author_key`] writes it.
    pub author: String,
    /// The visitor whose chat it is.
    pub visitor: VisitorId,
}

impl Transact {
    /// The answer to a command that is in the log already: the first answer again, for whoever gave it, in its chat.
    ///
    /// # Errors
    /// [`Refusal::CommandReused`] for anybody else, and in any other chat.
    pub fn repeated(&self, first: &Recorded) -> Result<Ack, Refusal> {
        let same_chat = match self.target {
            Target::Existing(id) => id == first.chat,
            Target::New(visitor) => visitor == first.visitor,
        };
        let same_author = author_key(&self.actor.author()) == first.author
            && match self.actor {
                Actor::Visitor(visitor) => visitor == first.visitor,
                Actor::Agent(_) | Actor::System => true,
            };
        if same_chat && same_author {
            Ok(Ack { chat: first.chat, seq: first.seq })
        } else {
            Err(Refusal::CommandReused)
        }
    }
}

/// What a commit added to a chat, for those who listen.
#[derive(Clone, Debug)]
pub struct Committed {
    pub chat: ChatId,
    /// The new events, consecutive.
    pub events: Arc<[Event]>,
    /// The last number before them that a visitor may see.
    pub prev_public: Seq,
    /// The chat's row after them.
    pub row: ChatRow,
}

impl Committed {
    /// What `events` made of a chat; `prev_public` is the last number before them that a visitor may see.
    pub fn new(prev_public: Seq, after: &Chat, events: Arc<[Event]>) -> Self {
        Committed { chat: after.id, events, prev_public, row: ChatRow::from(after) }
    }
}

/// A tab of the chat list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    Waiting,
    /// The open chats of this agent.
    Mine(AgentId),
    /// Everything that is not ended.
    Live,
    Ended,
}

/// A chat that a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub row: ChatRow,
    /// What was said around the first hits; hits stand between U+0001 and U+0002.
    pub snippet: String,
}

/// Where a page of the list begins: after the row with this time and number, going back in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    pub before: Option<(Millis, ChatId)>,
    /// Rows at most.
    pub limit: u32,
}

/// The name of an author in the database: whose event or file it is.
pub fn author_key(author: &Author) -> String {
    match author {
        Author::Visitor => "visitor".into(),
        Author::Agent(agent) => format!("agent:{}", agent.id),
        Author::System => "system".into(),
    }
}

/// What is kept of chats.
#[async_trait]
pub trait ChatStore: Send + Sync + 'static {
    /// Decides on the committed state and stores what comes out; returns when it is on disk. Commits are announced in
    /// order to the listener that the store was opened with, before this returns.
    ///
    /// # Errors
    /// [`TransactError`]; nothing of the command is stored then.
    async fn transact(&self, transact: Transact) -> Result<Ack, TransactError>;

    /// The state of a chat.
    async fn chat(&self, id: ChatId) -> Result<Option<Chat>, StoreError>;

    /// Events after `after` that `audience` may see, in order, at most `limit`.
    async fn events(&self, id: ChatId, audience: Audience, after: Seq, limit: u32) -> Result<Vec<Event>, StoreError>;

    /// Rows of a list, latest change first.
    async fn rows(&self, list: List, page: Page) -> Result<Vec<ChatRow>, StoreError>;

    /// Ended chats in which all these words were said, or that are of such a visitor; latest chat first, before this one,
    /// at most `limit`. Each word may be the beginning of one.
    async fn search(&self, words: &str, before: Option<ChatId>, limit: u32) -> Result<Vec<Found>, StoreError>;

    /// The visitor's chats before this one, latest first, at most `limit`.
    async fn chats_of(&self, visitor: VisitorId, before: ChatId, limit: u32) -> Result<Vec<ChatRow>, StoreError>;

    /// The visitor's latest chat and its status.
    async fn latest_chat_of(&self, visitor: VisitorId) -> Result<Option<(ChatId, Status)>, StoreError>;

    /// Whether the database takes what is given to it: writes a number durably, as every command is written, and reads it
    /// again.
    async fn check(&self) -> Result<(), StoreError>;
}
