//! A database file that is only read: beside a running server, or a copy of one.

use super::{MIGRATIONS, SqliteStore};
use crate::model::ids::{FileId, PhotoId};
use crate::store::StoreError;
use serde::{Deserialize, Serialize};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _, Row};
use std::path::Path;
use std::time::Duration;

/// One connection that cannot write. It waits for nobody and nobody waits for it.
pub struct SqliteReader {
    pub(super) connection: SqliteConnection,
}

/// How much there is in a database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub chats: i64,
    pub events: i64,
    pub tickets: i64,
    /// Files whose bytes are stored.
    pub files: i64,
}

/// A file whose bytes should be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptFile {
    pub id: FileId,
    pub chat: i64,
    pub name: String,
    /// In bytes.
    pub size: u64,
    /// A message has it. Others may be forgotten at any time.
    pub attached: bool,
}

impl SqliteReader {
    /// Opens a file that is there. It is not changed, not even to bring its schema up to date.
    ///
    /// # Errors
    /// [`StoreError::NotOpened`] when it is missing or no database of Frontdesk, [`StoreError::NewerSchema`].
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let not_opened = |cause: String| StoreError::NotOpened { path: path.display().to_string(), cause };
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(false)
            .read_only(true)
            .busy_timeout(Duration::from_secs(5))
            .pragma("temp_store", "memory");
        let connection = options.connect().await.map_err(|error| not_opened(error.to_string()))?;
        let mut reader = SqliteReader { connection };
        match reader.schema().await {
            Ok(found) if found > SqliteStore::schema() => {
                Err(StoreError::NewerSchema { found, known: SqliteStore::schema() })
            }
            Ok(_) => Ok(reader),
            Err(error) => Err(not_opened(error.to_string())),
        }
    }

    /// The number of the last migration that it has seen.
    pub async fn schema(&mut self) -> Result<i64, StoreError> {
        let row = sqlx::query("SELECT coalesce(max(version), 0) FROM _sqlx_migrations")
            .fetch_one(&mut self.connection)
            .await?;
        Ok(row.get(0))
    }

    /// Copies all that is committed at this moment into a new file, and syncs it.
    ///
    /// By `VACUUM INTO`, which reads in one transaction: writers go on meanwhile, and their commits are not in the copy.
    /// SQLite's other way, the online backup, begins anew whenever another connection writes, and so might never end
    /// beside a busy server. The copy also has none of the pages in which deleted rows linger.
    ///
    /// # Errors
    /// [`StoreError::NotWritable`] when there is no room.
    pub async fn copy_to(&mut self, target: &Path) -> Result<(), StoreError> {
        let name = target.to_str().ok_or_else(|| StoreError::Failed(format!("{} is no text", target.display())))?;
        sqlx::query("VACUUM INTO $1").bind(name).execute(&mut self.connection).await?;
        let synced = std::fs::File::open(target).and_then(|file| file.sync_all());
        synced.map_err(|error| StoreError::NotWritable(error.to_string()))
    }

    /// How much there is.
    pub async fn counts(&mut self) -> Result<Counts, StoreError> {
        Ok(Counts {
            chats: self.count("chats", "SELECT count(*) FROM chats").await?,
            events: self.count("events", "SELECT count(*) FROM events").await?,
            tickets: self.count("tickets", "SELECT count(*) FROM tickets").await?,
            files: self.count("files", "SELECT count(*) FROM files WHERE stored = 1").await?,
        })
    }

    async fn count(&mut self, table: &str, sql: &'static str) -> Result<i64, StoreError> {
        if !self.has(table).await? {
            return Ok(0);
        }
        Ok(sqlx::query(sql).fetch_one(&mut self.connection).await?.get(0))
    }

    /// Whether there is such a table: a file of an earlier Frontdesk has not all of them.
    async fn has(&mut self, table: &str) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = $1)")
            .bind(table)
            .fetch_one(&mut self.connection)
            .await?;
        Ok(row.get(0))
    }

    /// Files whose bytes should be there, by id, after this one, at most `limit`.
    pub async fn files(&mut self, after: Option<FileId>, limit: u32) -> Result<Vec<KeptFile>, StoreError> {
        if !self.has("files").await? {
            return Ok(Vec::new());
        }
        let rows = sqlx::query(
            "SELECT id, chat_id, name, size, attached FROM files WHERE stored = 1 AND id > $1 ORDER BY id LIMIT $2",
        )
        .bind(after.map_or(Vec::new(), |id| id.0.as_bytes().to_vec()))
        .bind(limit)
        .fetch_all(&mut self.connection)
        .await?;
        let files = rows.iter().map(|row| KeptFile {
            id: FileId(row.get(0)),
            chat: row.get(1),
            name: row.get(2),
            size: row.get::<i64, _>(3).max(0).unsigned_abs(),
            attached: row.get(4),
        });
        Ok(files.collect())
    }

    /// The photos of agents, each with whose it is.
    pub async fn photos(&mut self) -> Result<Vec<(PhotoId, String)>, StoreError> {
        let row = sqlx::query("SELECT EXISTS (SELECT 1 FROM pragma_table_info('agents') WHERE name = 'photo')")
            .fetch_one(&mut self.connection)
            .await?;
        if !row.get::<bool, _>(0) {
            return Ok(Vec::new());
        }
        let rows = sqlx::query("SELECT photo, name FROM agents WHERE photo IS NOT NULL ORDER BY id")
            .fetch_all(&mut self.connection)
            .await?;
        Ok(rows.iter().map(|row| (PhotoId(row.get(0)), row.get(1))).collect())
    }

    /// Whether an agent still has this photo.
    pub async fn keeps_photo(&mut self, id: PhotoId) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT EXISTS (SELECT 1 FROM agents WHERE photo = $1)")
            .bind(id.0)
            .fetch_one(&mut self.connection)
            .await?;
        Ok(row.get(0))
    }

    /// Whether this file is still one whose bytes should be there.
    pub async fn keeps(&mut self, id: FileId) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT EXISTS (SELECT 1 FROM files WHERE id = $1 AND stored = 1)")
            .bind(id.0)
            .fetch_one(&mut self.connection)
            .await?;
        Ok(row.get(0))
    }

    /// Lets go of the file.
    pub async fn close(self) {
        // Nothing was written: there is nothing to lose.
        let _ = self.connection.close().await;
    }
}

impl SqliteStore {
    /// The number of the last migration that this Frontdesk knows.
    pub fn schema() -> i64 {
        MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
    }
}
