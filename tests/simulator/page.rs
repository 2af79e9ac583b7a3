//! A page in a browser: the copy of a chat, the outbox, the rows of a console, and what it is waiting for.

use crate::hub::ConnId;
use crate::link::Link;
use crate::plan::{Ms, Whose};
use fastrand::Rng;
use frontdesk::model::agent::AgentRef;
use frontdesk::model::chat::{Actor, Command, Conversation, Event, Rows, Seq};
use frontdesk::model::ids::{AgentId, ChatId, CommandId, VisitorId};
use frontdesk::model::live::Cursor;
use frontdesk::model::outbox::Outgoing;
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub struct Page {
    pub whose: Whose,
    pub actor: Actor,
    /// Counts reloads: what an earlier page waited for does not come.
    pub life: u32,
    /// How far its clock is off.
    pub clock: Ms,
    pub link: Link,
    /// Its person is gone, and nothing happens here.
    pub away: Option<Away>,
    /// What it will do when the lid is open again.
    pub slept: Vec<Wake>,
    pub conn: Option<(usize, ConnId)>,
    /// Since when the server has that connection.
    pub conn_since: Ms,
    /// When it was connected for the last time, long enough to be seen.
    pub here_until: Option<Ms>,
    /// It wants a connection.
    pub wants: bool,
    /// The server does not want it.
    pub refused: bool,
    /// Attempts to connect since the last that succeeded; also names the one that is scheduled.
    pub attempts: u32,
    pub copy: Option<Shown>,
    pub outbox: Option<Outbox>,
    /// The list of a console.
    pub rows: Rows,
    /// The chats of which the agent is told that they were taken meanwhile.
    pub told: BTreeSet<ChatId>,
    /// When the server welcomed it for the last time.
    pub welcomed_at: Ms,
    /// A chat that is being started, again and again until there is an answer.
    pub form: Option<(CommandId, Command)>,
    pub calls: BTreeMap<u64, Why>,
    /// Its own chance: leaving out what others do changes nothing here, which keeps small plans alike.
    pub rng: Rng,
    /// Calls that were made.
    pub called: usize,
}

/// How somebody is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Away {
    Lid,
    Window,
}

/// A followed chat.
pub struct Shown {
    pub conversation: Conversation,
    /// All events that it was made of.
    pub held: Vec<Event>,
    pub current: bool,
}

/// The messages on their way.
pub struct Outbox {
    /// A page may open it anew while an answer to the one before is on its way.
    pub number: u64,
    pub messages: Vec<Outgoing>,
    pub sending: bool,
    pub failures: u32,
}

/// What a call was for.
pub enum Why {
    /// The visitor's live chat, asked for when the page is loaded.
    State,
    /// The rows of a console that is being loaded.
    Load,
    /// Those of one that has connected anew, and what it knew then.
    Refresh(HashMap<ChatId, Seq>),
    Form(CommandId),
    /// A message of the outbox with this number.
    Outbox(Box<Outgoing>, u64),
    /// A command that is given once.
    Once(CommandId),
}

/// What a page has waited for.
#[derive(Clone, Copy)]
pub enum Wake {
    Load,
    Connect {
        attempt: u32,
    },
    Form,
    Outbox,
    /// The rows are asked for again.
    Refresh,
    /// What arrived is told to have.
    TellDelivered,
}

impl Page {
    pub fn new(whose: Whose, rng: Rng) -> Self {
        let actor = match whose {
            Whose::Visitor { number, .. } => Actor::Visitor(VisitorId(number)),
            Whose::Agent { number } => {
                Actor::Agent(AgentRef { id: AgentId(number), name: format!("Agent {number}"), photo: None })
            }
        };
        Page {
            whose,
            actor,
            life: 0,
            clock: 0,
            link: Link::default(),
            away: None,
            slept: Vec::new(),
            conn: None,
            conn_since: 0,
            here_until: None,
            wants: false,
            refused: false,
            attempts: 0,
            copy: None,
            outbox: None,
            rows: Rows::new(),
            told: BTreeSet::new(),
            welcomed_at: 0,
            form: None,
            calls: BTreeMap::new(),
            rng,
            called: 0,
        }
    }

    pub fn is_visitor(&self) -> bool {
        matches!(self.whose, Whose::Visitor { .. })
    }

    /// The key of this person's outbox in the browser's storage.
    pub fn storage_key(&self) -> String {
        match self.whose {
            Whose::Visitor { number, .. } => format!("v{number}"),
            Whose::Agent { number } => format!("a{number}"),
        }
    }

    /// Everything but the storage, the clock and the network is gone.
    pub fn reload(&mut self) {
        let fresh = Page::new(self.whose, self.rng.clone());
        let link = std::mem::take(&mut self.link);
        let (clock, called, here_until) = (self.clock, self.called, self.here_until);
        *self = Page { life: self.life + 1, clock, link, called, here_until, ..fresh };
    }

    /// The chat on the screen.
    pub fn chat(&self) -> Option<ChatId> {
        self.copy.as_ref().map(|copy| copy.conversation.chat.id)
    }

    pub fn cursors(&self) -> Vec<Cursor> {
        let cursor = |copy: &Shown| {
            let chat = &copy.conversation.chat;
            Cursor { chat: chat.id, after: chat.last_seq }
        };
        self.copy.iter().map(cursor).collect()
    }

    /// Whether this agent answers the chat on the screen.
    pub fn answers(&self) -> bool {
        let owner = self.copy.as_ref().and_then(|copy| copy.conversation.chat.agent.as_ref());
        matches!((&self.actor, owner), (Actor::Agent(me), Some(owner)) if me.id == owner.id)
    }
}

impl Shown {
    pub fn new(chat: ChatId) -> Self {
        Shown { conversation: Conversation::new(chat), held: Vec::new(), current: false }
    }
}
