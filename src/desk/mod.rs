//! The desk: the use cases. Each loads, decides, commits and publishes; the rules themselves are the model's.

mod agents;
mod availability;
mod backend;
mod blocks;
mod commands;
mod context;
pub mod effects;
mod files;
mod health;
mod identity;
mod known;
pub mod leases;
mod owners;
mod page_views;
mod photos;
mod plain;
mod publish;
mod reading;
mod search;
mod settings;
pub mod setup;
mod sites;
#[cfg(test)]
mod tests;
mod tickets;
mod upload_turns;
mod visitors;

pub use crate::live::Viewer;
pub use agents::{LoginError, SESSION_DAYS};
pub use files::Download;
pub use health::NotReady;
pub use plain::{LogLink, PlainLog};
pub use setup::SetupError;

use crate::auth::identity::IdentityVerifier;
use crate::auth::throttle::Throttle;
use crate::files::FileStore as FileRoom;
use crate::files::Signer;
use crate::live::Hub;
use crate::model::Millis;
use crate::model::block::address_key;
use crate::model::error::ApiError;
use crate::model::rules::Rules;
use crate::model::site::Site;
use crate::store::{Committed, Store, StoreError};
use blocks::BlockBook;
use known::Known;
use leases::Seen;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, Once, RwLock};
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use upload_turns::UploadTurns;

/// After this long a throttled client may try again.
const RETRY_AFTER_MS: Millis = 2_000;

/// After this long a server that had too much to do may be asked again.
pub const BUSY_FOR_MS: Millis = 1_000;

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
    /// Mails that nobody of the house asked for: transcripts of chats that no agent took, acknowledgements.
    strangers_per_address: Throttle,
    messages_per_address: Throttle,
    uploads: Throttle,
    introductions: Throttle,
    identity: Option<IdentityVerifier>,
    /// What is said in the log of identity tokens that prove nothing.
    identity_notes: Throttle,
    identity_unset: Once,
    rules: RwLock<Arc<Rules>>,
    sites: RwLock<Arc<Vec<Site>>>,
    blocks: BlockBook,
    /// Agents who were seen here.
    seen: Mutex<Seen>,
    known: Known,
    upload_turns: UploadTurns,
    files: FileRoom,
    links: Signer,
    mail_to_files: bool,
    mail_from: String,
}

/// What a desk is made of.
pub struct Furniture {
    pub store: Arc<dyn Store>,
    pub hub: Arc<Hub>,
    /// Where the bytes of files are.
    pub files: FileRoom,
    /// Signs links to files.
    pub links: Signer,
    /// Checks identities that websites have signed; without it they prove nothing.
    pub identity: Option<IdentityVerifier>,
    /// Mails are files only: no mail server is configured.
    pub mail_to_files: bool,
    /// The sender of mails.
    pub mail_from: String,
}

impl Desk {
    /// A desk that publishes what its store announces on `commits`.
    ///
    /// # Errors
    /// When rules, sites or blocks cannot be read.
    pub async fn open(furniture: Furniture, commits: mpsc::Receiver<Committed>) -> Result<Self, StoreError> {
        let limit = |burst: u32, period_ms: u64| {
            Throttle::new(NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN), Duration::from_millis(period_ms))
        };
        let Furniture { store, hub, files, links, identity, mail_to_files, mail_from } = furniture;
        let desk = Desk {
            inner: Arc::new(Inner {
                store,
                hub,
                jobs_due: Arc::new(Notify::new()),
                logins: limit(5, 20_000),
                logins_per_address: limit(50, 2_000),
                commands: limit(200, 20),
                starts_per_address: limit(60, 1_000),
                strangers_per_address: limit(10, 600_000),
                messages_per_address: limit(20, 30_000),
                uploads: limit(60, 1_000),
                introductions: limit(20, 5_000),
                identity,
                identity_notes: limit(1, 60_000),
                identity_unset: Once::new(),
                rules: RwLock::default(),
                sites: RwLock::default(),
                blocks: BlockBook::default(),
                seen: Mutex::default(),
                known: Known::default(),
                upload_turns: UploadTurns::default(),
                files,
                links,
                mail_to_files,
                mail_from,
            }),
        };
        desk.load_rules().await?;
        desk.load_sites().await?;
        desk.refresh_blocks().await?;
        tokio::spawn(publish::run(desk.clone(), commits));
        if let Err(error) = desk.end_blocked_chats().await {
            tracing::warn!(%error, "chats of blocked visitors may be open still; trying again");
            tokio::spawn(desk.clone().surely_keep_out());
        }
        Ok(desk)
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

/// What is counted as one caller: an IPv4 address, of IPv6 the /64, of which one connection has all.
fn address_of(ip: &str) -> String {
    address_key(ip).unwrap_or_else(|| ip.to_owned())
}

/// Milliseconds since the epoch: the server's clock.
pub fn now() -> Millis {
    jiff::Timestamp::now().as_millisecond()
}

/// What a caller is told when reading failed; operators find the cause in the log.
fn unreadable(error: StoreError) -> ApiError {
    failed(error, "reading failed", ApiError::Internal)
}

/// What a caller is told when writing failed.
fn unwritable(error: StoreError) -> ApiError {
    failed(error, "writing failed", ApiError::NotStored)
}

fn failed(error: StoreError, what: &str, told: ApiError) -> ApiError {
    match error {
        StoreError::Busy => {
            tracing::warn!(%error, "{what}");
            ApiError::Busy { retry_after_ms: BUSY_FOR_MS }
        }
        error => {
            tracing::error!(%error, "{what}");
            told
        }
    }
}
