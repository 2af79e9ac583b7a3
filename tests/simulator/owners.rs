//! Live owners: who is gone and comes back, and the round in which each node renews the leases of those who are here and
//! takes the chats of those who are not. As `jobs/owners.rs` and `desk/owners.rs`, with the same times.

use crate::commits::NOBODY;
use crate::disk::Broken;
use crate::page::Away;
use crate::plan::Ms;
use crate::sabotage::Sabotage;
use crate::world::{Happening, LAST_ROUND_AT, Route, World};
use frontdesk::desk::leases::{Round, lease_from, renew_every};
use frontdesk::model::chat::{Actor, Command, Context, ReleaseReason};
use frontdesk::model::ids::{AgentId, ChatId};
use frontdesk::store::{Lease, Target};

/// Consoles that come at one time are one round.
const GATHER_MS: Ms = 100;
/// How often consoles are asked whether they are there.
const ASKED_EVERY_MS: Ms = 10_000;
/// A connection on which nothing is heard for so long is closed.
const SILENT_MS: Ms = 60_000;

impl World {
    /// The next round of the owners is so far away.
    pub fn next_round(&mut self, node: usize, ms: Ms) {
        let this = &mut self.nodes[node];
        this.turn += 1;
        let (life, turn) = (this.life, this.turn);
        self.after(ms, Happening::Round { node, life, turn });
    }

    pub fn console_came(&mut self, node: usize) {
        if !std::mem::replace(&mut self.nodes[node].gathering, true) {
            self.next_round(node, GATHER_MS);
        }
    }

    pub fn round(&mut self, node: usize, turn: u64) {
        if self.nodes[node].turn != turn {
            return;
        }
        let (now, every) = (self.node_time(node), renew_every(&self.rules));
        let this = Round::new(now, &self.rules);
        let goes_on = self.nodes[node].last_round.is_some_and(|last| this.follows(last, every));
        self.see(node);
        let has_to_write = !goes_on || !self.nodes[node].seen.unwritten().is_empty();
        if has_to_write && self.now < self.disk.hangs_until {
            // It waits for the one connection that writes.
            return self.next_round(node, self.disk.hangs_until - self.now);
        }
        self.nodes[node].gathering = false;
        if self.look_after(node, goes_on, now).is_ok() {
            self.nodes[node].last_round = Some(this);
        }
        if self.now < LAST_ROUND_AT {
            self.next_round(node, every.as_millis() as Ms);
        }
    }

    fn see(&mut self, node: usize) {
        let until = lease_from(self.node_time(node), &self.rules);
        let this = &mut self.nodes[node];
        this.seen.note(&this.hub.attending(self.now), until);
    }

    fn look_after(&mut self, node: usize, goes_on: bool, now: Ms) -> Result<(), Broken> {
        let until = lease_from(now, &self.rules);
        if !goes_on && self.sabotage != Some(Sabotage::NoTimeToReturn) {
            self.disk.restart_leases(until, self.now)?;
        }
        for (until, agents) in self.nodes[node].seen.unwritten() {
            self.disk.renew_leases(&agents, until, self.now)?;
        }
        self.nodes[node].seen.written();
        for agent in self.disk.lapsed_leases(now, self.now)? {
            let open = self.disk.open_chats_of(agent);
            if open.is_empty() {
                self.disk.drop_lease(agent, now, self.now)?;
            } else if self.sabotage != Some(Sabotage::NeverRelease) {
                open.into_iter().for_each(|chat| self.release(node, agent, chat, now));
            }
        }
        Ok(())
    }

    /// What cannot be done is done in the next round.
    fn release(&mut self, node: usize, from: AgentId, chat: ChatId, now: Ms) {
        let context = Context::new(Actor::System, now, self.house_id());
        let command = Box::new(Command::Release { from, reason: ReleaseReason::ConnectionLost });
        let condition = Some(Lease::Lapsed { agent: from, at: now });
        let route = Route { page: 0, life: NOBODY, call: 0 };
        self.take(node, route, Target::Existing(chat), context, command, condition);
    }

    /// The server is told nothing. It notices when nobody answers its question.
    pub fn close_lid(&mut self, page: usize) {
        self.note_here(page);
        let this = &mut self.pages[page];
        this.away = Some(Away::Lid);
        if let Some((node, conn)) = this.conn.take() {
            let heard_at = self.now - (self.now - this.conn_since).rem_euclid(ASKED_EVERY_MS);
            if let Some(known) = self.nodes[node].hub.conns.get_mut(&conn) {
                known.silent_since = Some(heard_at);
            }
            self.after(heard_at + SILENT_MS - self.now, Happening::Left { node, conn });
        }
    }

    pub fn close_window(&mut self, page: usize) {
        self.cut(page);
        self.pages[page].reload();
        self.pages[page].away = Some(Away::Window);
    }

    pub fn come_back(&mut self, page: usize, away: Away) {
        self.counts.came_back += 1;
        self.pages[page].away = None;
        match away {
            Away::Window => self.load(page),
            Away::Lid => {
                self.break_off_calls(page);
                for why in std::mem::take(&mut self.pages[page].slept) {
                    self.wake_after(page, 1, why);
                }
                self.connect_later(page);
            }
        }
    }
}
