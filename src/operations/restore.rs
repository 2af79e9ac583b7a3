//! Restoring a backup. First everything is unpacked and checked beside its place; only then is anything changed.

use super::error::OperationError;
use super::lock::DataLock;
use super::manifest::{DATABASE, Manifest};
use super::places::{Places, STAGE, children, sync};
use super::unpack::unpack;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    pub manifest: Manifest,
    /// Files that came with it.
    pub files: u64,
    /// Where what was there before is now.
    pub aside: Vec<PathBuf>,
}

/// Puts a backup where an installation keeps its things. While it works, no server can start there.
///
/// # Errors
/// [`OperationError::InUse`] while a server runs there; [`OperationError::Refused`] when something is there already and
/// `move_aside` is not set, or when the archive is not one to be trusted. Nothing is changed then.
pub fn restore(archive: &Path, places: &Places, move_aside: bool) -> Result<Restored, OperationError> {
    fs::File::open(archive).map_err(OperationError::io("cannot be read", archive))?;
    let places = &places.settled()?;
    let _lock = DataLock::take(&places.data, &places.database)?;
    let occupied = places.occupied()?;
    if !occupied.is_empty() && !move_aside {
        return Err(in_the_way(&occupied));
    }
    // On the same file systems as the places themselves, so that all can be put there by renaming.
    let for_database = stage(places.beside_database())?;
    let for_files = stage(if places.files_are_inside() { &places.data } else { &places.files })?;
    let unwritable = OperationError::io("cannot be written", for_files.path());
    let sums = tempfile::tempfile_in(for_database.path()).map_err(unwritable)?;
    let (manifest, files) = unpack(archive, for_database.path(), for_files.path(), sums)?;
    sync_all(for_files.path())?;

    let aside = if occupied.is_empty() {
        Vec::new()
    } else {
        places.move_aside(&jiff::Zoned::now().strftime("%Y%m%d-%H%M%S").to_string())?
    };
    places.make()?;
    for path in children(for_files.path()).map_err(OperationError::io("cannot be read", for_files.path()))? {
        rename(&path, &places.files.join(path.file_name().unwrap_or_default()))?;
    }
    sync(&places.files)?;
    // Last: with it the installation is there.
    rename(&for_database.path().join(DATABASE), &places.database)?;
    sync(places.beside_database())?;
    sync(&places.data)?;
    Ok(Restored { manifest, files, aside })
}

fn in_the_way(occupied: &[(PathBuf, &Path)]) -> OperationError {
    let names: Vec<String> = occupied.iter().take(3).map(|(path, _)| path.display().to_string()).collect();
    let more = if occupied.len() > names.len() { ", …" } else { "" };
    OperationError::refused(format!(
        "There is something already: {}{more}. Name another place with --data, or add --move-aside to keep it in a \
         directory beside what is restored.",
        names.join(", ")
    ))
}

fn stage(directory: &Path) -> Result<TempDir, OperationError> {
    let made = tempfile::Builder::new().prefix(STAGE).tempdir_in(directory);
    made.map_err(OperationError::io("cannot be written", directory))
}

fn rename(from: &Path, to: &Path) -> Result<(), OperationError> {
    fs::rename(from, to).map_err(OperationError::io("cannot be put in its place", to))
}

/// Syncs a directory and those in it: two levels, as files are kept.
fn sync_all(directory: &Path) -> Result<(), OperationError> {
    for path in children(directory).map_err(OperationError::io("cannot be read", directory))? {
        if path.is_dir() {
            sync_all(&path)?;
        }
    }
    sync(directory)
}
