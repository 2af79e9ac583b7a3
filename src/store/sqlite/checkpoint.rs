//! Brings what commits have left in SQLite's log into the file, beside them. SQLite by itself does it inside a commit: every
//! some thousand pages one waits, and all behind it, until they are written and on disk.

use super::pen::Pen;
use crate::store::StoreError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// From so many pages on, 16 MB, those of the log are brought into the file. A row that changes often is in the log many
/// times and in the file once, so rarely is cheaper; but what is written at once keeps the disk from the next commit.
const CHUNK_PAGES: i64 = 4_000;
/// From so many pages on, 32 MB, the log is begun anew. Where it has been before it needs no new place on disk, which makes
/// a commit quicker.
const LOG_PAGES: i64 = 8_000;
/// When the log has so many pages, 64 MB, a commit itself brings them into the file: it grows faster than they can be
/// brought there beside it.
pub const MOST_LOG_PAGES: &str = "16000";
/// So many pages are brought into the file while no commit may come: it takes a moment.
const FEW_PAGES: i64 = 128;
/// How often at most pages are brought into the file after one look. What was written meanwhile is less each time, unless
/// somebody still reads what was before it.
pub const PASSES: usize = 2;
/// How often the log is looked at, while commits come.
pub const LOOK_EVERY: Duration = Duration::from_millis(20);
/// How long the disk is left alone after it failed.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// The pages of the log, and how many of them are in the file already, as `PRAGMA wal_checkpoint` counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pages {
    pub log: i64,
    pub in_file: i64,
}

impl Pages {
    /// So many are not in the file yet that some are to be brought there, while commits go on.
    pub fn are_many(self) -> bool {
        let left = self.log - self.in_file;
        left >= CHUNK_PAGES || (self.log >= LOG_PAGES && left > FEW_PAGES)
    }

    /// With the few that are left the log could begin anew.
    pub fn are_the_last(self) -> bool {
        self.log >= LOG_PAGES && (1..=FEW_PAGES).contains(&(self.log - self.in_file))
    }
}

/// Looks at the log for as long as this is kept. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Checkpoints(Arc<Kept>);

#[derive(Debug)]
struct Kept {
    end: Arc<Notify>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Checkpoints {
    /// Looks at the log of the file whenever the pen was used.
    pub fn start(options: SqliteConnectOptions, pen: Pen) -> Self {
        let end = Arc::new(Notify::new());
        let task = tokio::spawn(work(options, pen, end.clone()));
        Checkpoints(Arc::new(Kept { end, task: Mutex::new(Some(task)) }))
    }

    /// Waits until the file is let go. Commits go on, and their pages stay in the log.
    pub async fn stop(&self) {
        self.0.end.notify_one();
        let task = self.0.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            let _ = task.await;
        }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.end.notify_one();
    }
}

async fn work(options: SqliteConnectOptions, pen: Pen, end: Arc<Notify>) {
    let mut connection = None;
    loop {
        tokio::select! {
            () = end.notified() => break,
            () = pen.used() => {}
        }
        let pause = match look(&mut connection, &options, &pen).await {
            Ok(()) => LOOK_EVERY,
            Err(error) => {
                // Commits meet the same disk, and tell those who wait for it.
                tracing::warn!(%error, "the database's log could not be brought into its file; it will be tried again");
                connection = None;
                AFTER_FAILURE
            }
        };
        tokio::select! {
            () = end.notified() => break,
            () = sleep(pause) => {}
        }
    }
    if let Some(connection) = connection {
        let _ = connection.close().await;
    }
}

async fn look(
    connection: &mut Option<SqliteConnection>,
    options: &SqliteConnectOptions,
    pen: &Pen,
) -> Result<(), StoreError> {
    let connection = match connection {
        Some(connection) => connection,
        None => connection.insert(options.connect().await?),
    };
    let mut pages = count(connection).await?;
    for _ in 0..PASSES {
        if pages.are_many() {
            pages = advance(connection).await?;
        }
    }
    if pages.are_the_last() {
        // While nobody writes: the next one who does begins the log anew.
        let _turn = pen.hold().await?;
        advance(connection).await?;
    }
    Ok(())
}

/// Counts the pages, and does nothing.
async fn count(connection: &mut SqliteConnection) -> Result<Pages, StoreError> {
    checkpoint(connection, "PRAGMA wal_checkpoint(NOOP)").await
}

/// Brings into the file what nobody needs in the log any more. Nobody waits for it, and it waits for nobody.
async fn advance(connection: &mut SqliteConnection) -> Result<Pages, StoreError> {
    checkpoint(connection, "PRAGMA wal_checkpoint(PASSIVE)").await
}

