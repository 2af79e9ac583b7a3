//! The writer: takes what is waiting, runs it in one transaction, commits once, answers all. Group commit: alone, a command
//! is committed at once; under load, the batch grows by itself, and with much of it also waits a moment (`pace.rs`).

use super::super::{Committed, Decision, Lease, Recorded, StoreError, Target, Transact, TransactError, author_key};
use super::chats::read_state;
use super::outbox::insert_job;
use super::pace::Pace;
use super::pen::Pen;
use super::tickets::insert_ticket;
use super::{blocks, files, leases, log, search};
use crate::model::chat::{Ack, Chat, Event, EventBody, Seq, Status};
use crate::model::error::Refusal;
use crate::model::ids::{ChatId, CommandId, VisitorId};
use lru::LruCache;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;
use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep, timeout};

/// Commands that may wait for the writer; more are refused.
const QUEUE: usize = 4_096;
/// A command that waits for longer is given up, by whoever gave it and by the writer.
const WAIT_WITHIN: Duration = Duration::from_secs(10);
/// Commands in one transaction at most.
const BATCH: usize = 256;
/// Chats whose state is kept at hand.
const CACHED_CHATS: NonZeroUsize = NonZeroUsize::new(4_096).unwrap();

/// A command and where its answer goes.
struct Request {
    transact: Transact,
    since: Instant,
    answer: oneshot::Sender<Result<Ack, TransactError>>,
}

/// What became of one command inside a transaction that is not committed yet.
type Outcome = Result<(Ack, Option<Committed>), TransactError>;

/// Where commands wait for the writer. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Queue {
    requests: mpsc::Sender<Request>,
}

impl Queue {
    /// Has a command carried out; returns when it is on disk, or will not be.
    ///
    /// # Errors
    /// [`TransactError`]; with [`StoreError::Busy`] when too many wait, or it took too long: then nobody knows yet whether
    /// it is stored, and repeating it tells.
    pub async fn give(&self, transact: Transact) -> Result<Ack, TransactError> {
        let (answer, answered) = oneshot::channel();
        let request = Request { transact, since: Instant::now(), answer };
        // Nobody waits at the door: who is refused at once comes back later, and takes no memory until then.
        self.requests.try_send(request).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => StoreError::Busy,
            mpsc::error::TrySendError::Closed(_) => StoreError::Closed,
        })?;
        let answered = timeout(WAIT_WITHIN, answered).await.map_err(|_| StoreError::Busy)?;
        answered.map_err(|_| StoreError::Closed)?
    }
}

/// Starts the writer; it stops when the last queue is gone.
pub fn spawn(pen: Pen, commits: mpsc::Sender<Committed>) -> Queue {
    let (requests, receiver) = mpsc::channel(QUEUE);
    tokio::spawn(Writer { pen, commits, pace: Pace::default(), chats: LruCache::new(CACHED_CHATS) }.run(receiver));
    Queue { requests }
}

struct Writer {
    pen: Pen,
    commits: mpsc::Sender<Committed>,
    pace: Pace,
    /// States as of the last commit, and of the running batch until it is committed.
    chats: LruCache<ChatId, Chat>,
}

impl Writer {
    async fn run(mut self, mut requests: mpsc::Receiver<Request>) {
        let mut batch = Vec::with_capacity(BATCH);
        while requests.recv_many(&mut batch, BATCH).await > 0 {
            // After the disk hung, who still waits is not kept waiting for those who do not.
            batch.retain(|request: &Request| request.since.elapsed() < WAIT_WITHIN);
            if batch.is_empty() {
                continue;
            }
            self.wait_for_more(&mut requests, &mut batch).await;
            metrics::histogram!("frontdesk_commit_batch").record(batch.len() as f64);
            let outcomes = self.commit(&batch).await;
            for (request, outcome) in batch.drain(..).zip(outcomes) {
                let answer = match outcome {
                    Ok((ack, committed)) => {
                        if let Some(committed) = committed {
                            // Published after the commit and before the next one: in order. Nobody listening is fine.
                            let _ = self.commits.send(committed).await;
                        }
                        Ok(ack)
                    }
                    Err(error) => Err(error),
                };
                // A caller who hung up finds the answer by repeating the command.
                let _ = request.answer.send(answer);
            }
        }
    }

    /// Where many commands come, takes those of the next moment along.
    async fn wait_for_more(&mut self, requests: &mut mpsc::Receiver<Request>, batch: &mut Vec<Request>) {
        let taken = batch.len();
        let pause = self.pace.pause(taken, Instant::now().into_std());
        if taken < BATCH && !pause.is_zero() {
            sleep(pause).await;
            while batch.len() < BATCH
                && let Ok(request) = requests.try_recv()
            {
                batch.push(request);
            }
        }
        self.pace.begin(batch.len() - taken, Instant::now().into_std());
    }

