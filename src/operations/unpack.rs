//! Reading an archive, which may come from anywhere: nothing in it is believed before it is checked, and nothing is
//! written but the names that a backup has.

use super::archive::{hex, in_pieces, sum_line};
use super::error::OperationError;
use super::manifest::{CHECKSUMS, DATABASE, FILES, MANIFEST, Manifest};
use super::places::make;
use crate::files::FileStore;
use sha2::{Digest as _, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// Longest manifest, in bytes.
const MAX_MANIFEST: u64 = 64 << 10;

/// Unpacks an archive into two empty directories, one for the database and one for the files, and syncs all of it.
/// `sums` is an empty file that can be read and written, and is not needed afterwards. Returns the manifest and how many
/// files there are.
///
/// # Errors
/// [`OperationError::Refused`] when it is no archive of this or an earlier Frontdesk, not whole, or not as it was made.
pub fn unpack(archive: &Path, database: &Path, files: &Path, sums: File) -> Result<(Manifest, u64), OperationError> {
    let file = File::open(archive).map_err(OperationError::io("cannot be read", archive))?;
    let mut unpacking =
        Unpacking { database, files, sums: BufWriter::new(sums), manifest: None, step: Step::Manifest, count: 0 };
    let mut tar = tar::Archive::new(BufReader::with_capacity(1 << 20, file));
    for entry in tar.entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        let name = String::from_utf8(entry.path_bytes().into_owned()).map_err(|_| foreign("a name that is no text"))?;
        if entry.header().entry_type() != tar::EntryType::Regular {
            return Err(foreign(&name));
        }
        let size = entry.size();
        unpacking.take(&name, size, &mut entry)?;
    }
    match (unpacking.manifest, unpacking.step) {
        (Some(manifest), Step::End) => Ok((manifest, unpacking.count)),
        _ => Err(OperationError::refused("This backup is not whole: its end is missing.")),
    }
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Manifest,
    Database,
    /// Or the checksums.
    Files,
    End,
}

struct Unpacking<'a> {
    database: &'a Path,
    files: &'a Path,
    /// What the checksums must be.
    sums: BufWriter<File>,
    manifest: Option<Manifest>,
    step: Step,
    count: u64,
}

impl Unpacking<'_> {
    fn take(&mut self, name: &str, size: u64, content: &mut impl Read) -> Result<(), OperationError> {
        match (self.step, name) {
            (Step::Manifest, MANIFEST) if size <= MAX_MANIFEST => {
                let mut bytes = Vec::new();
                content.read_to_end(&mut bytes).map_err(broken)?;
                self.manifest = Some(Manifest::read(&bytes)?);
                self.note(Sha256::new_with_prefix(&bytes), name)?;
                self.step = Step::Database;
            }
            (Step::Database, DATABASE) => {
                let sum = write(&self.database.join(DATABASE), content, size)?;
                let told = self.manifest.as_ref().map(|manifest| &manifest.database);
                if !told.is_some_and(|told| told.bytes == size && told.sha256 == hex(sum.clone())) {
                    return Err(damaged(name));
                }
                self.note(sum, name)?;
                self.step = Step::Files;
            }
            (Step::Files, CHECKSUMS) => {
                self.compare(content, size)?;
                self.step = Step::End;
            }
            (Step::Files, name) => {
                let path = self.files.join(file_path(name).ok_or_else(|| foreign(name))?);
                let directory = path.parent().unwrap_or(self.files);
                make(directory).map_err(OperationError::io("cannot be made", directory))?;
                let sum = write(&path, content, size)?;
                self.note(sum, name)?;
                self.count += 1;
            }
            _ => return Err(foreign(name)),
        }
        Ok(())
    }

    fn note(&mut self, sum: Sha256, name: &str) -> Result<(), OperationError> {
        writeln!(self.sums, "{}", sum_line(sum, name)).map_err(broken)
    }

    /// Holds the checksums of the archive against what was read.
    fn compare(&mut self, theirs: &mut impl Read, size: u64) -> Result<(), OperationError> {
        self.sums.flush().map_err(broken)?;
        let mut ours = self.sums.get_ref();
        ours.rewind().map_err(broken)?;
        // No line of theirs can be longer than all of ours.
        let all = ours.metadata().map_err(broken)?.len();
        let mut theirs = BufReader::new(theirs.take(all)).lines();
        for our in BufReader::new(ours).lines() {
            let our = our.map_err(broken)?;
            if theirs.next().transpose().map_err(broken)?.as_ref() != Some(&our) {
                let name = our.split_once("  ").map_or("", |(_, name)| name);
                return Err(damaged(name));
            }
        }
        match theirs.next() {
            None if size == all => Ok(()),
            _ => Err(OperationError::refused("This backup is not whole: files are missing in it.")),
        }
    }
}

/// Where a file of the archive goes, if its name is exactly one that a backup gives.
fn file_path(name: &str) -> Option<PathBuf> {
    let id = name.strip_prefix(FILES)?.rsplit('/').next()?;
    let path = FileStore::path_of(Uuid::try_parse(id).ok()?);
    (name.strip_prefix(FILES) == Some(&*path)).then(|| path.into())
}

/// Writes a new file for its owner only, and returns its checksum.
fn write(path: &Path, content: &mut impl Read, size: u64) -> Result<Sha256, OperationError> {
    let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(OperationError::refused("This is no backup of Frontdesk: it has the same file twice."));
        }
        Err(error) => return Err(OperationError::io("cannot be written", path)(error)),
    };
    let mut sum = Sha256::new();
    let mut unwritten = None;
    let copied = in_pieces(content, |piece| {
        sum.update(piece);
        file.write_all(piece).inspect_err(|error| unwritten = Some(error.kind()))
    });
    match (copied, unwritten) {
        (Ok(bytes), _) if bytes == size => {}
        (Err(cause), Some(_)) => return Err(OperationError::io("cannot be written", path)(cause)),
        (Ok(_) | Err(_), _) => return Err(broken(io::ErrorKind::UnexpectedEof.into())),
    }
    file.sync_all().map_err(OperationError::io("cannot be written", path))?;
    Ok(sum)
}

fn damaged(name: &str) -> OperationError {
    OperationError::refused(format!("This backup is damaged: {name} is not as it was when the backup was made."))
}

fn broken(cause: io::Error) -> OperationError {
    OperationError::refused(format!("This is no whole backup of Frontdesk: it cannot be read to its end ({cause})."))
}

fn foreign(name: &str) -> OperationError {
    let name: String = name.chars().take(100).flat_map(char::escape_default).collect();
    OperationError::refused(format!("This is no backup of Frontdesk: it has something that no backup has, {name}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_names_that_a_backup_gives_have_a_place() {
        let good = "files/ab/89/01901234-5678-7abc-8def-0123456789ab";
        assert_eq!(file_path(good), Some(PathBuf::from(&good["files/".len()..])));
        for bad in [
            "files/ab/89/../../../../etc/passwd",
            "files/../ab/89/01901234-5678-7abc-8def-0123456789ab",
            "files/89/ab/01901234-5678-7abc-8def-0123456789ab",
            "files//ab/89/01901234-5678-7abc-8def-0123456789ab",
            "files/ab/89/01901234-5678-7ABC-8DEF-0123456789AB",
            "files/ab/89/0190123456787abc8def0123456789ab",
            "/files/ab/89/01901234-5678-7abc-8def-0123456789ab",
            "ab/89/01901234-5678-7abc-8def-0123456789ab",
            "files/",
            "",
        ] {
            assert_eq!(file_path(bad), None, "{bad}");
        }
    }
}