async fn checkpoint(connection: &mut SqliteConnection, pragma: &'static str) -> Result<Pages, StoreError> {
    let (_busy, log, in_file): (i64, i64, i64) = sqlx::query_as(pragma).fetch_one(connection).await?;
    Ok(Pages { log, in_file })
}

#[cfg(test)]
mod tests {
    use super::super::SqliteStore;
    use super::*;
    use std::path::Path;
    use tempfile::TempDir;
    use tokio::sync::mpsc;
    use tokio::time::timeout;

    /// Bytes of a page.
    const PAGE: i64 = 4_096;

    async fn store() -> (TempDir, SqliteStore) {
        let directory = tempfile::tempdir().unwrap();
        let (commits, _) = mpsc::channel(10);
        let store = SqliteStore::open(&directory.path().join("test.db"), commits).await.unwrap();
        (directory, store)
    }

    async fn beside(directory: &TempDir) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(directory.path().join("test.db"));
        options.connect().await.unwrap()
    }

    /// Commits something that fills about so many pages.
    async fn write(store: &SqliteStore, pages: i64) {
        sqlx::query("REPLACE INTO settings (key, value) VALUES ('much', hex(zeroblob($1)))")
            .bind(pages * PAGE / 2)
            .execute(&mut *store.writer.take().await.unwrap())
            .await
            .unwrap();
    }

    /// Waits until this holds of the pages.
    async fn until(connection: &mut SqliteConnection, holds: impl Fn(Pages) -> bool) -> Pages {
        let look = async {
            loop {
                let pages = count(connection).await.unwrap();
                if holds(pages) {
                    return pages;
                }
                sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(Duration::from_secs(30), look).await.expect("it should have come")
    }

    fn bytes_of_log(directory: &Path) -> i64 {
        std::fs::metadata(directory.join("test.db-wal")).unwrap().len() as i64
    }

    #[test]
    fn pages_are_brought_over_in_large_pieces_and_the_last_few_of_a_long_log_by_themselves() {
        let found = |log, left| {
            let pages = Pages { log, in_file: log - left };
            (pages.are_many(), pages.are_the_last())
        };
        assert_eq!(found(CHUNK_PAGES, CHUNK_PAGES), (true, false));
        assert_eq!(found(LOG_PAGES - 1, CHUNK_PAGES - 1), (false, false));
        assert_eq!(found(LOG_PAGES, FEW_PAGES + 1), (true, false));
        assert_eq!(found(LOG_PAGES, FEW_PAGES), (false, true));
        assert_eq!(found(LOG_PAGES, 0), (false, false), "it begins anew with the next commit");
    }

    #[tokio::test]
    async fn the_log_is_brought_into_the_file_beside_the_commits_and_begun_anew() {
        let (directory, store) = store().await;
        let mut beside = beside(&directory).await;
        write(&store, CHUNK_PAGES / 2).await;
        assert_eq!(count(&mut beside).await.unwrap().in_file, 0, "a few stay where they are");
        for _ in 0..6 {
            write(&store, LOG_PAGES / 2).await;
            until(&mut beside, |pages| pages.log - pages.in_file < CHUNK_PAGES).await;
        }
        until(&mut beside, |pages| pages.log < LOG_PAGES || pages.log == pages.in_file).await;
        let most = MOST_LOG_PAGES.parse::<i64>().unwrap();
        assert!(bytes_of_log(directory.path()) < most * PAGE, "it was begun anew");
    }

    #[tokio::test]
    async fn what_somebody_still_reads_stays_in_the_log_and_is_brought_into_the_file_later() {
        let (directory, store) = store().await;
        let mut looking = beside(&directory).await;
        let mut reading = beside(&directory).await;
        sqlx::raw_sql("BEGIN; SELECT * FROM settings").execute(&mut reading).await.unwrap();
        for _ in 0..2 {
            write(&store, LOG_PAGES).await;
        }
        let pages = until(&mut looking, |pages| pages.log > LOG_PAGES).await;
        assert!(pages.in_file < CHUNK_PAGES, "{pages:?}");
        sqlx::raw_sql("COMMIT").execute(&mut reading).await.unwrap();
        write(&store, 1).await;
        until(&mut looking, |pages| pages.log == pages.in_file).await;
    }

    #[tokio::test]
    async fn a_store_that_is_closed_leaves_one_file_with_everything() {
        let (directory, store) = store().await;
        write(&store, CHUNK_PAGES * 2).await;
        store.close().await;
        let files = std::fs::read_dir(directory.path()).unwrap();
        let names: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
        assert_eq!(names, ["test.db"]);
    }
}
