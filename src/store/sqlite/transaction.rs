//! A write transaction on the one connection that writes.
//!
//! Not sqlx's own: when the disk is full SQLite rolls back by itself, sqlx's count of open transactions is then wrong for
//! ever, and the connection could never write again.

use super::pen::{Pen, Turn};
use crate::store::StoreError;
use sqlx::sqlite::{Sqlite, SqliteArguments, SqliteConnection, SqliteRow};
use std::ops::{Deref, DerefMut};

/// A statement with what is bound to it.
pub type Query<'q> = sqlx::query::Query<'q, Sqlite, SqliteArguments>;

/// A transaction that holds the write lock from its beginning. Dropped unfinished, it takes its connection with it, and
/// whoever writes next opens a new one.
pub struct WriteTransaction {
    turn: Turn,
    finished: bool,
}

impl WriteTransaction {
    /// Waits for its turn and takes the write lock.
    pub async fn begin(pen: &Pen) -> Result<Self, StoreError> {
        Ok(Self::begin_with(pen, sqlx::query("BEGIN IMMEDIATE")).await?.0)
    }

    /// The same with a question: `first` starts with `BEGIN IMMEDIATE;`, and the rows of what follows are returned. Each
    /// query is a trip to the connection's thread and back, so this saves one.
    pub async fn begin_with(pen: &Pen, first: Query<'_>) -> Result<(Self, Vec<SqliteRow>), StoreError> {
        // Guarded from here on: whoever gives up waiting for the lock must not leave a transaction open behind them.
        let mut transaction = WriteTransaction { turn: pen.take().await?, finished: false };
        match first.fetch_all(&mut *transaction.turn).await {
            Ok(rows) => Ok((transaction, rows)),
            Err(error) => {
                let error = StoreError::from(error);
                // A connection that was opened while the file could not be written stays so. Dropped, it is closed.
                if !matches!(error, StoreError::NotWritable(_)) {
                    transaction.abort().await;
                }
                Err(error)
            }
        }
    }

    /// Puts everything on disk.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.commit_with(sqlx::query("COMMIT")).await
    }

    /// Writes what is left, and puts everything on disk: `last` ends with `COMMIT`. Nothing is stored when any of it fails.
    pub async fn commit_with(mut self, last: Query<'_>) -> Result<(), StoreError> {
        match last.execute(&mut *self.turn).await {
            Ok(_) => {
                self.finished = true;
                Ok(())
            }
            Err(error) => {
                self.abort().await;
                Err(error.into())
            }
        }
    }

    /// Puts everything on disk when it went well, else undoes it.
    pub async fn finish<T, E: From<StoreError>>(self, outcome: Result<T, E>) -> Result<T, E> {
        match outcome {
            Ok(answer) => {
                self.commit().await?;
                Ok(answer)
            }
            Err(error) => {
                self.abort().await;
                Err(error)
            }
        }
    }

    /// Undoes everything.
    pub async fn abort(mut self) {
        // After some errors, a full disk among them, SQLite has rolled back already and says that there is nothing to do.
        let _ = sqlx::query("ROLLBACK").execute(&mut *self.turn).await;
        self.finished = true;
    }
}

impl Deref for WriteTransaction {
    type Target = SqliteConnection;
    fn deref(&self) -> &SqliteConnection {
        &self.turn
    }
}

impl DerefMut for WriteTransaction {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.turn
    }
}

impl Drop for WriteTransaction {
    fn drop(&mut self) {
        if !self.finished {
            self.turn.discard();
        }
    }
}
