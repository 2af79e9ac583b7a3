//! One server per data directory and per database: two would not tell each other what happened.

use super::error::OperationError;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// In the data directory, the file that whoever works there holds a lock on.
const LOCK_FILE: &str = "frontdesk.lock";

/// The right to work on a data directory and a database. Whatever ends the process gives it back, also a kill.
#[derive(Debug)]
pub struct DataLock {
    _held: [File; 2],
}

impl DataLock {
    /// Takes both, or none. The directories must be there; the files that the locks are on are made, and stay.
    ///
    /// # Errors
    /// [`OperationError::InUse`] when another process has one of them.
    pub fn take(data: &Path, database: &Path) -> Result<Self, OperationError> {
        let beside = lock_of(database);
        Ok(DataLock { _held: [hold(&data.join(LOCK_FILE), data)?, hold(&beside, database)?] })
    }

    /// Whether this name in a data directory is one of a lock's files.
    pub(super) fn is_file(path: &Path, database: &Path) -> bool {
        path.ends_with(LOCK_FILE) || path == lock_of(database)
    }
}

fn lock_of(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    name.into()
}

fn hold(path: &Path, place: &Path) -> Result<File, OperationError> {
    let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path);
    let mut file = opened.map_err(OperationError::io("cannot be opened", path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let process = holder(&mut file).map_or_else(String::new, |id| format!(" (process {id})"));
            return Err(OperationError::InUse { place: place.display().to_string(), process });
        }
        Err(TryLockError::Error(cause)) => return Err(OperationError::io("cannot be locked", path)(cause)),
    }
    // For the sentence that others get. The lock holds without it, also where the disk is full.
    let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
    Ok(file)
}

fn holder(file: &mut File) -> Option<u32> {
    let mut said = String::new();
    file.take(20).read_to_string(&mut said).ok()?;
    said.trim().parse().ok()
}
