//! A node's writer: group commit as in `store/sqlite/writer.rs`. What waits goes into one transaction; when that is
//! rolled back, each command alone. Two nodes share one database: the one that a unique index refuses decides again.

use crate::disk::{Broken, Disk, Staged};
use crate::sabotage::Sabotage;
use frontdesk::model::chat::{Ack, Chat};
use frontdesk::model::error::Refusal;
use frontdesk::model::ids::ChatId;
use frontdesk::store::{Committed, Decision, Lease, Recorded, StoreError, Target, Transact, TransactError, author_key};
use std::collections::{BTreeMap, VecDeque};

/// Commands in one transaction at most; few, so that there are several.
pub const BATCH: usize = 6;
/// How often a command that lost against another node is decided again.
const TRIES: u32 = 8;

/// A command and where its answer goes.
pub struct Request<R> {
    pub transact: Transact,
    pub route: R,
}

/// What became of one command.
pub type Outcome = Result<(Ack, Option<Committed>), TransactError>;

/// What a writer wants of the node after a commit or its failure.
pub enum Next<R> {
    /// Commit what is staged now.
    Commit,
    /// Publish and answer these, in order.
    Tell(Vec<(R, Outcome)>),
}

pub struct Writer<R> {
    pub waiting: VecDeque<Request<R>>,
    work: Option<Work<R>>,
    /// States as of the last commit, and of the running batch. Only a node that is alone can trust them.
    cache: BTreeMap<ChatId, Chat>,
    caches: bool,
    sabotage: Option<Sabotage>,
    /// Transactions that lost against another node.
    pub conflicts: u32,
    /// Batches that were tried again one by one.
    pub split: u32,
    /// Chats that were not taken, because their agent had come back meanwhile.
    pub kept: u32,
}

struct Work<R> {
    current: Vec<Request<R>>,
    staged: Staged,
    outcomes: Vec<Outcome>,
    /// Of a batch that was rolled back: to be tried alone.
    alone: VecDeque<Request<R>>,
    done: Vec<(R, Outcome)>,
    tries: u32,
}

impl<R> Writer<R> {
    pub fn new(caches: bool, sabotage: Option<Sabotage>) -> Self {
        let (waiting, cache) = (VecDeque::new(), BTreeMap::new());
        Writer { waiting, work: None, cache, caches, sabotage, conflicts: 0, split: 0, kept: 0 }
    }

    pub fn is_busy(&self) -> bool {
        self.work.is_some()
    }

    /// Takes what waits into a transaction; false when there is nothing to do, or something is done already.
    pub fn begin(&mut self, disk: &Disk) -> bool {
        if self.is_busy() || self.waiting.is_empty() {
            return false;
        }
        let take = self.waiting.len().min(BATCH);
        let current = self.waiting.drain(..take).collect();
        self.work = Some(self.stage(disk, current, VecDeque::new(), Vec::new(), 0));
        true
    }

    /// What the running transaction would make happen, for those who tell it too early.
    pub fn staged(&self) -> impl Iterator<Item = (&R, &Outcome)> {
        self.work.iter().flat_map(|work| work.current.iter().map(|request| &request.route).zip(&work.outcomes))
    }

    /// The jobs of the transaction that is about to be committed.
    pub fn staged_jobs(&self) -> Vec<frontdesk::store::NewJob> {
        self.work.iter().flat_map(|work| work.staged.jobs.iter().cloned()).collect()
    }

