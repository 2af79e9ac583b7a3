//! What SQLite itself can do: the same rows, written by one thread that has nothing else to do.

use frontdesk::store::sqlite::{WRITER_CACHE, schema};
use rusqlite::{Connection, params};
use std::path::Path;
use std::time::{Duration, Instant};

/// A row of the log.
pub const INSERT: &str = "INSERT INTO events (chat_id, seq, public, at, author, command_id, body) \
                          VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
/// The present state of a chat, as Frontdesk writes it beside its events.
const UPDATE: &str =
    "UPDATE chats SET status = ?2, agent_id = ?3, last_seq = ?4, updated_at = ?5, state = ?6 WHERE id = ?1";

/// As long as a message's row; and as the state of a chat with a visitor, an agent and a last message.
const BODY_BYTES: usize = 190;
const STATE_BYTES: usize = 620;
/// Chats that are written to in turn.
const CHATS_WRITTEN: i64 = 960;

/// When the log of SQLite has so many pages, 16 MB, a commit brings it into the file.
const WAL_PAGES: &str = "4000";

/// Opens a new file as Frontdesk does, with the same tables and indexes.
pub fn open(file: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(file)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "temp_store", "memory")?;
    connection
        .execute_batch(&format!("PRAGMA wal_autocheckpoint = {WAL_PAGES}; PRAGMA cache_size = {WRITER_CACHE}"))?;
    for sql in schema() {
        connection.execute_batch(sql)?;
    }
    // Rows are written as they are, without those who wrote them.
    connection.pragma_update(None, "foreign_keys", false)?;
    Ok(connection)
}

/// Messages per second with this many in each transaction: a row of the log each and, `with_state`, the chat's own.
pub fn messages_per_second(file: &Path, batch: usize, with_state: bool, time: Duration) -> rusqlite::Result<f64> {
    let _ = std::fs::remove_file(file);
    let connection = open(file)?;
    let (body, state) = ("x".repeat(BODY_BYTES), "x".repeat(STATE_BYTES));
    for chat in 0..CHATS_WRITTEN {
        connection.execute(
            "INSERT INTO chats (id, visitor_id, status, last_seq, updated_at, state) VALUES (?1, ?1, 'open', 0, 0, ?2)",
            params![chat, state],
        )?;
    }
    let mut insert = connection.prepare(INSERT)?;
    let mut update = connection.prepare(UPDATE)?;
    let began = Instant::now();
    let mut written = 0i64;
    while began.elapsed() < time {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for _ in 0..batch {
            let (chat, seq) = (written * 7 % CHATS_WRITTEN, written / CHATS_WRITTEN);
            let id = uuid::Uuid::now_v7();
            insert.execute(params![chat, seq, true, written, "visitor", id.as_bytes(), body])?;
            if with_state {
                update.execute(params![chat, "open", 1, seq, written, state])?;
            }
            written += 1;
        }
        connection.execute_batch("COMMIT")?;
    }
    Ok(written as f64 / began.elapsed().as_secs_f64())
}
