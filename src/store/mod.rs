//! The only room with SQL: what is kept, behind traits, so that databases can differ and nothing else notices.
//!
//! "Not found" is `Ok(None)`; a [`StoreError`] means that the database itself failed.

mod chats;
#[cfg(test)]
mod conformance;
mod error;
mod files;
mod leases;
mod outbox;
mod people;
mod settings;
pub mod sqlite;
mod tickets;

pub use chats::{ChatStore, Committed, Decide, Decision, Found, List, Page, Recorded, Target, Transact, author_key};
pub use error::{StoreError, TransactError};
pub use files::{FileStore, MAX_CHAT_BYTES, NewUpload, StoredFile, UNATTACHED_COUNTS_MS};
pub use leases::{Lease, LeaseStore};
pub use outbox::{Job, JobKind, NewJob, OutboxStore};
pub use people::{AddAgentError, NewAgent, PeopleStore, TokenHash};
pub use settings::{AgentChange, ChangeError, SettingsStore};
pub use tickets::{ChangeTicket, TicketFilter, TicketPage, TicketStore};

/// Everything that is kept.
pub trait Store: ChatStore + PeopleStore + OutboxStore + TicketStore + FileStore + SettingsStore + LeaseStore {}
impl<S: ChatStore + PeopleStore + OutboxStore + TicketStore + FileStore + SettingsStore + LeaseStore> Store for S {}