    /// Commits a batch; when that fails, each command alone, so that one cannot spoil the others.
    async fn commit(&mut self, batch: &[Request]) -> Vec<Outcome> {
        let together: Vec<&Transact> = batch.iter().map(|request| &request.transact).collect();
        match self.transaction(&together).await {
            Ok(outcomes) => outcomes,
            // It is not because of one of them, and each would wait as long again.
            Err(StoreError::Busy) => batch.iter().map(|_| Err(StoreError::Busy.into())).collect(),
            Err(error) if batch.len() == 1 => vec![Err(error.into())],
            Err(error) => {
                tracing::warn!(%error, commands = batch.len(), "a batch was rolled back; trying its commands one by one");
                let mut outcomes = Vec::with_capacity(batch.len());
                for one in together {
                    outcomes.push(match self.transaction(&[one]).await {
                        Ok(mut outcome) => outcome.pop().unwrap_or(Err(StoreError::Closed.into())),
                        Err(error) => Err(error.into()),
                    });
                }
                outcomes
            }
        }
    }

    /// Runs commands in one transaction. An error means that nothing of them is stored.
    async fn transaction(&mut self, commands: &[&Transact]) -> Result<Vec<Outcome>, StoreError> {
        let result = self.try_transaction(commands).await;
        if let Err(error) = &result {
            // What the rolled-back transaction left in the cache never happened.
            self.chats.clear();
            tracing::error!(%error, "a transaction failed; nothing of it was acknowledged");
        }
        result
    }

    async fn try_transaction(&mut self, commands: &[&Transact]) -> Result<Vec<Outcome>, StoreError> {
        let ids: Vec<CommandId> = commands.iter().map(|command| command.command).collect();
        let (mut transaction, recorded) = log::begin(&self.pen, &ids).await?;
        let mut batch = Batch { recorded, ..Batch::default() };
        match self.execute_all(&mut transaction, commands, &mut batch).await {
            Ok(outcomes) => {
                batch.changed.sort_unstable();
                batch.changed.dedup();
                let changed: Vec<&Chat> = batch.changed.iter().filter_map(|id| self.chats.peek(id)).collect();
                log::commit(transaction, &batch.events(), &changed).await?;
                Ok(outcomes)
            }
            Err(error) => {
                transaction.abort().await;
                Err(error)
            }
        }
    }

    async fn execute_all(
        &mut self,
        connection: &mut SqliteConnection,
        commands: &[&Transact],
        batch: &mut Batch,
    ) -> Result<Vec<Outcome>, StoreError> {
        let mut outcomes = Vec::with_capacity(commands.len());
        for command in commands {
            outcomes.push(match self.execute(connection, command, batch).await {
                Err(TransactError::Store(error)) => return Err(error),
                outcome => outcome,
            });
        }
        Ok(outcomes)
    }

    async fn execute(&mut self, connection: &mut SqliteConnection, transact: &Transact, batch: &mut Batch) -> Outcome {
        if let Some(first) = batch.recorded.get(&transact.command) {
            return Ok((transact.repeated(first)?, None));
        }
        let mut chat = match transact.target {
            Target::New(_) => Chat::new(ChatId(0)),
            Target::Existing(id) => self.load(connection, id).await?,
        };
        let before = Before::of(&chat);
        let mut decision = (transact.decide)(&mut chat)?;
        let Some(first) = decision.events.first() else {
            return Ok((Ack { chat: chat.id, seq: chat.last_seq }, None));
        };
        let seq = first.seq;
        if let Some(Lease::Lapsed { agent, at }) = decision.lease
            && leases::holds(connection, agent, at).await?
        {
            return Ok((Ack { chat: chat.id, seq: before.last_seq }, None));
        }
        // All that can be refused is refused before the first row is written: one command alone cannot be rolled back.
        files::check_free(connection, chat.id, &files::attached_by(&decision.events)).await?;
        if let Target::New(visitor) = transact.target {
            chat.id = insert_chat(connection, visitor, &chat).await?;
        }
        let events: Arc<[Event]> = std::mem::take(&mut decision.events).into();
        batch.write(connection, before.status, &chat, events.clone(), decision).await?;
        batch.note(transact, &chat, seq);
        let committed = Committed::new(before.last_public_seq, &chat, events);
        let ack = Ack { chat: chat.id, seq };
        // A chat that has ended hardly changes again: its place is for another one. While the batch runs it must stay.
        self.chats.put(chat.id, chat);
        Ok((ack, Some(committed)))
    }

