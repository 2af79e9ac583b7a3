//! What can go wrong with files: for the person who uploads, for whoever follows a link, and for operators.

use super::limits::MAX_PIXELS;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Why a file is not taken, in words for the person who uploads it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Rejected {
    #[error("This file is empty.")]
    Empty,
    /// The name is a clean one.
    #[error(
        "{name} cannot be sent, because files of this kind are not allowed. Pictures, PDF, text, office documents \
         without macros, ZIP, audio and video are."
    )]
    TypeNotAllowed { name: String },
    #[error("This picture cannot be read. It may be damaged.")]
    BrokenPicture,
    #[error("This picture has too many pixels. At most {} million are possible.", MAX_PIXELS / 1_000_000)]
    TooManyPixels,
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
