//! Where an installation keeps what: the three places that can be set.

use super::error::OperationError;
use super::lock::DataLock;
use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

/// What former restores have moved aside begins so.
const ASIDE: &str = "before-restore-";
/// What is being unpacked lies in a directory that begins so.
pub(super) const STAGE: &str = ".frontdesk-restore-";

/// Where an installation keeps what.
#[derive(Clone, Debug)]
pub struct Places {
    /// The data directory.
    pub data: PathBuf,
    /// The SQLite file.
    pub database: PathBuf,
    /// The directory of the files that people sent.
    pub files: PathBuf,
}

impl Places {
    /// Makes the directories that are missing, for their owner only.
    pub(super) fn make(&self) -> Result<(), OperationError> {
        for directory in [&*self.data, self.beside_database(), &*self.files] {
            make(directory).map_err(OperationError::io("cannot be made", directory))?;
        }
        Ok(())
    }

    /// The same places, made, and each named in the one way that tells whether one lies in another.
    pub(super) fn settled(&self) -> Result<Places, OperationError> {
        self.make()?;
        let settle = |path: &Path| path.canonicalize().map_err(OperationError::io("cannot be read", path));
        let name = self.database.file_name().unwrap_or_default();
        Ok(Places {
            data: settle(&self.data)?,
            database: settle(self.beside_database())?.join(name),
            files: settle(&self.files)?,
        })
    }

    /// The directory that the database is in.
    pub(super) fn beside_database(&self) -> &Path {
        parent_of(&self.database)
    }

    /// Whether the files lie inside the data directory, as they do unless told otherwise.
    pub(super) fn files_are_inside(&self) -> bool {
        self.files.starts_with(&self.data)
    }

    /// What is there already, each with the directory in which it can be moved aside.
    pub(super) fn occupied(&self) -> Result<Vec<(PathBuf, &Path)>, OperationError> {
        let mut found = Vec::new();
        let listed = |directory: &Path| children(directory).map_err(OperationError::io("cannot be read", directory));
        for path in listed(&self.data)? {
            if !self.is_ours(&path)? {
                found.push((path, &*self.data));
            }
        }
        if self.beside_database() != self.data {
            for ending in ["", "-wal", "-shm", "-journal"] {
                let mut name = self.database.as_os_str().to_owned();
                name.push(ending);
                let path = PathBuf::from(name);
                if path.exists() {
                    found.push((path, self.beside_database()));
                }
            }
        }
        if !self.files_are_inside() {
            for path in listed(&self.files)? {
                if !self.is_ours(&path)? {
                    found.push((path, &*self.files));
                }
            }
        }
        Ok(found)
    }

    /// Whether this is in nobody's way: locks, what restores leave, what a file system has of its own, and directories
    /// with nothing in them.
    fn is_ours(&self, path: &Path) -> Result<bool, OperationError> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name == "lost+found" || name.starts_with(ASIDE) || name.starts_with(STAGE) {
            return Ok(true);
        }
        if DataLock::is_file(path, &self.database) {
            return Ok(true);
        }
        let is_directory = path.is_dir() && !path.is_symlink();
        Ok(is_directory && children(path).map_err(OperationError::io("cannot be read", path))?.is_empty())
    }

    /// Moves what is there already into new directories beside it. Nothing is deleted. Returns those directories.
    pub(super) fn move_aside(&self, name: &str) -> Result<Vec<PathBuf>, OperationError> {
        let mut made = Vec::new();
        for (path, directory) in self.occupied()? {
            let aside = directory.join(format!("{ASIDE}{name}"));
            if !made.contains(&aside) {
                make(&aside).map_err(OperationError::io("cannot be made", &aside))?;
                made.push(aside.clone());
            }
            let target = aside.join(path.file_name().unwrap_or_default());
            fs::rename(&path, &target).map_err(OperationError::io("cannot be moved aside", &path))?;
        }
        Ok(made)
    }
}

/// The directory of a file; of a bare name the present one.
pub(super) fn parent_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Makes a directory for its owner only; one that is there stays as it is.
pub(super) fn make(directory: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)
}

/// What is in a directory; nothing in one that is not there.
pub(super) fn children(directory: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(directory) {
        Ok(entries) => {
            let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
            paths.sort();
            Ok(paths)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Makes sure that the names in a directory survive a power cut.
pub(super) fn sync(directory: &Path) -> Result<(), OperationError> {
    let synced = fs::File::open(directory).and_then(|directory| directory.sync_all());
    synced.map_err(OperationError::io("cannot be synced", directory))
}
