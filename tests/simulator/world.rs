//! The world of a run: virtual time, one queue of things that happen, and everybody in it. No threads, no sockets, no
//! clock: a run is a function of its plan.

use crate::disk::Disk;
use crate::hub::ConnId;
use crate::ledger::{Ledger, Violation};
use crate::node::{Body, Node, Reply};
use crate::page::{Page, Wake};
use crate::plan::{Ms, Plan, What};
use crate::sabotage::Sabotage;
use fastrand::Rng;
use frontdesk::model::ids::CommandId;
use frontdesk::model::live::{ClientFrame, Cursor, ServerFrame};
use frontdesk::model::outbox::Outgoing;
use frontdesk::model::rules::Rules;
use frontdesk::store::Committed;
use std::collections::BTreeMap;

/// When the simulated time begins, in milliseconds since 1970.
pub const EPOCH: Ms = 1_790_000_000_000;
/// At this time everything is well again, and what is left has to come right.
const HEALED_AT: Ms = 60_000;
/// Until then owners are looked after: who is gone when all is well has been found by then.
pub const LAST_ROUND_AT: Ms = 100_000;
/// A run with more happenings than this does not come to rest.
const MOST_HAPPENINGS: u64 = 100_000;

/// Where an answer goes: to this call of this page, as long as it has not been reloaded.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    pub page: usize,
    pub life: u32,
    pub call: u64,
}

pub enum Happening {
    Step(usize),
    Heal,
    Call { node: usize, route: Route, body: Body },
    Answer { route: Route, reply: Reply },
    TimedOut(Route),
    Write { node: usize, life: u32 },
    Commit { node: usize, life: u32 },
    Hello { node: usize, life: u32, conn: ConnId, page: usize, cursors: Vec<Cursor> },
    Said { node: usize, conn: ConnId, page: usize, frame: ClientFrame },
    Session { node: usize, conn: ConnId },
    Left { node: usize, conn: ConnId },
    Frame { page: usize, conn: ConnId, frame: ServerFrame },
    Closed { page: usize, conn: ConnId, refused: bool },
    Bus { node: usize, committed: Box<Committed> },
    Rows { node: usize, life: u32 },
    Restart { node: usize, life: u32 },
    KeepOut { node: usize, life: u32, looks: u32 },
    Round { node: usize, life: u32, turn: u64 },
    Wake { page: usize, life: u32, why: Wake },
}

impl Happening {
    /// The node at which it happens: while that one sleeps, it does not.
    fn at_node(&self) -> Option<usize> {
        match self {
            Happening::Call { node, .. }
            | Happening::Write { node, .. }
            | Happening::Commit { node, .. }
            | Happening::Hello { node, .. }
            | Happening::Said { node, .. }
            | Happening::Session { node, .. }
            | Happening::Left { node, .. }
            | Happening::Bus { node, .. }
            | Happening::Rows { node, .. }
            | Happening::KeepOut { node, .. }
            | Happening::Round { node, .. } => Some(*node),
            _ => None,
        }
    }
}

/// The clock of a node that jumped.
pub struct Jump {
    pub at: Ms,
    pub node: usize,
    /// How far it has been off since then.
    pub clock: Ms,
}

/// How often what happened, over a run: so that a test can tell that the faults do occur.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub happenings: u64,
    pub acknowledged: u64,
    pub events: u64,
    pub ended: u64,
    pub transcripts: u64,
    pub crashes: u64,
    pub conflicts: u64,
    pub split_batches: u64,
    pub not_stored: u64,
    pub answered_again: u64,
    pub overruns: u64,
    pub reconnects: u64,
    pub gaps_on_server: u64,
    pub gaps_in_client: u64,
    /// Agents who came back, chats that were taken from those who did not, or nearly.
    pub came_back: u64,
    pub taken: u64,
    pub kept: u64,
    /// Callers who were gone when their command was committed.
    pub hung_up: u64,
}

impl Counts {
    pub fn add(&mut self, other: &Counts) {
        for (mine, theirs) in self.all().into_iter().zip(other.clone().all()) {
            *mine += *theirs;
        }
    }

    /// Whether nothing of it never happened.
    pub fn everything_happened(&self) -> bool {
        self.clone().all().iter().all(|count| **count > 0)
    }

