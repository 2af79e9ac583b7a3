//! What a node's writer brings about: commits, announcements, answers. And what a crash takes away.

use crate::node::{Crash, Node, Reply};
use crate::plan::{Harm, Ms};
use crate::sabotage::Sabotage;
use crate::world::{Happening, Route, World};
use crate::writer::{Next, Outcome, Writer};
use frontdesk::model::agent::AgentRef;
use frontdesk::model::chat::{Ack, Actor, Author, Command, Context, EventBody};
use frontdesk::model::error::{ApiError, Refusal};
use frontdesk::model::ids::{AgentId, ChatId};
use frontdesk::store::{Committed, Target, TransactError};

/// One commit.
const COMMIT_MS: Ms = 8;
/// The life of a page that no page has: what the house does by itself is answered to nobody.
const NOBODY: u32 = u32::MAX;
/// From one node to another.
const BUS_MS: Ms = 3;
/// Changed rows are gathered so long.
const ROWS_EVERY_MS: Ms = 20;
/// A crashed node is back after this time.
const RESTART_MS: Ms = 800;

impl World {
    /// The writer takes what waits.
    pub fn write(&mut self, node: usize) {
        if self.nodes[node].writer.begin(&self.disk) {
            self.commit_soon(node);
        }
    }

    fn commit_soon(&mut self, node: usize) {
        match self.sabotage {
            Some(Sabotage::PublishBeforeCommit) => {
                for committed in staged(&self.nodes[node].writer, |(_, committed)| committed.clone()) {
                    self.announce(node, &committed.1);
                }
            }
            Some(Sabotage::AcknowledgeBeforeCommit) => {
                for (route, ack) in staged(&self.nodes[node].writer, |(ack, _)| Some(*ack)) {
                    self.answer(route, Reply::Command(Ok(ack)));
                }
            }
            _ => {}
        }
        let life = self.nodes[node].life;
        self.after(COMMIT_MS, Happening::Commit { node, life });
    }

    pub fn commit(&mut self, node: usize) {
        let this = &mut self.nodes[node];
        if this.crash == Some(Crash::BeforeCommit) {
            return self.crash(node);
        }
        let spoiled = std::mem::take(&mut this.spoil);
        let jobs = this.writer.staged_jobs();
        let Some(next) = this.writer.commit(&mut self.disk, self.now, spoiled) else { return };
        if self.nodes[node].crash == Some(Crash::AfterCommit) {
            return self.crash(node);
        }
        match next {
            Next::Commit => self.commit_soon(node),
            Next::Tell(done) => {
                if self.sabotage == Some(Sabotage::JobsApart) {
                    self.disk.store_jobs(&jobs);
                }
                done.into_iter().for_each(|(route, outcome)| self.tell(node, route, outcome));
                let life = self.nodes[node].life;
                self.after(0, Happening::Write { node, life });
            }
        }
    }

    /// Publishes and then answers, as the writer does for each command.
    fn tell(&mut self, node: usize, route: Route, outcome: Outcome) {
        let answer = match outcome {
            Ok((ack, Some(committed))) => {
                self.counts.events += committed.events.len() as u64;
                self.note(|| committed_in_words(&committed));
                if self.sabotage != Some(Sabotage::PublishBeforeCommit) {
                    self.announce(node, &committed);
                }
                self.keep_out(node, &committed);
                Ok(ack)
            }
            Ok((ack, None)) => {
                self.counts.answered_again += 1;
                Ok(ack)
            }
            Err(TransactError::Refused(refusal)) => Err(ApiError::from(refusal)),
            Err(TransactError::NoSuchChat) => Err(ApiError::NoSuchChat),
            Err(TransactError::Store(_)) => {
                self.counts.not_stored += 1;
                self.house_failed |= route.life == NOBODY;
                Err(ApiError::NotStored)
            }
        };
        if route.life == NOBODY && matches!(answer, Err(ApiError::Refused { refusal: Refusal::NotYourChat { .. } })) {
            // It was accepted meanwhile: looked at again.
            self.end_blocked_chats(node, &house());
        }
        // To a visitor, another's chat does not exist.
        let answer = match answer {
            Err(ApiError::Refused { refusal: Refusal::NotAllowed }) => Err(ApiError::NoSuchChat),
            other => other,
        };
        let answer = answer.and_then(|ack| self.still_let_in(node, route.page, ack).map(|()| ack));
        self.answer(route, Reply::Command(answer));
    }

    /// As `still_let_in` of `desk/commands.rs`: who was blocked while the chat waited for the writer has it ended.
    fn still_let_in(&mut self, node: usize, page: usize, ack: Ack) -> Result<(), ApiError> {
        let Actor::Visitor(visitor) = self.pages[page].actor else { return Ok(()) };
        let now = self.true_time() + self.nodes[node].clock;
        let (Some(until), false) =
            (self.disk.blocked_until(visitor, now), self.sabotage == Some(Sabotage::LookOnceForBlocks))
        else {
            return Ok(());
        };
        if self.disk.chats.get(&ack.chat).is_some_and(|chat| chat.status.is_live()) {
            self.end_for_house(node, page, ack.chat, Actor::Visitor(visitor));
        }
        Err(Refusal::Blocked { until }.into())
    }

    /// Whoever was blocked is sent away before anybody is told, and what live chats they have are ended.
    fn keep_out(&mut self, node: usize, committed: &Committed) {
        let blocked = committed.events.iter().find(|event| matches!(event.body, EventBody::Blocked { .. }));
        let Some(Author::Agent(by)) = blocked.map(|event| event.by.clone()) else { return };
        let visitor = self.disk.chats.get(&committed.chat).and_then(|chat| chat.visitor.as_ref());
        if let Some(visitor) = visitor.map(|visitor| visitor.id) {
            self.close_all_of(visitor);
        }
        self.end_blocked_chats(node, &by);
    }

