//! What an archive says of itself, before anything else.

use super::error::OperationError;
use crate::model::Millis;
use crate::store::sqlite::{Counts, SqliteStore};
use serde::{Deserialize, Serialize};

/// The form of archives that this Frontdesk writes, and the latest that it reads.
pub(super) const FORMAT: u32 = 1;
/// The manifest's name in the archive.
pub(super) const MANIFEST: &str = "manifest.json";
/// The database's name in the archive.
pub(super) const DATABASE: &str = "frontdesk.db";
/// The files' directory in the archive.
pub(super) const FILES: &str = "files/";
/// The name of the list of checksums.
pub(super) const CHECKSUMS: &str = "checksums.txt";

/// What an archive says of itself. Fields are only ever added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the archive.
    pub format: u32,
    /// The version of the Frontdesk that made it.
    pub frontdesk: String,
    /// The last migration that the database has seen.
    pub schema: i64,
    /// When the database was copied.
    pub made_at: Millis,
    pub counts: Counts,
    pub database: DatabaseSum,
}

/// The database in an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseSum {
    pub bytes: u64,
    /// In hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// [`OperationError::Refused`] when it is none, or this Frontdesk is too old for the archive.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, OperationError> {
        /// What every version has.
        #[derive(Deserialize)]
        struct Any {
            format: u32,
            #[serde(default)]
            frontdesk: String,
        }
        let none = || OperationError::refused("This is no backup of Frontdesk: its manifest cannot be read.");
        let any: Any = serde_json::from_slice(bytes).map_err(|_| none())?;
        if any.format > FORMAT {
            return Err(too_new(&any.frontdesk));
        }
        let manifest: Manifest = serde_json::from_slice(bytes).map_err(|_| none())?;
        if manifest.schema > SqliteStore::schema() {
            return Err(too_new(&manifest.frontdesk));
        }
        Ok(manifest)
    }
}

fn too_new(version: &str) -> OperationError {
    OperationError::refused(format!(
        "This backup was made by a newer Frontdesk ({version}; this is {}). Use that version, or a later one, to restore it.",
        env!("CARGO_PKG_VERSION")
    ))
}
