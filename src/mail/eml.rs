//! Letters as files, for installations without a mail server.

use super::error::{ConfigError, SendError};
use std::fmt;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// A directory of `.eml` files that only the server's user can read.
pub(super) struct EmlDirectory {
    path: Arc<Path>,
    /// One write at a time, so that each letter needs just one temporary name and a crash leaves at most that behind.
    turn: Arc<Mutex<()>>,
}

impl EmlDirectory {
    /// Creates the directory when it is missing.
    ///
    /// # Errors
    /// [`ConfigError::Directory`] when that is not possible.
    pub(super) fn open(path: &Path) -> Result<Self, ConfigError> {
        create(path).map_err(|source| ConfigError::Directory { path: path.to_owned(), source })?;
        Ok(EmlDirectory { path: path.into(), turn: Arc::default() })
    }

    /// Puts `content` into `{stem}.eml`, replacing what was there. When this returns, the file is whole and survives a
    /// power cut; before, a reader sees the old file or none.
    ///
    /// # Errors
    /// A passing [`SendError`]: disks get space and rights again.
    pub(super) async fn write(&self, stem: String, content: Vec<u8>) -> Result<(), SendError> {
        let (path, turn) = (Arc::clone(&self.path), Arc::clone(&self.turn));
        let written = tokio::task::spawn_blocking(move || {
            let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
            write(&path, &stem, &content)
        })
        .await;
        written.map_err(io::Error::other).flatten().map_err(|error| {
            SendError::passing(format!("The mail could not be written into {}: {error}.", self.path.display()))
        })
    }
}

impl fmt::Display for EmlDirectory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "mail is kept as files in {}", self.path.display())
    }
}

fn write(directory: &Path, stem: &str, content: &[u8]) -> io::Result<()> {
    create(directory)?;
    let temporary = directory.join(format!(".{stem}.tmp"));
    let finished =
        fill(&temporary, content).and_then(|()| fs::rename(&temporary, directory.join(format!("{stem}.eml"))));
    if finished.is_err() {
        // Gives a full disk its space back; the error to tell is the first one.
        let _ = fs::remove_file(&temporary);
    }
    finished?;
    File::open(directory)?.sync_all()
}

fn fill(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

fn create(directory: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_replaced_whole_and_nothing_else_is_left() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join("mail");
        let directory = EmlDirectory::open(&path).unwrap();
        fs::write(path.join(".letter.tmp"), "left behind by a crash").unwrap();
        directory.write("letter".into(), b"a long first try".to_vec()).await.unwrap();
        directory.write("letter".into(), b"second".to_vec()).await.unwrap();
        assert_eq!(fs::read(path.join("letter.eml")).unwrap(), b"second");
        assert_eq!(fs::read_dir(&path).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn writers_of_the_same_letter_do_not_mix() {
        let data = tempfile::tempdir().unwrap();
        let directory = Arc::new(EmlDirectory::open(data.path()).unwrap());
        let writers: Vec<_> = (b'a'..=b'h')
            .map(|letter| {
                let directory = Arc::clone(&directory);
                tokio::spawn(async move { directory.write("letter".into(), vec![letter; 100_000]).await })
            })
            .collect();
        for writer in writers {
            writer.await.unwrap().unwrap();
        }
        let content = fs::read(data.path().join("letter.eml")).unwrap();
        assert!(content.len() == 100_000 && content.iter().all(|byte| *byte == content[0]));
    }

    #[tokio::test]
    async fn a_directory_that_went_away_is_made_again_and_one_that_cannot_be_is_tried_later() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join("mail");
        let directory = EmlDirectory::open(&path).unwrap();
        fs::remove_dir(&path).unwrap();
        directory.write("letter".into(), b"content".to_vec()).await.unwrap();
        fs::remove_dir_all(&path).unwrap();
        fs::write(&path, "in the way").unwrap();
        let error = directory.write("letter".into(), b"content".to_vec()).await.unwrap_err();
        assert!(!error.permanent && error.sentence.contains(path.to_str().unwrap()), "{error}");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn conversations_are_for_the_servers_user_alone() {
        use std::os::unix::fs::PermissionsExt;
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join("mail");
        EmlDirectory::open(&path).unwrap().write("letter".into(), b"content".to_vec()).await.unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&path.join("letter.eml"))), (0o700, 0o600));
    }
}
