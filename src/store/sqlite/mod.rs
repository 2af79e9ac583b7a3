//! SQLite inside the binary: WAL, `synchronous=FULL`, one writer with group commit, a pool of readers.

mod blocks;
mod chats;
mod check;
pub mod checkpoint;
mod files;
mod leases;
mod log;
mod outbox;
mod pace;
mod pen;
mod people;
mod reader;
mod search;
mod settings;
mod sites;
mod tickets;
mod transaction;
mod writer;

pub use check::{Checked, Tell};
pub use reader::{Counts, KeptFile, SqliteReader};

use super::{Committed, StoreError};
use checkpoint::{Checkpoints, MOST_LOG_PAGES};
use pen::Pen;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use std::path::Path;
use std::time::Duration;
use tokio::sync::mpsc;

/// Whoever waits longer for a connection that reads is told that there is too much to do.
const READER_WITHIN: Duration = Duration::from_secs(5);
/// Prepared statements that the writer keeps: those of a batch are for different numbers of rows.
const WRITER_STATEMENTS: usize = 256;

/// Pages that the writer keeps in memory, as KiB: those that it changes again and again.
pub const WRITER_CACHE: &str = "-8000";

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// What makes an empty file one of this Frontdesk's, in order: for those who measure what SQLite itself can do with it.
pub fn schema() -> impl Iterator<Item = &'static str> {
    MIGRATIONS.iter().map(|migration| migration.sql.as_str())
}

/// The store in one SQLite file.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    readers: SqlitePool,
    /// Whoever has it writes.
    writer: Pen,
    commands: writer::Queue,
    checkpoints: Checkpoints,
}

impl SqliteStore {
    /// Opens the file, making it when there is none, and brings its schema up to date. Each commit is announced on
    /// `commits`, in order; a full channel slows the writer down.
    ///
    /// # Errors
    /// [`StoreError::NotOpened`], or [`StoreError::NewerSchema`] when the file is of a newer Frontdesk.
    pub async fn open(path: &Path, commits: mpsc::Sender<Committed>) -> Result<Self, StoreError> {
        let not_opened =
            |cause: sqlx::Error| StoreError::NotOpened { path: path.display().to_string(), cause: cause.to_string() };
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5))
            .foreign_keys(true)
            .pragma("temp_store", "memory");
        let writing = options
            .clone()
            .statement_cache_capacity(WRITER_STATEMENTS)
            .pragma("wal_autocheckpoint", MOST_LOG_PAGES)
            .pragma("cache_size", WRITER_CACHE);
        let mut writer = Pen::open(writing.clone()).await.map_err(not_opened)?;
        migrate(&writer).await?;
        if forget_statistics(&writer).await? {
            // A connection keeps those that it has read.
            writer.put_away().await;
            writer = Pen::open(writing).await.map_err(not_opened)?;
        }
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(READER_WITHIN)
            .idle_timeout(None)
            .max_lifetime(None)
            // A connection to a file does not go stale, and each test is a trip to its thread.
            .test_before_acquire(false)
            .connect_with(options.clone().read_only(true))
            .await
            .map_err(not_opened)?;
        let commands = writer::spawn(writer.clone(), commits);
        let checkpoints = Checkpoints::start(options, writer.clone());
        Ok(SqliteStore { readers, writer, commands, checkpoints })
    }

    /// Waits for what is being written and closes the file.
    pub async fn close(&self) {
        self.readers.close().await;
        // The last one to close the file brings all of the log into it.
        self.checkpoints.stop().await;
        self.writer.put_away().await;
    }
}

/// Forgets what SQLite once counted. Numbers from when the file was small make it walk through tables that have grown since,
/// and without any it takes the indexes that the statements are written for. Returns whether there was something.
async fn forget_statistics(writer: &Pen) -> Result<bool, StoreError> {
    let mut writer = writer.take().await?;
    let there = sqlx::query("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'");
    let there = there.fetch_optional(&mut *writer).await?;
    if there.is_some() {
        sqlx::query("DROP TABLE sqlite_stat1").execute(&mut *writer).await?;
    }
    Ok(there.is_some())
}

