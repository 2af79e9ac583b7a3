//! Files: what people upload, how it is checked, where it is kept and how it is handed out again.
//!
//! An upload passes four doors. How large it may be, the model says before
//! its bytes come. [`sniff`] looks at its content and names its
//! [`Kind`], or refuses it; what the browser claimed counts for nothing. [`file_name`] makes its name fit for screens,
//! headers and disks. [`prepare_in_turn`] proves that a picture is one and takes out what was not meant to be sent,
//! such as the place where it was taken. Then the [`FileStore`] keeps the bytes under the file's id.
//!
//! On the way out, a [`Signer`] makes links that work for a while, and [`download_headers`] see to it that a browser
//! takes a file for what it is and for nothing else.

mod error;
mod extension;
mod kind;
mod limits;
mod link;
mod name;
mod office;
mod photo;
mod picture;
mod response;
mod sniff;
mod store;
#[cfg(test)]
mod testing;
mod text;

pub use error::{FilesError, LinkRefused, Rejected};
pub use kind::Kind;
pub use limits::{MAX_NAME_CHARS, MAX_PIXELS};
pub use link::{LINK_GRID_MS, LINK_MS, SIGNATURE_CHARS, Signer, expiry_ms};
pub use name::{clean_name, file_name};
pub use photo::{PHOTO_MIME, photo_in_turn};
pub use picture::{Prepared, prepare, prepare_in_turn};
pub use response::download_headers;
pub use sniff::sniff;
pub use store::{FileStore, Stored};
