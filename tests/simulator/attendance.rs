//! Who was there when, and the promises about owners: an open chat has one who is there, a chat is taken only from who is
//! gone, and who comes back is told.

use crate::hub::agent_of;
use crate::page::Page;
use crate::plan::Ms;
use crate::world::World;
use frontdesk::model::chat::{Author, Event, EventBody, Status};
use frontdesk::model::ids::AgentId;
use std::collections::BTreeMap;

/// Who is connected for so long has been seen by a round.
const SEEN_MS: Ms = 200;

impl World {
    /// Whether the page is connected, and long enough to have been seen; nothing where its server sleeps.
    fn is_here(&self, page: usize) -> Option<bool> {
        let this = &self.pages[page];
        let Some((node, conn)) = this.conn else { return Some(false) };
        let node = &self.nodes[node];
        if node.asleep_until > self.now {
            return None;
        }
        let since = this.conn_since.max(node.asleep_until);
        Some(node.hub.conns.contains_key(&conn) && self.now - since >= SEEN_MS)
    }

    /// The page may be about to lose its connection: until now it was here.
    pub fn note_here(&mut self, page: usize) {
        if self.is_here(page) == Some(true) {
            self.pages[page].here_until = Some(self.now);
        }
    }

    pub fn note_all_here(&mut self, node: usize) {
        for page in 0..self.pages.len() {
            if self.pages[page].conn.is_some_and(|(with, _)| with == node) {
                self.note_here(page);
            }
        }
    }

    /// For how long somebody who was here until then could have come back: when no server was there, nobody could.
    fn could_return_for(&self, since: Ms) -> Ms {
        let mut shut = vec![(since, self.now)];
        for node in &self.nodes {
            let both = |(a, b): &(Ms, Ms)| {
                let spans = node.shut.iter().map(|(from, to)| (*from.max(a), *to.min(b))).collect::<Vec<_>>();
                spans.into_iter().filter(|(from, to)| from < to)
            };
            shut = shut.iter().flat_map(both).collect();
        }
        self.now - since - shut.iter().map(|(from, to)| to - from).sum::<Ms>()
    }

    /// A chat is taken only from who is gone: the lease had run out, and where no clock is wrong, the agent was not there for
    /// the whole time of the rules.
    pub fn check_taken(&mut self) {
        for taken in self.disk.taken.split_off(self.seen_taken) {
            self.seen_taken += 1;
            self.counts.taken += 1;
            if taken.lease.is_some_and(|until| until > taken.said) {
                let what =
                    format!("chat {} was taken from agent {}, whose lease had not run out", taken.chat, taken.agent);
                self.broken("only from who is gone", what);
            }
            let gone_for = self.gone_for(taken.agent);
            // While the disk hangs no round comes in time to see who leaves.
            let least = self.rules.release_after_ms() - SEEN_MS - self.hung_ms;
            // Nor can a node tell another who is there, while the database that they share takes nothing.
            let told = self.jumps.is_empty() && (self.nodes.len() == 1 || !self.refused);
            if let Some(gone_for) = gone_for.filter(|gone_for| told && *gone_for < least) {
                let what = format!("chat {} was taken from agent {}, gone for {gone_for} ms", taken.chat, taken.agent);
                self.broken("only from who is gone", what);
            }
            self.disk.taken.push(taken);
        }
    }

    /// For how long an agent could have come back and did not; nothing where nobody can say.
    fn gone_for(&self, agent: AgentId) -> Option<Ms> {
        let page = self.page_of(agent);
        match self.is_here(page)? {
            true => Some(0),
            false => self.pages[page].here_until.map(|until| self.could_return_for(until)),
        }
    }

    pub fn page_of(&self, agent: AgentId) -> usize {
        let theirs = |page: &Page| agent_of(&page.actor) == Some(agent);
        self.pages.iter().position(theirs).expect("agents have a page")
    }

    /// Who has an open chat is connected, and who came back is told which were taken from them meanwhile.
    pub fn check_owners(&mut self) {
        let mut wrong = Vec::new();
        for chat in self.disk.chats.values().filter(|chat| chat.status == Status::Open) {
            let Some(owner) = &chat.agent else { continue };
            let page = &self.pages[self.page_of(owner.id)];
            let connected = page.conn.is_some_and(|(node, conn)| {
                self.nodes[node].up
                    && self.nodes[node].hub.conns.get(&conn).is_some_and(|conn| conn.silent_since.is_none())
            });
            if !connected {
                wrong.push(("live owner", format!("chat {} is open, and {} is not there", chat.id, owner.name)));
            }
        }
        // Of each chat the last time counts.
        let taken: BTreeMap<_, _> = self.disk.taken.iter().map(|taken| ((taken.agent, taken.chat), taken)).collect();
        for taken in taken.values() {
            let page = &self.pages[self.page_of(taken.agent)];
            let log = &self.disk.logs[&taken.chat];
            let again = |event: &&Event| {
                matches!(&event.by, Author::Agent(by) if by.id == taken.agent) && event.body == EventBody::Accepted
            };
            let taken_again =
                log.iter().rev().take_while(|event| !is_taken_from(event, taken.agent)).any(|e| again(&e));
            let back = page.away.is_none() && page.conn.is_some() && page.welcomed_at > taken.at;
            if back && !taken_again && !page.told.contains(&taken.chat) {
                let what = format!("{} is not told that chat {} was taken from them", page.whose, taken.chat);
                wrong.push(("told on return", what));
            }
        }
        wrong.into_iter().for_each(|(rule, what)| self.broken(rule, what));
    }
}

fn is_taken_from(event: &Event, agent: AgentId) -> bool {
    matches!(&event.body, EventBody::Released { agent: owner, .. } if owner.id == agent)
}
