//! The only room with SQL: what is kept, behind traits, so that databases can differ and nothing else notices.
//!
//! "Not found" is `Ok(None)`; a [`StoreError`] means that the database itself failed.

mod chats;
#[cfg(test)]
mod conformance;
mod error;
mod outbox;
mod people;
pub mod sqlite;

pub use chats::{ChatStore, Committed, Decide, Decision, List, Page, Target, Transact};
pub use error::{StoreError, TransactError};
pub use outbox::{Job, JobKind, NewJob, OutboxStore};
pub use people::{AddAgentError, NewAgent, PeopleStore, TokenHash};

/// Everything that is kept.
pub trait Store: ChatStore + PeopleStore + OutboxStore {}
impl<S: ChatStore + PeopleStore + OutboxStore> Store for S {}
