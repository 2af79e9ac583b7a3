//! Why something was not done: a sentence for the one who asked.

use crate::files::FilesError;
use crate::store::StoreError;
use std::io;
use std::path::Path;
use thiserror::Error;

/// Why something was not done.
#[derive(Debug, Error)]
pub enum OperationError {
    /// Another process serves or restores there.
    #[error(
        "{place} is used by another Frontdesk{process}. Stop that one first, or name another directory with --data; one \
         directory is for one server."
    )]
    InUse { place: String, process: String },
    /// It would not be right.
    #[error("{0}")]
    Refused(String),
    /// The disk says no.
    #[error("{what}: {cause}.")]
    Io { what: String, cause: io::Error },
    #[error("{0}.")]
    Store(#[from] StoreError),
    #[error("{0}")]
    Files(#[from] FilesError),
}

impl OperationError {
    /// Says what could not be done with which file.
    pub(super) fn io(what: &str, path: &Path) -> impl FnOnce(io::Error) -> OperationError {
        let what = format!("{} {what}", path.display());
        move |cause| OperationError::Io { what, cause }
    }

    pub(super) fn refused(sentence: impl Into<String>) -> Self {
        OperationError::Refused(sentence.into())
    }
}
