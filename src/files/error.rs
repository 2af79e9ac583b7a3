//! What can go wrong with files: for the person who uploads, for whoever follows a link, and for operators.

use super::limits::MAX_PIXELS;
use crate::model::error::Refusal;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Why a file is not taken; [`Refusal`] has the words for the person who uploads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejected {
    Empty,
    /// The name is a clean one.
    TypeNotAllowed {
        name: String,
    },
    BrokenPicture,
    TooManyPixels,
}

impl From<Rejected> for Refusal {
    fn from(rejected: Rejected) -> Self {
        match rejected {
            Rejected::Empty => Refusal::EmptyFile,
            Rejected::TypeNotAllowed { name } => Refusal::FileTypeNotAllowed { name },
            Rejected::BrokenPicture => Refusal::BrokenPicture,
            Rejected::TooManyPixels => Refusal::TooManyPixels { millions: (MAX_PIXELS / 1_000_000) as usize },
        }
    }
}

/// Why a link to a file does not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum LinkRefused {
    #[error("This link is not valid.")]
    Forged,
    #[error("This link has expired. Please open the file from the chat again.")]
    Expired,
}

/// What is wrong with the place where files are kept, in words for operators.
#[derive(Debug, Error)]
pub enum FilesError {
    #[error(
        "FRONTDESK_FILES cannot be {scheme}://…: this version keeps files only in a directory. Set it to the path of \
         one, or leave it out."
    )]
    Scheme { scheme: String },
    #[error(
        "Files cannot be kept in {}: {source}. Make that directory writable, or set FRONTDESK_FILES to another one.",
        path.display()
    )]
    Directory { path: PathBuf, source: io::Error },
    #[error("A file could not be {action}: {source}")]
    Store { action: &'static str, source: object_store::Error },
}
