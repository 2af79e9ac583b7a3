//! Jobs: the worker that empties the outbox. Safe to kill at any instruction: what was leased and not finished is due
//! again when its lease ends.

mod ticket;
mod transcript;
mod worker;

pub use worker::{Worker, run};
