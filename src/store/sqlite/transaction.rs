//! A write transaction on the one connection that writes.
//!
//! Not sqlx's own: when the disk is full SQLite rolls back by itself, sqlx's count of open transactions is then wrong for
//! ever, and the connection could never write again.

use crate::store::StoreError;
use sqlx::SqlitePool;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{Sqlite, SqliteConnection};
use std::ops::{Deref, DerefMut};

/// A transaction that holds the write lock from its beginning. Dropped unfinished, it takes its connection with it, and
/// the pool makes a new one.
pub struct WriteTransaction {
    connection: PoolConnection<Sqlite>,
    finished: bool,
}

impl WriteTransaction {
    /// Waits for its turn and takes the write lock.
    pub async fn begin(pool: &SqlitePool) -> Result<Self, StoreError> {
        // Guarded from here on: whoever gives up waiting for the lock must not leave a transaction open behind them.
        let mut transaction = WriteTransaction { connection: pool.acquire().await?, finished: false };
        match sqlx::query("BEGIN IMMEDIATE").execute(&mut *transaction.connection).await {
            Ok(_) => Ok(transaction),
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
    pub async fn commit(mut self) -> Result<(), StoreError> {
        match sqlx::query("COMMIT").execute(&mut *self.connection).await {
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
        let _ = sqlx::query("ROLLBACK").execute(&mut *self.connection).await;
        self.finished = true;
    }
}

impl Deref for WriteTransaction {
    type Target = SqliteConnection;
    fn deref(&self) -> &SqliteConnection {
        &self.connection
    }
}

impl DerefMut for WriteTransaction {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}

impl Drop for WriteTransaction {
    fn drop(&mut self) {
        if !self.finished {
            self.connection.close_on_drop();
        }
    }
}
