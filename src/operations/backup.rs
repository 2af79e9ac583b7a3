//! Backing up, also while the server runs.

use super::archive::{ArchiveWriter, hex, in_pieces};
use super::error::OperationError;
use super::manifest::{DATABASE, DatabaseSum, FILES, FORMAT, MANIFEST, Manifest};
use super::places::{Places, parent_of, sync};
use crate::files::{FileStore, Stored};
use crate::store::sqlite::{KeptFile, SqliteReader, Tell};
use futures::TryStreamExt as _;
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use uuid::Uuid;

/// Files that are looked up at one time.
const PAGE: u32 = 500;

/// A backup that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    pub manifest: Manifest,
    /// Files in it.
    pub files: i64,
    /// Files that are not in it, because they were not there.
    pub missing: i64,
    /// Its size.
    pub bytes: u64,
}

/// Writes a backup into `target`: first the database as of one moment, then the files that it names, so that none is
/// missing that a message has. Nobody waits for it. Until it is whole and on disk there is no file of that name, or the
/// old one. What is worth knowing is told in sentences.
///
/// # Errors
/// [`OperationError::Refused`] when there is such a file and `overwrite` is not set.
pub async fn backup(places: &Places, target: &Path, overwrite: bool, tell: Tell<'_>) -> Result<Backup, OperationError> {
    let taken = || {
        OperationError::refused(format!(
            "{} is there already. Name another file, or add --overwrite to replace it.",
            target.display()
        ))
    };
    if !overwrite && target.symlink_metadata().is_ok() {
        return Err(taken());
    }
    let directory = parent_of(target);
    let unwritable = || OperationError::io("cannot be written", directory);
    let scratch = tempfile::Builder::new().prefix(".frontdesk-backup-").tempdir_in(directory).map_err(unwritable())?;
    let copy = scratch.path().join(DATABASE);
    let made_at = jiff::Timestamp::now().as_millisecond();
    let mut live = SqliteReader::open(&places.database).await?;
    live.copy_to(&copy).await?;
    live.close().await;

    let mut reader = SqliteReader::open(&copy).await?;
    let manifest = Manifest {
        format: FORMAT,
        frontdesk: env!("CARGO_PKG_VERSION").to_owned(),
        schema: reader.schema().await?,
        made_at,
        counts: reader.counts().await?,
        database: sum_of(&copy).map_err(unwritable())?,
    };
    let whole = tempfile::Builder::new().prefix(".frontdesk-backup-").tempfile_in(directory).map_err(unwritable())?;
    let sums = tempfile::tempfile_in(scratch.path()).map_err(unwritable())?;
    let seconds = u64::try_from(made_at / 1_000).unwrap_or(0);
    let mut archive = ArchiveWriter::new(BufWriter::new(whole.as_file()), sums, seconds);
    let head = serde_json::to_vec_pretty(&manifest).map_err(io::Error::other).map_err(unwritable())?;
    archive.add(MANIFEST, &head).map_err(unwritable())?;
    let added = File::open(&copy).and_then(|mut copy| archive.add_file(DATABASE, &mut copy));
    added.map_err(unwritable())?;
    let (files, missing) = add_files(&mut archive, &mut reader, &places.files, tell).await?;
    reader.close().await;

    let written = archive.finish().and_then(|mut out| out.flush());
    let synced = written.and_then(|()| whole.as_file().sync_all()).and_then(|()| whole.as_file().metadata());
    let bytes = synced.map_err(unwritable())?.len();
    if overwrite {
        whole.persist(target).map_err(|error| unwritable()(error.error))?;
    } else {
        whole.persist_noclobber(target).map_err(|error| match error.error.kind() {
            io::ErrorKind::AlreadyExists => taken(),
            _ => unwritable()(error.error),
        })?;
    }
    sync(directory)?;
    Ok(Backup { manifest, files, missing, bytes })
}

fn sum_of(path: &Path) -> io::Result<DatabaseSum> {
    let mut sum = Sha256::new();
    let bytes = in_pieces(&mut File::open(path)?, |piece| {
        sum.update(piece);
        Ok(())
    })?;
    Ok(DatabaseSum { bytes, sha256: hex(sum) })
}

/// Adds the files that the database names; returns how many are in, and how many were not there.
async fn add_files<W: Write>(
    archive: &mut ArchiveWriter<W>,
    reader: &mut SqliteReader,
    directory: &Path,
    tell: Tell<'_>,
) -> Result<(i64, i64), OperationError> {
    let store = if directory.is_dir() { Some(FileStore::local(directory)?) } else { None };
    let (mut added, mut missing, mut after) = (0, 0, None);
    loop {
        let page = reader.files(after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        for file in &page {
            if add(archive, store.as_ref(), file, tell).await? {
                added += 1;
            } else {
                missing += 1;
            }
        }
    }
    for (photo, agent) in reader.photos().await? {
        let found = match &store {
            Some(store) => store.get(photo.0, None).await?,
            None => None,
        };
        if let Some(found) = found {
            write(archive, photo.0, found).await?;
            added += 1;
        } else {
            tell(format!("The photo {photo} of {agent} is missing, and so it is in the backup."));
            missing += 1;
        }
    }
    Ok((added, missing))
}

/// Adds one file; `false` when it is not there.
async fn add<W: Write>(
    archive: &mut ArchiveWriter<W>,
    store: Option<&FileStore>,
    file: &KeptFile,
    tell: Tell<'_>,
) -> Result<bool, OperationError> {
    let found = match store {
        Some(store) => store.get(file.id.0, None).await?,
        None => None,
    };
    let KeptFile { id, chat, name, size, attached } = file;
    let Some(found) = found else {
        tell(match attached {
            true => format!("File {id} ({name}) of chat {chat} is missing, and so it is in the backup."),
            false => format!("File {id} ({name}) was never sent and has been removed meanwhile."),
        });
        return Ok(false);
    };
    if found.len != *size {
        tell(format!("File {id} ({name}) of chat {chat} has {} bytes instead of {size}.", found.len));
    }
    write(archive, id.0, found).await?;
    Ok(true)
}

/// Writes the bytes of a file where it lies below the directory of files.
async fn write<W: Write>(archive: &mut ArchiveWriter<W>, id: Uuid, mut found: Stored) -> Result<(), OperationError> {
    let failed = |cause| OperationError::Io { what: format!("File {id} cannot be written into the backup"), cause };
    archive.begin(&format!("{FILES}{}", FileStore::path_of(id)), found.len).map_err(failed)?;
    while let Some(piece) = found.stream.try_next().await? {
        archive.write(&piece).map_err(failed)?;
    }
    archive.end().map_err(failed)?;
    Ok(())
}