    fn all(&mut self) -> [&mut u64; 18] {
        [
            &mut self.happenings,
            &mut self.acknowledged,
            &mut self.events,
            &mut self.ended,
            &mut self.transcripts,
            &mut self.crashes,
            &mut self.conflicts,
            &mut self.split_batches,
            &mut self.not_stored,
            &mut self.answered_again,
            &mut self.overruns,
            &mut self.reconnects,
            &mut self.gaps_on_server,
            &mut self.gaps_in_client,
            &mut self.came_back,
            &mut self.taken,
            &mut self.kept,
            &mut self.hung_up,
        ]
    }
}

pub struct World {
    pub plan: Plan,
    pub sabotage: Option<Sabotage>,
    pub now: Ms,
    pub disk: Disk,
    pub nodes: Vec<Node>,
    pub pages: Vec<Page>,
    /// The outbox in each visitor's and agent's browser storage.
    pub storage: BTreeMap<String, BTreeMap<CommandId, Outgoing>>,
    pub ledger: Ledger,
    pub counts: Counts,
    /// Frames or announcements were lost: only the next event or connection can tell.
    pub lossy: bool,
    pub rules: Rules,
    /// The jumps of the nodes' clocks.
    pub jumps: Vec<Jump>,
    /// Chats that were taken from their agents and looked at.
    pub seen_taken: usize,
    /// For how long the disk has hung, all in all.
    pub hung_ms: Ms,
    /// Whether there was a time when nothing could be written.
    pub refused: bool,
    pub violation: Option<Violation>,
    /// What happened, when somebody wants to read it.
    pub story: Option<Vec<String>>,
    queue: BTreeMap<(Ms, u64), Happening>,
    serial: u64,
    /// The chance of the house itself.
    rng: Rng,
}

/// What a run came to.
pub struct Report {
    pub violation: Option<Violation>,
    pub counts: Counts,
    pub story: Vec<String>,
}

/// Runs a plan to its end, or to the first promise that is broken.
pub fn run(plan: &Plan, sabotage: Option<Sabotage>, tell: bool) -> Report {
    let mut world = World::new(plan.clone(), sabotage, tell);
    world.play();
    if world.violation.is_none() {
        world.check_all();
    }
    for node in &world.nodes {
        world.counts.conflicts += u64::from(node.writer.conflicts);
        world.counts.split_batches += u64::from(node.writer.split);
        world.counts.kept += u64::from(node.writer.kept);
    }
    Report { violation: world.violation, counts: world.counts, story: world.story.unwrap_or_default() }
}

impl World {
    fn new(plan: Plan, sabotage: Option<Sabotage>, tell: bool) -> Self {
        let pages: Vec<Page> = plan
            .pages
            .iter()
            .zip(1..)
            .map(|(whose, number)| Page::new(*whose, Rng::with_seed(plan.seed.wrapping_mul(1_000_003) + number)))
            .collect();
        let nodes = (0..plan.nodes).map(|_| Node::new(plan.nodes == 1, sabotage)).collect();
        let mut world = World {
            sabotage,
            now: 0,
            disk: Disk::new(sabotage),
            nodes,
            pages,
            storage: BTreeMap::new(),
            ledger: Ledger::default(),
            counts: Counts::default(),
            lossy: false,
            rules: Rules { release_after_s: plan.release_after_s, ..Rules::default() },
            jumps: Vec::new(),
            seen_taken: 0,
            hung_ms: 0,
            refused: false,
            rng: Rng::with_seed(plan.seed),
            violation: None,
            story: tell.then(Vec::new),
            queue: BTreeMap::new(),
            serial: 0,
            plan,
        };
        for node in 0..world.nodes.len() {
            world.begin(node);
        }
        for page in 0..world.pages.len() {
            world.load(page);
        }
        for index in 0..world.plan.steps.len() {
            world.after(world.plan.steps[index].at, Happening::Step(index));
        }
        world.after(HEALED_AT, Happening::Heal);
        world
    }

    /// Something happens so much later.
    pub fn after(&mut self, ms: Ms, happening: Happening) {
        self.serial += 1;
        self.queue.insert((self.now + ms.max(0), self.serial), happening);
    }

