//! SQLite inside the binary: WAL, `synchronous=FULL`, one writer with group commit, a pool of readers.

mod blocks;
mod chats;
mod check;
mod files;
mod leases;
mod log;
mod outbox;
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
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use std::path::Path;
use std::time::Duration;
use tokio::sync::mpsc;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// The store in one SQLite file.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    readers: SqlitePool,
    /// One connection: whoever holds it is the writer.
    writer: SqlitePool,
    commands: mpsc::Sender<writer::Request>,
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
        let mut writer = open_writer(&options).await.map_err(not_opened)?;
        migrate(&writer).await?;
        if forget_statistics(&writer).await.map_err(not_opened)? {
            // A connection keeps those that it has read.
            writer.close().await;
            writer = open_writer(&options).await.map_err(not_opened)?;
        }
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(options.read_only(true))
            .await
            .map_err(not_opened)?;
        let commands = writer::spawn(writer.clone(), commits);
        Ok(SqliteStore { readers, writer, commands })
    }

    /// Waits for what is being written and closes the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

async fn open_writer(options: &SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        // A connection to a file does not go stale, and each test is a trip to its thread.
        .test_before_acquire(false)
        .connect_with(options.clone())
        .await
}

/// Forgets what SQLite once counted. Numbers from when the file was small make it walk through tables that have grown since,
/// and without any it takes the indexes that the statements are written for. Returns whether there was something.
async fn forget_statistics(writer: &SqlitePool) -> Result<bool, sqlx::Error> {
    let there = sqlx::query("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'").fetch_optional(writer).await?;
    if there.is_some() {
        sqlx::query("DROP TABLE sqlite_stat1").execute(writer).await?;
    }
    Ok(there.is_some())
}

async fn migrate(writer: &SqlitePool) -> Result<(), StoreError> {
    MIGRATIONS.run(writer).await.map_err(|error| match error {
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
        match &error {
            sqlx::Error::Database(cause) => {
                let code = cause.code().and_then(|code| code.parse::<i32>().ok()).map(|code| code & 0xff);
                match code {
                    Some(READONLY | IOERR | FULL) => StoreError::NotWritable(error.to_string()),
                    _ => StoreError::Failed(error.to_string()),
                }
            }
            sqlx::Error::PoolClosed => StoreError::Closed,
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => StoreError::Corrupt(error.to_string()),
            _ => StoreError::Failed(error.to_string()),
        }
    }
}

#[cfg(test)]
impl SqliteStore {
    /// The file may have no more than this many pages: a full disk.
    pub async fn limit_pages(&self, pages: u32) {
        let sql = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
        sqlx::query(sql).execute(&self.writer).await.expect("the limit is set");
    }

    /// Counts what is there, as earlier versions did when they were stopped.
    pub async fn analyze(&self) {
        sqlx::query("ANALYZE").execute(&self.writer).await.expect("it is counted");
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
        .execute(&self.writer)
        .await
        .expect("the mark is left");
    }
}
