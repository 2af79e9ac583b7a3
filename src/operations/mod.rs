//! What operators do beside serving: back up, restore, check.
//!
//! A backup is one tar archive that `tar` can read too: unpacked into an empty directory it is a data directory.
//!
//! ```text
//! manifest.json          what it is, of which version, how much, the checksum of the database
//! frontdesk.db           the database as of one moment
//! files/AB/CD/ID         the files that it names, each under its id, as the server keeps them
//! checksums.txt          SHA-256 of all the above, one a line, as `sha256sum -c` reads it
//! ```

mod archive;
mod backup;
mod check;
mod error;
mod lock;
mod manifest;
mod places;
mod restore;
#[cfg(test)]
mod tests;
mod unpack;

pub use backup::{Backup, backup};
pub use check::{Verdict, check};
pub use error::OperationError;
pub use lock::DataLock;
pub use manifest::Manifest;
pub use places::Places;
pub use restore::{Restored, restore};