    /// A number that no other has.
    pub fn fresh_number(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// An id for a command of the house.
    pub fn house_id(&mut self) -> CommandId {
        let mut random = [0; 10];
        self.rng.fill(&mut random);
        CommandId::from_parts(self.true_time(), random)
    }

    /// A promise is broken; the first one counts.
    pub fn broken(&mut self, rule: &'static str, what: String) {
        self.note(|| format!("BROKEN: {what}"));
        self.violation.get_or_insert(Violation { rule, what });
    }

    /// Tells the story, when somebody wants to read it.
    pub fn note(&mut self, what: impl FnOnce() -> String) {
        if let Some(story) = &mut self.story {
            story.push(format!("{:>7.3} s  {}", self.now as f64 / 1_000.0, what()));
        }
    }

    fn play(&mut self) {
        while let Some(((at, _), happening)) = self.queue.pop_first() {
            self.now = at;
            self.counts.happenings += 1;
            self.happen(happening);
            if self.violation.is_some() {
                return;
            }
            if self.counts.happenings > MOST_HAPPENINGS {
                self.broken("rest", "it does not come to rest".into());
            }
        }
    }

    fn happen(&mut self, happening: Happening) {
        if let Some(node) = happening.at_node()
            && self.now < self.nodes[node].asleep_until
        {
            return self.after(self.nodes[node].asleep_until - self.now, happening);
        }
        match happening {
            Happening::Step(index) => self.step(index),
            Happening::Heal => self.heal(),
            Happening::Call { node, route, body } => self.called(node, route, body),
            Happening::Answer { route, reply } => self.hear_answer(route, reply),
            Happening::TimedOut(route) => self.hear_answer(route, Reply::Lost),
            Happening::Write { node, life } if self.nodes[node].life == life => self.write(node),
            Happening::Commit { node, life } if self.nodes[node].life == life => self.commit(node),
            Happening::Hello { node, life, conn, page, cursors } => self.hello(node, life, conn, page, cursors),
            Happening::Said { node, conn, page, frame } => self.said(node, conn, page, frame),
            Happening::Session { node, conn } => self.session(node, conn),
            Happening::Left { node, conn } => self.nodes[node].hub.remove(conn),
            Happening::Frame { page, conn, frame } => self.receive(page, conn, frame),
            Happening::Closed { page, conn, refused } => self.closed(page, conn, refused),
            Happening::Bus { node, committed } => self.publish(node, &committed),
            Happening::Rows { node, life } if self.nodes[node].life == life => self.announce_rows(node),
            Happening::Restart { node, life } if self.nodes[node].life == life => self.restart(node),
            Happening::KeepOut { node, life, looks } if self.nodes[node].life == life => self.keep_out(node, looks),
            Happening::Round { node, life, turn } if self.nodes[node].life == life => self.round(node, turn),
            Happening::Wake { page, life, why } if self.pages[page].life == life => self.wake(page, why),
            Happening::Write { .. }
            | Happening::Commit { .. }
            | Happening::Rows { .. }
            | Happening::Restart { .. }
            | Happening::KeepOut { .. }
            | Happening::Round { .. }
            | Happening::Wake { .. } => {}
        }
    }

    fn step(&mut self, index: usize) {
        let step = self.plan.steps[index];
        if self.story.is_some() {
            let words = self.plan.words(&step);
            self.note(|| format!("** {}", words[11..].trim()));
        }
        match step.what {
            What::Person(page, deed) => self.act(page, deed),
            What::Page(page, trouble) => self.trouble(page, trouble),
            What::Node(node, harm) => self.harm(node.min(self.nodes.len() - 1), harm),
            What::DiskRefuses(ms) => {
                self.disk.refuses_until = self.now + ms;
                self.refused = true;
            }
            What::DiskUnreadable(ms) => self.disk.unreadable_until = self.now + ms,
            What::DiskHangs(ms) => {
                self.disk.hangs_until = self.disk.hangs_until.max(self.now + ms);
                self.hung_ms += ms;
            }
        }
    }

    /// From here on nothing goes wrong. What was lost without a trace is found with the next connection.
    fn heal(&mut self) {
        self.disk.refuses_until = 0;
        self.disk.unreadable_until = 0;
        self.disk.hangs_until = 0;
        for node in 0..self.nodes.len() {
            self.nodes[node].heal();
            self.restart(node);
            if self.lossy {
                let life = self.nodes[node].life;
                self.after(0, Happening::KeepOut { node, life, looks: 0 });
            }
        }
        for page in 0..self.pages.len() {
            self.pages[page].link = Default::default();
            if self.lossy && self.pages[page].away.is_none() {
                self.cut(page);
            }
        }
    }
}
