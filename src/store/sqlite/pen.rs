//! The pen: the one connection that writes, and whose turn it is.
//!
//! Not a pool of one: that asks a connection after each use whether it is still there, which is a trip to its thread and
//! back for nothing, and gives it back on a task of its own.

use crate::store::StoreError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, Notify, OwnedMutexGuard};
use tokio::time::timeout;

/// Who waits for longer is told that there is too much to do.
const TURN_WITHIN: Duration = Duration::from_secs(10);

/// The one connection that writes. Cheap to clone; turns come in the order in which they were asked for.
#[derive(Clone)]
pub struct Pen {
    options: Arc<SqliteConnectOptions>,
    held: Arc<Mutex<Held>>,
    used: Arc<Notify>,
}

enum Held {
    Ready(Box<SqliteConnection>),
    /// The next turn opens another one.
    Lost,
    /// The store is closed.
    PutAway,
}

/// A turn with the pen: the connection, for as long as this is kept.
pub struct Turn {
    held: OwnedMutexGuard<Held>,
    /// Told when the turn is over.
    used: Option<Arc<Notify>>,
}

impl Pen {
    /// Opens the file for writing.
    pub async fn open(options: SqliteConnectOptions) -> Result<Self, sqlx::Error> {
        let held = Held::Ready(Box::new(options.connect().await?));
        Ok(Pen { options: Arc::new(options), held: Arc::new(Mutex::new(held)), used: Arc::default() })
    }

    /// Waits for its turn.
    ///
    /// # Errors
    /// [`StoreError::Busy`] after ten seconds, [`StoreError::Closed`], and what opening the file again says where the
    /// connection was lost.
    pub async fn take(&self) -> Result<Turn, StoreError> {
        let mut held = timeout(TURN_WITHIN, self.held.clone().lock_owned()).await.map_err(|_| StoreError::Busy)?;
        match *held {
            Held::Ready(_) => {}
            Held::Lost => *held = Held::Ready(Box::new(self.options.connect().await?)),
            Held::PutAway => return Err(StoreError::Closed),
        }
        Ok(Turn { held, used: Some(self.used.clone()) })
    }

    /// Waits until somebody has written, or might have, since this was last asked. For one who asks.
    pub async fn used(&self) {
        self.used.notified().await;
    }

    /// Waits for its turn, so that nobody writes meanwhile, and will not write either.
    ///
    /// # Errors
    /// As [`Self::take`].
    pub async fn hold(&self) -> Result<Turn, StoreError> {
        let mut turn = self.take().await?;
        turn.used = None;
        Ok(turn)
    }

    /// Waits for the one who writes, and closes the file.
    pub async fn put_away(&self) {
        if let Held::Ready(connection) = std::mem::replace(&mut *self.held.lock().await, Held::PutAway)
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the database could not be closed in good order");
        }
    }
}

impl Turn {
    /// Closes the connection, whatever it is doing, and with it a transaction that it has begun. The next turn opens
    /// another one.
    pub fn discard(&mut self) {
        *self.held = Held::Lost;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(used) = &self.used {
            used.notify_one();
        }
    }
}

impl Deref for Turn {
    type Target = SqliteConnection;
    fn deref(&self) -> &SqliteConnection {
        match &*self.held {
            Held::Ready(connection) => connection,
            Held::Lost | Held::PutAway => unreachable!("a turn has a connection until it discards it, and ends then"),
        }
    }
}

impl DerefMut for Turn {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        match &mut *self.held {
            Held::Ready(connection) => connection,
            Held::Lost | Held::PutAway => unreachable!("a turn has a connection until it discards it, and ends then"),
        }
    }
}

impl fmt::Debug for Pen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pen").finish_non_exhaustive()
    }
}
