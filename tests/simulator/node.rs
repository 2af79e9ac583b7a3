//! A node, and what it does with a call: as `desk/commands.rs` and `desk/context.rs`.

use crate::hub::{Hub, agent_of};
use crate::plan::Ms;
use crate::sabotage::Sabotage;
use crate::world::{EPOCH, Route, World};
use crate::writer::{Request, Writer};
use frontdesk::desk::effects;
use frontdesk::desk::leases::{self, Round, Seen};
use frontdesk::model::chat::{self, Ack, Actor, ChatRow, Command, Context};
use frontdesk::model::error::ApiError;
use frontdesk::model::ids::{ChatId, CommandId, LabelId, VisitorId};
use frontdesk::model::label::Label;
use frontdesk::model::visitor::Connection;
use frontdesk::store::{Decide, Decision, Lease, Target, Transact};
use std::collections::{BTreeMap, BTreeSet};

pub struct Node {
    pub up: bool,
    /// Counts crashes: what was scheduled before one does not happen after it.
    pub life: u32,
    pub clock: Ms,
    pub writer: Writer<Route>,
    pub hub: Hub,
    pub caches: bool,
    pub sabotage: Option<Sabotage>,
    pub rows_due: bool,
    pub crash: Option<Crash>,
    pub spoil: bool,
    pub lose: u32,
    pub delay: Vec<Ms>,
    pub repeat: Vec<Ms>,
    /// Its machine does nothing until then.
    pub asleep_until: Ms,
    /// When it was down or asleep for long, from and to.
    pub shut: Vec<(Ms, Ms)>,
    /// Who is kept out until when, as far as it knows.
    pub book: BTreeMap<VisitorId, Ms>,
    /// Chats that it is ending because their visitors are kept out.
    pub endings: BTreeMap<u64, Ending>,
    /// The last round of the owners in which all went well.
    pub last_round: Option<Round>,
    pub seen: Seen,
    /// The number of the round that is due.
    pub turn: u64,
    /// A console has just come: there will be a round.
    pub gathering: bool,
}

/// Chats of blocked visitors that are being ended together.
pub struct Ending {
    /// So many are not answered yet.
    pub left: usize,
    pub failed: bool,
    /// How often was looked before.
    pub looks: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Crash {
    BeforeCommit,
    AfterCommit,
}

/// What a page asks of a node.
#[derive(Clone)]
pub enum Body {
    Command {
        chat: Option<ChatId>,
        id: CommandId,
        command: Box<Command>,
        actor: Actor,
    },
    /// The visitor's live chat.
    State(VisitorId),
    /// The rows of the live chats.
    Live,
}

/// The rows of a console, and which chats were taken from its agent.
pub type Desk = (Vec<ChatRow>, BTreeSet<ChatId>);

/// The answer.
#[derive(Clone)]
pub enum Reply {
    Command(Result<Ack, ApiError>),
    State(Result<Option<ChatId>, ApiError>),
    Live(Result<Desk, ApiError>),
    /// None came.
    Lost,
}

impl Body {
    fn failed(&self, error: ApiError) -> Reply {
        match self {
            Body::Command { .. } => Reply::Command(Err(error)),
            Body::State(_) => Reply::State(Err(error)),
            Body::Live => Reply::Live(Err(error)),
        }
    }
}

impl Node {
    pub fn new(caches: bool, sabotage: Option<Sabotage>) -> Self {
        Node {
            up: true,
            life: 0,
            clock: 0,
            writer: Writer::new(caches, sabotage),
            hub: Hub::default(),
            caches,
            sabotage,
            rows_due: false,
            crash: None,
            spoil: false,
            lose: 0,
            delay: Vec::new(),
            repeat: Vec::new(),
            asleep_until: 0,
            shut: Vec::new(),
            book: BTreeMap::new(),
            endings: BTreeMap::new(),
            last_round: None,
            seen: Seen::default(),
            turn: 0,
            gathering: false,
        }
    }

