//! What survives a crash: the database, with the rules that the real schema has (`migrations/sqlite`). That it answers
//! as SQLite does is checked in `agree.rs`.

use crate::plan::Ms;
use crate::sabotage::Sabotage;
use frontdesk::model::chat::{Audience, Author, Chat, Event, EventBody, ReleaseReason, Seq, Status};
use frontdesk::model::ids::{AgentId, ChatId, CommandId, TicketId, VisitorId};
use frontdesk::store::{NewJob, Recorded};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that was committed.
#[derive(Default)]
pub struct Disk {
    /// Rows of the log as they were inserted.
    pub logs: BTreeMap<ChatId, Vec<Event>>,
    /// The projection.
    pub chats: BTreeMap<ChatId, Chat>,
    /// The unique index on command ids.
    pub commands: BTreeMap<CommandId, Recorded>,
    pub jobs: Vec<NewJob>,
    /// Until when each agent keeps what is theirs, by the clock of the node that said so.
    pub leases: BTreeMap<AgentId, Ms>,
    /// Chats that were taken from agents who were gone, until they take them again.
    pub released: BTreeSet<(AgentId, ChatId)>,
    /// For the checks alone: what was taken and who was blocked, with the true time of the commit.
    pub taken: Vec<Taken>,
    pub blocked: Vec<Blocked>,
    sabotage: Option<Sabotage>,
    pub refuses_until: Ms,
    pub unreadable_until: Ms,
    pub hangs_until: Ms,
    /// Numbers that are never given twice, also when a transaction is rolled back.
    last_chat: Cell<i64>,
    last_ticket: Cell<i64>,
}

/// What a transaction has written and not committed.
#[derive(Default)]
pub struct Staged {
    pub events: Vec<(ChatId, Event)>,
    pub chats: BTreeMap<ChatId, Chat>,
    pub commands: BTreeMap<CommandId, Recorded>,
    pub jobs: Vec<NewJob>,
    pub leases: BTreeMap<AgentId, Ms>,
    /// Leases that have run out by this time, and have to until the commit.
    pub lapsed: Vec<(AgentId, Ms)>,
}

/// A chat that was taken from an agent who was gone.
#[derive(Clone, Debug)]
pub struct Taken {
    pub agent: AgentId,
    pub chat: ChatId,
    /// When the event says that it was.
    pub said: Ms,
    /// The lease of that moment.
    pub lease: Option<Ms>,
    /// When it was.
    pub at: Ms,
}

/// A visitor who was blocked.
pub struct Blocked {
    pub visitor: VisitorId,
    pub until: Ms,
    /// When it was.
    pub at: Ms,
}

/// Why a transaction is not committed: nothing of it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// Storage refuses.
    NotWritable,
    NotReadable,
    /// A unique index refuses, or a lease that had run out was renewed: another node was quicker.
    Conflict,
}

impl Disk {
    pub fn new(sabotage: Option<Sabotage>) -> Self {
        Disk { sabotage, ..Disk::default() }
    }

    pub fn next_chat(&self) -> ChatId {
        self.last_chat.set(self.last_chat.get() + 1);
        ChatId(self.last_chat.get())
    }

    pub fn next_ticket(&self) -> TicketId {
        self.last_ticket.set(self.last_ticket.get() + 1);
        TicketId(self.last_ticket.get())
    }

    /// The newest number of a chat for an audience, if there is such a chat.
    pub fn latest(&self, chat: ChatId, audience: Audience) -> Option<Seq> {
        self.chats.get(&chat).map(|chat| chat.last_seq_for(audience))
    }

    /// Events after `after` that the audience may see, in order.
    pub fn events(&self, chat: ChatId, audience: Audience, after: Seq, limit: usize) -> Vec<Event> {
        let log = self.logs.get(&chat).map(Vec::as_slice).unwrap_or_default();
        let mut found: Vec<&Event> =
            log.iter().filter(|event| event.seq > after && event.body.is_for(audience)).collect();
        found.sort_by_key(|event| event.seq);
        found.into_iter().take(limit).cloned().collect()
    }

    /// The visitor's live chat.
    pub fn live_chat_of(&self, visitor: VisitorId) -> Option<ChatId> {
        self.chats.values().rev().find(|chat| is_live_of(chat, visitor)).map(|chat| chat.id)
    }

    /// Until when a visitor is kept out.
    pub fn blocked_until(&self, visitor: VisitorId, now: Ms) -> Option<Ms> {
        let of_visitor = self.chats.values().filter(|chat| visitor_of(chat) == Some(visitor));
        of_visitor.filter_map(|chat| chat.blocked_until).filter(|until| *until > now).max()
    }

    /// Puts all of it on disk, or nothing.
    pub fn commit(&mut self, staged: &Staged, now: Ms) -> Result<(), Broken> {
        self.writable(now)?;
        self.check_unique(staged)?;
        for (chat, event) in &staged.events {
            self.note_event(*chat, event, staged, now);
            self.logs.entry(*chat).or_default().push(event.clone());
        }
        for (agent, until) in &staged.leases {
            let lease = self.leases.entry(*agent).or_insert(*until);
            *lease = (*lease).max(*until);
        }
        self.chats.extend(staged.chats.iter().map(|(id, chat)| (*id, chat.clone())));
        for (id, recorded) in &staged.commands {
            self.commands.entry(*id).or_insert_with(|| recorded.clone());
        }
        if self.sabotage != Some(Sabotage::JobsApart) {
            self.store_jobs(&staged.jobs);
        }
        Ok(())
    }