    /// As `end_blocked_chats` of `desk/blocks.rs`.
    fn end_blocked_chats(&mut self, node: usize, by: &AgentRef) {
        let now = self.true_time() + self.nodes[node].clock;
        let live = self.disk.chats.values().filter(|chat| chat.status.is_live());
        let theirs = live.filter(|chat| {
            chat.visitor.as_ref().is_some_and(|visitor| self.disk.blocked_until(visitor.id, now).is_some())
        });
        let theirs: Vec<_> = theirs.map(|chat| (chat.id, chat.agent.clone().unwrap_or(by.clone()))).collect();
        for (chat, agent) in theirs {
            self.end_for_house(node, 0, chat, Actor::Agent(agent));
        }
    }

    /// The house ends a chat; nobody waits for the answer.
    fn end_for_house(&mut self, node: usize, page: usize, chat: ChatId, actor: Actor) {
        let (id, command) = (self.fresh_id(page), Box::new(Command::End));
        self.give(page, id, Some(chat), &command);
        let now = self.true_time() + self.nodes[node].clock;
        let route = Route { page, life: NOBODY, call: 0 };
        self.take(node, route, Target::Existing(chat), Context::new(actor, now, id), command);
    }

    /// To this node's connections at once, to the other nodes over the bus.
    fn announce(&mut self, node: usize, committed: &Committed) {
        self.publish(node, committed);
        for other in (0..self.nodes.len()).filter(|other| *other != node) {
            let this = &mut self.nodes[node];
            if this.lose > 0 {
                this.lose -= 1;
                self.lossy = true;
                continue;
            }
            let late = this.delay.pop();
            let again = this.repeat.pop();
            // Rows that overtake each other are put right by the next connection.
            self.lossy |= late.is_some() || again.is_some();
            for ms in [Some(late.unwrap_or(0)), again].into_iter().flatten() {
                self.after(BUS_MS + ms, Happening::Bus { node: other, committed: Box::new(committed.clone()) });
            }
        }
    }

    pub fn publish(&mut self, node: usize, committed: &Committed) {
        let this = &mut self.nodes[node];
        if !this.up {
            return;
        }
        let sabotage = self.sabotage;
        let due = std::mem::replace(&mut this.rows_due, true);
        for conn in this.hub.publish(committed, sabotage) {
            self.wake_session(node, conn);
        }
        if !due {
            let life = self.nodes[node].life;
            self.after(ROWS_EVERY_MS, Happening::Rows { node, life });
        }
    }

    pub fn announce_rows(&mut self, node: usize) {
        self.nodes[node].rows_due = false;
        for conn in self.nodes[node].hub.announce_rows() {
            self.wake_session(node, conn);
        }
    }

    pub fn harm(&mut self, node: usize, harm: Harm) {
        let this = &mut self.nodes[node];
        match harm {
            Harm::Crash => self.crash(node),
            Harm::CrashBeforeCommit => this.crash = Some(Crash::BeforeCommit),
            Harm::CrashAfterCommit => this.crash = Some(Crash::AfterCommit),
            Harm::SpoilCommit => this.spoil = true,
            Harm::LoseOnBus => this.lose += 1,
            Harm::DelayOnBus(ms) => this.delay.push(ms),
            Harm::RepeatOnBus(ms) => this.repeat.push(ms),
            Harm::ClockJump(ms) => this.clock += ms,
        }
    }

    /// Everything that was not on disk is gone.
    fn crash(&mut self, node: usize) {
        if !self.nodes[node].up {
            return;
        }
        self.counts.crashes += 1;
        // What it had committed and not announced, the connections of other nodes learn with the next event.
        self.lossy |= self.nodes.len() > 1;
        self.note(|| format!("node {} is gone", node + 1));
        let Node { life, clock, caches, sabotage, writer, hub, .. } = &self.nodes[node];
        let fresh = Node { up: false, life: life + 1, clock: *clock, ..Node::new(*caches, *sabotage) };
        self.counts.conflicts += u64::from(writer.conflicts);
        self.counts.split_batches += u64::from(writer.split);
        let dropped: Vec<_> = hub.conns.iter().map(|(id, conn)| (conn.page, *id)).collect();
        self.nodes[node] = fresh;
        dropped.into_iter().for_each(|(page, conn)| self.tell_closed(page, conn, false));
        self.after(RESTART_MS, Happening::Restart { node });
    }

    pub fn restart(&mut self, node: usize) {
        if !std::mem::replace(&mut self.nodes[node].up, true) {
            self.end_blocked_chats(node, &house());
        }
    }
}

/// In whose name chats without an owner are ended.
fn house() -> AgentRef {
    AgentRef { id: AgentId(1), name: "Agent 1".into(), photo: None }
}

fn staged<T>(writer: &Writer<Route>, pick: impl Fn(&(Ack, Option<Committed>)) -> Option<T>) -> Vec<(Route, T)> {
    writer.staged().filter_map(|(route, outcome)| Some((*route, pick(outcome.as_ref().ok()?)?))).collect()
}

fn committed_in_words(committed: &Committed) -> String {
    let all: Vec<String> = committed
        .events
        .iter()
        .map(|event| format!("{} {}", event.seq, format!("{:?}", event.body).split([' ', '{']).next().unwrap_or("")))
        .collect();
    format!("committed in chat {}: {}", committed.chat, all.join(", "))
}