    /// Commits, when `now` permits it, and says what is next. `spoiled`: the transaction is rolled back.
    pub fn commit(&mut self, disk: &mut Disk, now: i64, spoiled: bool) -> Option<Next<R>> {
        let mut work = self.work.take()?;
        let committed = if spoiled { Err(Broken::NotWritable) } else { disk.commit(&work.staged, now) };
        match committed {
            Ok(()) => {
                work.done.extend(work.current.into_iter().map(|request| request.route).zip(work.outcomes));
                work.tries = 0;
            }
            Err(broken) => {
                if self.sabotage != Some(Sabotage::KeepCache) {
                    self.cache.clear();
                }
                self.conflicts += u32::from(broken == Broken::Conflict);
                if work.current.len() > 1 {
                    self.split += 1;
                    work.alone = work.current.into();
                } else if broken == Broken::Conflict && work.tries < TRIES {
                    work.alone.push_front(work.current.remove(0));
                    work.tries += 1;
                } else {
                    let error = || -> Outcome { Err(StoreError::NotWritable("the disk is full".into()).into()) };
                    work.done.extend(work.current.into_iter().map(|request| (request.route, error())));
                    work.tries = 0;
                }
            }
        }
        match work.alone.pop_front() {
            Some(one) => {
                self.work = Some(self.stage(disk, vec![one], work.alone, work.done, work.tries));
                Some(Next::Commit)
            }
            None => Some(Next::Tell(work.done)),
        }
    }

    fn stage(
        &mut self,
        disk: &Disk,
        current: Vec<Request<R>>,
        alone: VecDeque<Request<R>>,
        done: Vec<(R, Outcome)>,
        tries: u32,
    ) -> Work<R> {
        let mut staged = Staged::default();
        let outcomes = current.iter().map(|request| self.execute(disk, &mut staged, &request.transact)).collect();
        Work { current, staged, outcomes, alone, done, tries }
    }

    fn execute(&mut self, disk: &Disk, staged: &mut Staged, transact: &Transact) -> Outcome {
        if self.sabotage != Some(Sabotage::NoIdempotency)
            && let Some(first) = staged.recorded(disk, transact.command)
        {
            return Ok((transact.repeated(first)?, None));
        }
        let before = match transact.target {
            Target::New(_) => Chat::new(ChatId(0)),
            Target::Existing(id) => self.load(disk, staged, id).ok_or(TransactError::NoSuchChat)?,
        };
        let mut chat = before.clone();
        let Decision { events, jobs, lease, .. } = (transact.decide)(&mut chat)?;
        let Some(first) = events.first() else {
            return Ok((Ack { chat: chat.id, seq: chat.last_seq }, None));
        };
        if let Some(Lease::Lapsed { agent, at }) = lease
            && self.sabotage != Some(Sabotage::LookOnceForLeases)
        {
            if staged.holds(disk, agent, at) {
                self.kept += 1;
                return Ok((Ack { chat: chat.id, seq: before.last_seq }, None));
            }
            staged.lapsed.push((agent, at));
        }
        if let Target::New(visitor) = transact.target {
            // As in SQLite, a number is used up also when the row is refused.
            chat.id = disk.next_chat();
            let live = staged.live_chat_of(disk, visitor);
            if let Some(live) = live.filter(|_| self.sabotage != Some(Sabotage::NoSingleLiveChat)) {
                return Err(Refusal::AlreadyChatting { chat: live }.into());
            }
        }
        let ack = Ack { chat: chat.id, seq: first.seq };
        if let Some(visitor) = &chat.visitor {
            let author = author_key(&first.by);
            let recorded = Recorded { chat: chat.id, seq: first.seq, author, visitor: visitor.id };
            staged.commands.insert(transact.command, recorded);
        }
        staged.events.extend(events.iter().map(|event| (chat.id, event.clone())));
        staged.jobs.extend(jobs);
        if let Some(Lease::Granted { agent, until }) = lease
            && self.sabotage != Some(Sabotage::AcceptWithoutLease)
        {
            let granted = staged.leases.entry(agent).or_insert(until);
            *granted = (*granted).max(until);
        }
        staged.chats.insert(chat.id, chat.clone());
        let committed = Committed::new(before.last_public_seq, &chat, events.into());
        if self.caches {
            self.cache.insert(chat.id, chat);
        }
        Ok((ack, Some(committed)))
    }

    fn load(&mut self, disk: &Disk, staged: &Staged, id: ChatId) -> Option<Chat> {
        if let Some(chat) = self.cache.get(&id) {
            return Some(chat.clone());
        }
        let chat = staged.chat(disk, id)?.clone();
        if self.caches {
            self.cache.insert(id, chat.clone());
        }
        Some(chat)
    }
}