    /// What an event means for others than its chat.
    fn note_event(&mut self, chat: ChatId, event: &Event, staged: &Staged, now: Ms) {
        match (&event.body, &event.by) {
            (EventBody::Released { agent, reason: ReleaseReason::ConnectionLost }, _) => {
                let lease = self.leases.get(&agent.id).copied();
                self.taken.push(Taken { agent: agent.id, chat, said: event.at, lease, at: now });
                self.released.insert((agent.id, chat));
            }
            (EventBody::Accepted, Author::Agent(agent)) => {
                self.released.remove(&(agent.id, chat));
            }
            (EventBody::Blocked { until, .. }, _) => {
                if let Some(visitor) = staged.chats.get(&chat).and_then(visitor_of) {
                    self.blocked.push(Blocked { visitor, until: *until, at: now });
                }
            }
            _ => {}
        }
    }

    /// Of jobs with one name only the first is stored.
    pub fn store_jobs(&mut self, jobs: &[NewJob]) {
        for job in jobs {
            if self.jobs.iter().all(|stored| stored.dedup != job.dedup) {
                self.jobs.push(job.clone());
            }
        }
    }

    fn check_unique(&self, staged: &Staged) -> Result<(), Broken> {
        let number_taken = staged.events.iter().any(|(chat, event)| {
            self.logs.get(chat).is_some_and(|log| log.iter().rev().any(|stored| stored.seq == event.seq))
        });
        let command_taken = staged.commands.keys().any(|id| self.commands.contains_key(id));
        let visitor_busy = staged.chats.values().any(|chat| {
            !self.chats.contains_key(&chat.id)
                && visitor_of(chat).is_some_and(|visitor| {
                    is_live_of(chat, visitor)
                        && self.live_chat_of(visitor).is_some_and(|live| !staged.chats.contains_key(&live))
                })
        });
        if (number_taken && self.sabotage != Some(Sabotage::NoUniqueNumbers))
            || (command_taken && self.sabotage != Some(Sabotage::NoIdempotency))
            || (visitor_busy && self.sabotage != Some(Sabotage::NoSingleLiveChat))
            || staged.lapsed.iter().any(|(agent, at)| self.leases.get(agent).is_some_and(|until| until > at))
        {
            return Err(Broken::Conflict);
        }
        Ok(())
    }
}

/// Leases, as `store/sqlite/leases.rs` keeps them. `now` is the true time, which says whether the disk takes it.
impl Disk {
    fn writable(&self, now: Ms) -> Result<(), Broken> {
        if now < self.refuses_until { Err(Broken::NotWritable) } else { Ok(()) }
    }

    pub fn renew_leases(&mut self, agents: &[AgentId], until: Ms, now: Ms) -> Result<(), Broken> {
        self.writable(now)?;
        for agent in agents {
            if let Some(lease) = self.leases.get_mut(agent) {
                *lease = (*lease).max(until);
            }
        }
        Ok(())
    }

    pub fn restart_leases(&mut self, until: Ms, now: Ms) -> Result<(), Broken> {
        self.writable(now)?;
        self.leases.values_mut().for_each(|lease| *lease = until);
        Ok(())
    }

    /// Agents whose lease has run out by `at`, the longest gone first.
    pub fn lapsed_leases(&self, at: Ms, now: Ms) -> Result<Vec<AgentId>, Broken> {
        if now < self.unreadable_until {
            return Err(Broken::NotReadable);
        }
        let mut lapsed: Vec<(Ms, AgentId)> =
            self.leases.iter().filter(|(_, until)| **until <= at).map(|(agent, until)| (*until, *agent)).collect();
        lapsed.sort();
        Ok(lapsed.into_iter().map(|(_, agent)| agent).collect())
    }

    pub fn drop_lease(&mut self, agent: AgentId, at: Ms, now: Ms) -> Result<(), Broken> {
        self.writable(now)?;
        if self.open_chats_of(agent).is_empty() && self.leases.get(&agent).is_some_and(|until| *until <= at) {
            self.leases.remove(&agent);
        }
        Ok(())
    }

    pub fn open_chats_of(&self, agent: AgentId) -> Vec<ChatId> {
        let open = self.chats.values().filter(|chat| chat.status == Status::Open);
        open.filter(|chat| chat.agent.as_ref().is_some_and(|owner| owner.id == agent)).map(|chat| chat.id).collect()
    }
}

fn visitor_of(chat: &Chat) -> Option<VisitorId> {
    chat.visitor.as_ref().map(|visitor| visitor.id)
}

fn is_live_of(chat: &Chat, visitor: VisitorId) -> bool {
    chat.status.is_live() && visitor_of(chat) == Some(visitor)
}

impl Staged {
    /// A command's first event, in this transaction or before it.
    pub fn recorded<'a>(&'a self, disk: &'a Disk, id: CommandId) -> Option<&'a Recorded> {
        self.commands.get(&id).or_else(|| disk.commands.get(&id))
    }

    /// A chat as this transaction sees it.
    pub fn chat<'a>(&'a self, disk: &'a Disk, id: ChatId) -> Option<&'a Chat> {
        self.chats.get(&id).or_else(|| disk.chats.get(&id))
    }

    /// Whether the agent's lease reaches beyond this time, as this transaction sees it.
    pub fn holds(&self, disk: &Disk, agent: AgentId, at: Ms) -> bool {
        [self.leases.get(&agent), disk.leases.get(&agent)].into_iter().flatten().any(|until| *until > at)
    }

    /// The visitor's live chat as this transaction sees it.
    pub fn live_chat_of(&self, disk: &Disk, visitor: VisitorId) -> Option<ChatId> {
        let own = self.chats.values().find(|chat| is_live_of(chat, visitor)).map(|chat| chat.id);
        own.or_else(|| disk.live_chat_of(visitor).filter(|id| !self.chats.contains_key(id)))
    }
}
