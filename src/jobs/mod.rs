//! Jobs: the worker that empties the outbox, and the timer of live owners. Safe to kill at any instruction: what was leased and not finished is due
//! again when its lease ends.

mod owners;
mod ticket;
mod transcript;
mod worker;

pub use owners::look_after_owners;
pub use worker::{Worker, run};