    async fn load(&mut self, connection: &mut SqliteConnection, id: ChatId) -> Result<Chat, TransactError> {
        if let Some(chat) = self.chats.get(&id) {
            return Ok(chat.clone());
        }
        let row = sqlx::query("SELECT id, state FROM chats WHERE id = $1")
            .bind(id.0)
            .fetch_optional(connection)
            .await
            .map_err(StoreError::from)?;
        let chat = row.as_ref().map(read_state).transpose()?.ok_or(TransactError::NoSuchChat)?;
        self.chats.put(id, chat.clone());
        Ok(chat)
    }
}

/// What is asked later of the state that a command found.
struct Before {
    status: Status,
    last_seq: Seq,
    last_public_seq: Seq,
}

impl Before {
    fn of(chat: &Chat) -> Self {
        Before { status: chat.status, last_seq: chat.last_seq, last_public_seq: chat.last_public_seq }
    }
}

/// What the commands of one transaction share.
#[derive(Default)]
struct Batch {
    /// The commands that are in the log already, those of this batch among them.
    recorded: HashMap<CommandId, Recorded>,
    /// Events that are decided and not written yet.
    events: Vec<(ChatId, Arc<[Event]>)>,
    /// Chats whose rows are to be written.
    changed: Vec<ChatId>,
}

impl Batch {
    /// A command was carried out: again in this batch, it is answered as in the next.
    fn note(&mut self, transact: &Transact, chat: &Chat, seq: Seq) {
        if let Some(visitor) = chat.visitor.as_ref().map(|visitor| visitor.id) {
            let author = author_key(&transact.actor.author());
            self.recorded.insert(transact.command, Recorded { chat: chat.id, seq, author, visitor });
        }
    }

    fn events(&self) -> Vec<(ChatId, &Event)> {
        self.events.iter().flat_map(|(chat, events)| events.iter().map(|event| (*chat, event))).collect()
    }

    /// Writes what was decided, or notes it to be written with others.
    async fn write(
        &mut self,
        connection: &mut SqliteConnection,
        before: Status,
        chat: &Chat,
        events: Arc<[Event]>,
        decision: Decision,
    ) -> Result<(), StoreError> {
        let Decision { jobs, ticket, lease, .. } = decision;
        self.events.push((chat.id, events.clone()));
        for event in &*events {
            blocks::note_event(connection, chat, event).await?;
            leases::note_event(connection, chat, event).await?;
        }
        if let Some(Lease::Granted { agent, until }) = lease {
            leases::grant(connection, agent, until).await?;
        }
        files::attach(connection, &files::attached_by(&events)).await?;
        if let Some(mut ticket) = ticket {
            ticket.chat = Some(chat.id);
            insert_ticket(connection, ticket, None).await?;
        }
        for job in &jobs {
            // Who decides on a new chat does not know its number yet.
            insert_job(connection, job.chat.map(|_| chat.id), job).await?;
        }
        if chat.status == before {
            self.changed.push(chat.id);
            if events.iter().any(|event| matches!(event.body, EventBody::EmailEntered { .. })) {
                search::index_visitor(connection, chat).await?;
            }
            return Ok(());
        }
        // At once, so that the next command of this batch already finds the visitor free or busy.
        log::write_rows(connection, &[chat]).await?;
        if chat.status == Status::Ended {
            // What is found is read from the log.
            log::insert_events(connection, &self.events()).await?;
            self.events.clear();
            search::index_chat(connection, chat).await?;
        }
        Ok(())
    }
}

async fn insert_chat(
    connection: &mut SqliteConnection,
    visitor: VisitorId,
    chat: &Chat,
) -> Result<ChatId, TransactError> {
    let inserted = sqlx::query(
        "INSERT INTO chats (visitor_id, status, last_seq, updated_at, state) VALUES ($1, $2, $3, $4, '') \
         ON CONFLICT DO NOTHING RETURNING id",
    )
    .bind(visitor.0)
    .bind(chat.status.as_str())
    .bind(chat.last_seq)
    .bind(chat.updated_at)
    .fetch_optional(&mut *connection)
    .await
    .map_err(StoreError::from)?;
    if let Some(row) = inserted {
        return Ok(ChatId(row.get(0)));
    }
    let live = sqlx::query("SELECT id FROM chats WHERE visitor_id = $1 AND status IN ('waiting', 'open')")
        .bind(visitor.0)
        .fetch_one(connection)
        .await
        .map_err(StoreError::from)?;
    Err(Refusal::AlreadyChatting { chat: ChatId(live.get(0)) }.into())
}