    /// What was to go wrong does not.
    pub fn heal(&mut self) {
        self.crash = None;
        self.spoil = false;
        self.lose = 0;
        self.delay.clear();
        self.repeat.clear();
    }
}

/// Whether a mail that nobody of the house asked for may go out; the allowance is not what is simulated here.
pub fn may_mail_stranger(id: CommandId) -> bool {
    !id.0.as_bytes()[15].is_multiple_of(4)
}

/// The labels that there are.
pub fn labels(named: &[LabelId]) -> Vec<Label> {
    named.iter().map(|id| Label { id: *id, name: format!("secret label {id}"), color: 1 }).collect()
}

impl World {
    /// The clock of a node.
    pub fn node_time(&self, node: usize) -> Ms {
        self.true_time() + self.nodes[node].clock
    }

    /// The time that no clock has wrong.
    pub fn true_time(&self) -> Ms {
        EPOCH + self.now
    }

    /// What the rules may know: as `desk/context.rs` looks it up.
    pub fn context(&self, node: usize, actor: &Actor, now: Ms, id: CommandId, command: &Command) -> Context {
        let mut context = Context::new(actor.clone(), now, id);
        match (actor, command) {
            (Actor::Visitor(visitor), _) => {
                context.blocked_until = self.blocked_until(node, *visitor);
                context.connection = Connection { ip: "192.0.2.7".into(), user_agent: "secret agent".into() };
            }
            (_, Command::SetLabels { labels: named }) => context.labels = labels(named),
            (_, Command::Block { .. }) => context.address = Some("192.0.2.7".into()),
            _ => {}
        }
        if matches!(command, Command::CreateTicket { .. } | Command::LeaveMessage { .. }) {
            context.ticket = Some(self.disk.next_ticket());
        }
        context
    }

    /// A call arrives.
    pub fn called(&mut self, node: usize, route: Route, body: Body) {
        if self.is_lost(route) {
            return;
        }
        if !self.nodes[node].up {
            return self.answer(route, body.failed(ApiError::Unreachable));
        }
        if self.now < self.disk.unreadable_until {
            return self.answer(route, body.failed(ApiError::Internal));
        }
        match body {
            Body::State(visitor) => self.answer(route, Reply::State(Ok(self.disk.live_chat_of(visitor)))),
            Body::Live => {
                let live = self.disk.chats.values().filter(|chat| chat.status.is_live());
                let rows = live.map(ChatRow::from).collect();
                let me = agent_of(&self.pages[route.page].actor);
                let released = self.disk.released.iter().filter(|(agent, _)| me == Some(*agent));
                let released = released.map(|(_, chat)| *chat).collect();
                self.answer(route, Reply::Live(Ok((rows, released))));
            }
            Body::Command { chat, id, command, actor } => {
                let target = match (chat, &actor) {
                    (Some(chat), _) => Target::Existing(chat),
                    (None, Actor::Visitor(visitor)) => Target::New(*visitor),
                    (None, Actor::Agent(_) | Actor::System) => unreachable!("only visitors start chats"),
                };
                let now = self.node_time(node);
                let context = self.context(node, &actor, now, id, &command);
                self.take(node, route, target, context, command, None);
                self.given(route);
            }
        }
    }

    /// A command goes to the writer, as `commit` of `desk/commands.rs` gives it.
    pub fn take(
        &mut self,
        node: usize,
        route: Route,
        target: Target,
        context: Context,
        command: Box<Command>,
        condition: Option<Lease>,
    ) {
        let (id, actor) = (context.command, context.actor.clone());
        let to_strangers = may_mail_stranger(id);
        let lease_until = (*command == Command::Accept).then(|| leases::lease_from(context.now, &self.rules));
        let decide: Decide = Box::new(move |chat: &mut chat::Chat| {
            let events = chat::commit(chat, (*command).clone(), &context)?;
            let lease = condition.or_else(|| leases::granted(&events, lease_until?));
            Ok(Decision { lease, ..effects::of(chat, events, &command, &context, to_strangers) })
        });
        let transact = Transact { target, command: id, actor, decide };
        self.nodes[node].writer.waiting.push_back(Request { transact, route });
        self.write(node);
    }
}
