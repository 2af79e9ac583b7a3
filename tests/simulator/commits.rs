//! What a node's writer brings about: commits, announcements, answers. And what a crash takes away.

use crate::node::{Crash, Node, Reply};
use crate::plan::{DOWN_MS, Harm, Ms};
use crate::sabotage::Sabotage;
use crate::world::{Happening, Jump, Route, World};
use crate::writer::{Next, Outcome, Writer};
use frontdesk::desk::leases::{late_after, renew_every};
use frontdesk::model::chat::Ack;
use frontdesk::model::error::{ApiError, Refusal};
use frontdesk::store::{Committed, TransactError};

/// One commit.
const COMMIT_MS: Ms = 8;
/// The life of a page that no page has: what the house does by itself is answered to nobody.
pub const NOBODY: u32 = u32::MAX;
/// From one node to another.
const BUS_MS: Ms = 3;
/// Changed rows are gathered so long.
const ROWS_EVERY_MS: Ms = 20;

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
        let hangs = (self.disk.hangs_until - self.now).max(0);
        self.after(hangs + COMMIT_MS, Happening::Commit { node, life });
    }

    pub fn commit(&mut self, node: usize) {
        let this = &mut self.nodes[node];
        if this.crash == Some(Crash::BeforeCommit) {
            return self.crash(node, DOWN_MS);
        }
        let spoiled = std::mem::take(&mut this.spoil);
        let jobs = this.writer.staged_jobs();
        let Some(next) = this.writer.commit(&mut self.disk, self.now, spoiled) else { return };
        self.check_taken();
        if self.nodes[node].crash == Some(Crash::AfterCommit) {
            return self.crash(node, DOWN_MS);
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
                Err(ApiError::NotStored)
            }
        };
        if route.life == NOBODY {
            return self.house_answered(node, route.call, &answer);
        }
        if !self.still_waits(route) {
            // What was to be done for the caller after the commit is not done.
            self.counts.hung_up += 1;
            return;
        }
        // To a visitor, another's chat does not exist.
        let answer = match answer {
            Err(ApiError::Refused { refusal: Refusal::NotAllowed }) => Err(ApiError::NoSuchChat),
            other => other,
        };
        let answer = answer.and_then(|ack| self.after_commit(node, route, ack).map(|()| ack));
        self.answer(route, Reply::Command(answer));
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
        self.keep_out_with(node, committed);
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
            Harm::Crash(ms) => self.crash(node, ms),
            Harm::Sleep(ms) => self.sleep(node, ms),
            Harm::CrashBeforeCommit => this.crash = Some(Crash::BeforeCommit),
            Harm::CrashAfterCommit => this.crash = Some(Crash::AfterCommit),
            Harm::SpoilCommit => this.spoil = true,
            Harm::LoseOnBus => this.lose += 1,
            Harm::DelayOnBus(ms) => this.delay.push(ms),
            Harm::RepeatOnBus(ms) => this.repeat.push(ms),
            Harm::ClockJump(ms) => {
                this.clock += ms;
                let clock = this.clock;
                self.jumps.push(Jump { at: self.now, node, clock });
            }
        }
    }

    /// Everything that was not on disk is gone.
    fn crash(&mut self, node: usize, down_ms: Ms) {
        if !self.nodes[node].up {
            return;
        }
        self.counts.crashes += 1;
        // What it had committed and not announced, the connections of other nodes learn with the next event.
        self.lossy |= self.nodes.len() > 1;
        self.note(|| format!("node {} is gone", node + 1));
        self.note_all_here(node);
        let Node { life, clock, caches, sabotage, writer, hub, shut, turn, .. } = &self.nodes[node];
        let (mut shut, turn) = (shut.clone(), *turn);
        // It sleeps no more.
        shut.retain(|(from, _)| *from < self.now);
        shut.iter_mut().for_each(|(_, to)| *to = self.now.min(*to));
        shut.push((self.now, self.now + down_ms));
        let fresh = Node { up: false, life: life + 1, clock: *clock, shut, turn, ..Node::new(*caches, *sabotage) };
        self.counts.conflicts += u64::from(writer.conflicts);
        self.counts.split_batches += u64::from(writer.split);
        self.counts.kept += u64::from(writer.kept);
        let dropped: Vec<_> = hub.conns.iter().map(|(id, conn)| (conn.page, *id)).collect();
        self.nodes[node] = fresh;
        dropped.into_iter().for_each(|(page, conn)| self.tell_closed(page, conn, false));
        let life = self.nodes[node].life;
        self.after(down_ms, Happening::Restart { node, life });
    }

    /// Nothing happens here for a while; then it goes on as if nothing had been.
    fn sleep(&mut self, node: usize, ms: Ms) {
        if !self.nodes[node].up {
            return;
        }
        self.note_all_here(node);
        let long = late_after(renew_every(&self.rules));
        let this = &mut self.nodes[node];
        this.asleep_until = this.asleep_until.max(self.now + ms);
        if ms > long {
            // A shorter one is not noticed.
            let from = this.shut.last().map_or(self.now, |(_, to)| self.now.max(*to));
            this.shut.push((from, from.max(self.now + ms)));
        }
    }

    pub fn restart(&mut self, node: usize) {
        if !std::mem::replace(&mut self.nodes[node].up, true) {
            self.begin(node);
        }
    }

    /// What a node does when it starts.
    pub fn begin(&mut self, node: usize) {
        let life = self.nodes[node].life;
        self.read_blocks(node);
        self.after(0, Happening::KeepOut { node, life, looks: 0 });
        self.next_round(node, 0);
    }
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
