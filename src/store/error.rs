//! How storage fails. The texts are for operators; people read [`crate::model::error::ApiError`].

use crate::model::error::Refusal;
use thiserror::Error;

/// The database failed.
#[derive(Debug, Error)]
pub enum StoreError {
    /// Nothing can be written: the disk is full, the file is read-only, or the disk fails.
    #[error("the database cannot be written: {0}")]
    NotWritable(String),
    /// More waits than is written, or the file is locked: nothing was stored, and later it may be.
    #[error("the database has too much to do")]
    Busy,
    /// The database was made by a newer Frontdesk.
    #[error(
        "this database has schema {found}, made by a newer Frontdesk; this one knows up to {known}. Use the newer \
         version, or restore a backup from before the upgrade"
    )]
    NewerSchema { found: i64, known: i64 },
    /// The database was made by an older Frontdesk, and only a server brings it up to date.
    #[error(
        "this database has schema {found}, made by an older Frontdesk; this one works with {known}. Start this version's \
         server once, which brings it up to date"
    )]
    OlderSchema { found: i64, known: i64 },
    /// It cannot be opened.
    #[error("the database {path} cannot be opened: {cause}")]
    NotOpened { path: String, cause: String },
    /// A stored row cannot be read.
    #[error("a stored row cannot be read: {0}")]
    Corrupt(String),
    /// Anything else that the database reports.
    #[error("the database failed: {0}")]
    Failed(String),
    /// The server is about to stop.
    #[error("the store is closed")]
    Closed,
}

/// Why a command changed nothing.
#[derive(Debug, Error)]
pub enum TransactError {
    /// A rule says no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no such chat.
    #[error("there is no such chat")]
    NoSuchChat,
    /// Storage failed; nothing of the command is stored, and it may be repeated.
    #[error(transparent)]
    Store(#[from] StoreError),
}
