//! Whether this process can serve: what is given to it now would be kept.

use super::Desk;
use crate::store::StoreError;
use thiserror::Error;

/// Why it cannot, and what to do about it: a sentence for whoever looks after the server. It names no cause, because
/// everybody who reaches the server may ask; the cause is in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotReady {
    #[error(
        "The database cannot be written, so nothing is taken. Look whether its disk is full, failing or read-only; \
         Frontdesk goes on by itself when it can write again."
    )]
    NotWritable,
    #[error(
        "The database does not answer in time. Look whether its disk is overloaded, or whether another program has \
         locked the file."
    )]
    TooSlow,
    #[error("The database fails. The server's log says why.")]
    Failed,
    #[error(
        "The directory of the files cannot be written, so nobody can send one. Look whether its disk is full or \
         read-only, and whether the server's user may write there."
    )]
    FilesNotWritable,
}

impl Desk {
    /// Writes to the database and beside the files, and reads it again: only what was written proves that it can be.
    ///
    /// # Errors
    /// [`NotReady`] with the first that could not.
    pub async fn check(&self) -> Result<(), NotReady> {
        self.store().check().await.map_err(|error| {
            tracing::warn!(%error, "not ready: the database");
            match error {
                StoreError::NotWritable(_) => NotReady::NotWritable,
                StoreError::Busy => NotReady::TooSlow,
                _ => NotReady::Failed,
            }
        })?;
        self.inner.files.check().await.map_err(|error| {
            tracing::warn!(%error, "not ready: the files");
            NotReady::FilesNotWritable
        })
    }
}