async fn migrate(writer: &Pen) -> Result<(), StoreError> {
    MIGRATIONS.run(&mut *writer.take().await?).await.map_err(|error| match error {
        MigrateError::VersionMissing(found) => StoreError::NewerSchema { found, known: SqliteStore::schema() },
        other => StoreError::Failed(format!("the schema cannot be brought up to date: {other}")),
    })
}

fn to_json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Failed(error.to_string()))
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        // The primary result codes of SQLite that mean that writing is impossible now.
        const READONLY: i32 = 8;
        const IOERR: i32 = 10;
        const FULL: i32 = 13;
        // A file that is there cannot be opened for writing, or the one beside it cannot be made.
        const CANTOPEN: i32 = 14;
        // Another process has locked the file for longer than anybody waits for it.
        const BUSY: i32 = 5;
        match &error {
            sqlx::Error::Database(cause) => {
                let code = cause.code().and_then(|code| code.parse::<i32>().ok()).map(|code| code & 0xff);
                match code {
                    Some(READONLY | IOERR | FULL | CANTOPEN) => StoreError::NotWritable(error.to_string()),
                    Some(BUSY) => StoreError::Busy,
                    _ => StoreError::Failed(error.to_string()),
                }
            }
            sqlx::Error::PoolClosed => StoreError::Closed,
            sqlx::Error::PoolTimedOut => StoreError::Busy,
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => StoreError::Corrupt(error.to_string()),
            _ => StoreError::Failed(error.to_string()),
        }
    }
}

#[cfg(test)]
impl SqliteStore {
    /// Nothing is written by anybody else while this is kept: a disk that hangs.
    pub async fn hang(&self) -> impl Sized + use<> {
        self.writer.take().await.expect("a turn")
    }

    /// The file may have no more than this many pages: a full disk.
    pub async fn limit_pages(&self, pages: u32) {
        let sql = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
        sqlx::query(sql).execute(&mut *self.writer.take().await.expect("a turn")).await.expect("the limit is set");
    }

    /// A lock of another process is waited for that long, in milliseconds.
    pub async fn wait_for_locks(&self, ms: u32) {
        let sql = sqlx::AssertSqlSafe(format!("PRAGMA busy_timeout = {ms}"));
        sqlx::query(sql).execute(&mut *self.writer.take().await.expect("a turn")).await.expect("it is set");
    }

    /// Counts what is there, as earlier versions did when they were stopped.
    pub async fn analyze(&self) {
        sqlx::query("ANALYZE").execute(&mut *self.writer.take().await.expect("a turn")).await.expect("it is counted");
    }

    /// How the first hit of a search finds its chat: SQLite's own words.
    pub async fn plan_of_hits(&self) -> Vec<String> {
        let sql = "EXPLAIN QUERY PLAN SELECT c.state FROM chat_search s CROSS JOIN chats c ON c.id = s.rowid \
                   WHERE chat_search MATCH 'a' ORDER BY s.rowid DESC";
        let rows = sqlx::query(sql).fetch_all(&self.readers).await.expect("there is a plan");
        rows.iter().map(|row| sqlx::Row::get(row, 3)).collect()
    }

    /// Makes a file as a Frontdesk made it whose last migration was this one.
    pub async fn create_as_of(path: &Path, version: i64) -> SqlitePool {
        let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.expect("the file is made");
        let known = MIGRATIONS.iter().filter(|migration| migration.version <= version).cloned().collect();
        Migrator::with_migrations(known).run(&pool).await.expect("the schema of then is made");
        pool
    }

    /// The numbers of all migrations.
    pub fn migrations() -> Vec<i64> {
        MIGRATIONS.iter().map(|migration| migration.version).collect()
    }

    /// Leaves the mark of a migration that this Frontdesk does not know.
    pub async fn pretend_newer(&self, version: i64) {
        sqlx::query(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES ($1, 'from the future', 1, x'00', 0)",
        )
        .bind(version)
        .execute(&mut *self.writer.take().await.expect("a turn"))
        .await
        .expect("the mark is left");
    }
}
