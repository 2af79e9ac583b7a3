//! The desk: the use cases. Each loads, decides, commits and publishes; the rules themselves are the model's.

mod agents;
mod backend;
mod commands;
mod effects;
mod publish;
mod reading;
pub mod setup;
#[cfg(test)]
mod tests;
mod visitors;

pub use agents::{LoginError, SESSION_DAYS};
pub use setup::SetupError;

use crate::auth::throttle::Throttle;
use crate::live::Hub;
use crate::model::Millis;
use crate::model::error::ApiError;
use crate::store::{Committed, Store, StoreError};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, mpsc};

/// After this long a throttled client may try again.
const RETRY_AFTER_MS: Millis = 2_000;

/// What every use case works with. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    inner: Arc<Inner>,
}

struct Inner {
    store: Arc<dyn Store>,
    hub: Arc<Hub>,
    /// Rung when the outbox has something to do.
    jobs_due: Arc<Notify>,
    logins: Throttle,
    logins_per_address: Throttle,
    commands: Throttle,
    starts_per_address: Throttle,
    /// Transcripts of chats that no agent took.
    unanswered_per_address: Throttle,
}

impl Desk {
    /// A desk over a store and a hub; publishes what the store announces on `commits`.
    pub fn new(store: Arc<dyn Store>, hub: Arc<Hub>, commits: mpsc::Receiver<Committed>) -> Self {
        let limit = |burst: u32, period_ms: u64| {
            Throttle::new(NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN), Duration::from_millis(period_ms))
        };
        let desk = Desk {
            inner: Arc::new(Inner {
                store,
                hub,
                jobs_due: Arc::new(Notify::new()),
                logins: limit(5, 20_000),
                logins_per_address: limit(50, 2_000),
                commands: limit(200, 20),
                starts_per_address: limit(60, 1_000),
                unanswered_per_address: limit(10, 600_000),
            }),
        };
        tokio::spawn(publish::run(desk.clone(), commits));
        desk
    }

    pub fn store(&self) -> &Arc<dyn Store> {
        &self.inner.store
    }

    pub fn hub(&self) -> &Arc<Hub> {
        &self.inner.hub
    }

    /// Rung when the outbox has something to do.
    pub fn jobs_due(&self) -> &Arc<Notify> {
        &self.inner.jobs_due
    }
}

/// Milliseconds since the epoch: the server's clock.
pub fn now() -> Millis {
    jiff::Timestamp::now().as_millisecond()
}

/// What a caller is told when reading failed; operators find the cause in the log.
fn unreadable(error: StoreError) -> ApiError {
    tracing::error!(%error, "reading failed");
    ApiError::Internal
}

/// What a caller is told when writing failed.
fn unwritable(error: StoreError) -> ApiError {
    tracing::error!(%error, "writing failed");
    ApiError::NotStored
}
