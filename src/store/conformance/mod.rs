//! The contract of a store, as stories that run on each database.

mod chats;
mod check;
mod files;
mod leases;
mod nodes;
mod old;
mod outbox;
mod people;
mod rows;
mod search;
mod settings;
mod sqlite_only;
mod tickets;
mod upgrade;

use super::sqlite::SqliteStore;
use super::{Committed, Decision, Store, Target, Transact, TransactError};
use crate::model::agent::{AgentRef, Role};
use crate::model::chat::{Ack, Actor, Command, Context, commit};
use crate::model::ids::{AgentId, ChatId, CommandId, VisitorId};
use crate::model::text::RichText;
use crate::model::ticket::NewTicket;
use crate::model::visitor::{PageView, Visit};
use crate::store::{JobKind, NewAgent, NewJob, TokenHash};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;
use tokio::sync::{Mutex, mpsc};

/// A store of its own for one story.
pub struct Bench {
    pub store: Arc<dyn Store>,
    pub commits: Mutex<mpsc::Receiver<Committed>>,
    pub directory: Arc<TempDir>,
}

impl Bench {
    pub async fn sqlite() -> Self {
        Self::sqlite_with_store().await.0
    }

    /// The same, and the store as what it is.
    pub async fn sqlite_with_store() -> (Self, SqliteStore) {
        Self::sqlite_in(Arc::new(tempfile::tempdir().unwrap())).await
    }

    /// Opens the file again: another node with a memory of its own.
    pub async fn another_node(&self) -> Self {
        Self::sqlite_in(self.directory.clone()).await.0
    }

    async fn sqlite_in(directory: Arc<TempDir>) -> (Self, SqliteStore) {
        let (sender, commits) = mpsc::channel(10_000);
        let store = SqliteStore::open(&directory.path().join("test.db"), sender).await.unwrap();
        (Bench { store: Arc::new(store.clone()), commits: Mutex::new(commits), directory }, store)
    }

    /// A visitor of this installation.
    pub async fn visitor(&self, number: u8) -> VisitorId {
        self.store.ensure_visitor(TokenHash([number; 32]), 1).await.unwrap()
    }

    /// A visitor with a waiting chat.
    pub async fn waiting_chat(&self, number: u8) -> (VisitorId, ChatId) {
        let visitor = self.visitor(number).await;
        let ack = self.give(Target::New(visitor), Actor::Visitor(visitor), fresh_id(), start("Hello")).await.unwrap();
        (visitor, ack.chat)
    }

    /// An agent of this installation.
    pub async fn agent(&self, email: &str, role: Role) -> AgentRef {
        let new = NewAgent {
            name: email.split('@').next().unwrap_or_default().to_owned(),
            email: email.to_owned(),
            role,
            password_hash: "hash".into(),
            departments: vec![],
        };
        let name = new.name.clone();
        AgentRef { id: self.store.add_agent(new, 1).await.unwrap(), name, photo: None }
    }

    /// Gives a command as the desk does.
    pub async fn give(
        &self,
        target: Target,
        actor: Actor,
        command: CommandId,
        what: Command,
    ) -> Result<Ack, TransactError> {
        self.give_with_jobs(target, actor, command, what, Vec::new()).await
    }

    pub async fn give_with_jobs(
        &self,
        target: Target,
        actor: Actor,
        command: CommandId,
        what: Command,
        dedups: Vec<String>,
    ) -> Result<Ack, TransactError> {
        let jobs = dedups
            .into_iter()
            .map(|dedup| NewJob {
                kind: JobKind::Transcript { to: "ada@example.com".into() },
                // The writer knows the number, also of a new chat.
                chat: Some(ChatId(0)),
                dedup,
                at: 1_000,
            })
            .collect();
        self.give_in(target, Context::new(actor, 1_000, command), what, jobs, None).await
    }

    /// Gives a command of which more is known, and what follows from it.
    pub async fn give_in(
        &self,
        target: Target,
        context: Context,
        what: Command,
        jobs: Vec<NewJob>,
        ticket: Option<NewTicket>,
    ) -> Result<Ack, TransactError> {
        self.store
            .transact(Transact {
                target,
                command: context.command,
                actor: context.actor.clone(),
                decide: Box::new(move |chat| {
                    let events = commit(chat, what.clone(), &context)?;
                    Ok(Decision { events, jobs: jobs.clone(), ticket: ticket.clone(), lease: None })
                }),
            })
            .await
    }
}

/// A command id that no other has.
pub fn fresh_id() -> CommandId {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let mut random = [0; 10];
    random[2..].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    CommandId::from_parts(1_000, random)
}

pub fn agent(id: i64) -> Actor {
    Actor::Agent(AgentRef { id: AgentId(id), name: format!("Agent {id}"), photo: None })
}

pub fn start(text: &str) -> Command {
    Command::Start {
        name: "Ada".into(),
        email: String::new(),
        department: None,
        text: RichText::from_typed(text),
        visit: Visit::default(),
        page: Some(PageView { url: "https://shop.example/".into(), ..PageView::default() }),
    }
}

pub fn send(text: &str) -> Command {
    Command::Send { text: RichText::from_typed(text), attachments: vec![] }
}

/// Runs each story on each database.
macro_rules! stories {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test]
                async fn $name() {
                    super::$name(crate::store::conformance::Bench::sqlite().await).await;
                }
            )*
        }
    };
}
pub(crate) use stories;
