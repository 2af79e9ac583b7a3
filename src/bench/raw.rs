//! What SQLite itself can do: the same rows, written by one thread that has nothing else to do.

use rusqlite::{Connection, params};
use std::path::Path;
use std::time::{Duration, Instant};

/// The table of events, as Frontdesk has it.
pub const EVENTS: &str = "CREATE TABLE events (chat_id INTEGER NOT NULL, seq INTEGER NOT NULL, public INTEGER NOT NULL, \
                          at INTEGER NOT NULL, author TEXT NOT NULL, command_id BLOB, body TEXT NOT NULL, \
                          PRIMARY KEY (chat_id, seq)) STRICT, WITHOUT ROWID; \
                          CREATE UNIQUE INDEX events_by_command ON events (command_id) WHERE command_id IS NOT NULL;";
/// A row of it.
pub const INSERT: &str = "INSERT INTO events (chat_id, seq, public, at, author, command_id, body) \
                          VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
/// The present state of a chat, as Frontdesk writes it beside its events.
const CHATS: &str = "CREATE TABLE chats (id INTEGER PRIMARY KEY, last_seq INTEGER NOT NULL, updated_at INTEGER NOT NULL, \
                     state TEXT NOT NULL) STRICT; CREATE INDEX chats_by_change ON chats (updated_at, id);";
const UPDATE: &str = "UPDATE chats SET last_seq = ?2, updated_at = ?3, state = ?4 WHERE id = ?1";

/// As long as a message's row; and as the state of a chat with a visitor, an agent and a last message.
const BODY_BYTES: usize = 190;
const STATE_BYTES: usize = 620;
/// Chats that are written to in turn.
const CHATS_WRITTEN: i64 = 960;

/// Opens a file as Frontdesk does.
pub fn open(file: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(file)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "temp_store", "memory")?;
    Ok(connection)
}

/// Messages per second with this many in each transaction: a row of the log each and, `with_state`, the chat's own.
pub fn messages_per_second(file: &Path, batch: usize, with_state: bool, time: Duration) -> rusqlite::Result<f64> {
    let _ = std::fs::remove_file(file);
    let connection = open(file)?;
    connection.execute_batch(EVENTS)?;
    connection.execute_batch(CHATS)?;
    let (body, state) = ("x".repeat(BODY_BYTES), "x".repeat(STATE_BYTES));
    for chat in 0..CHATS_WRITTEN {
        connection.execute("INSERT INTO chats VALUES (?1, 0, 0, ?2)", params![chat, state])?;
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
                update.execute(params![chat, seq, written, state])?;
            }
            written += 1;
        }
        connection.execute_batch("COMMIT")?;
    }
    Ok(written as f64 / began.elapsed().as_secs_f64())
}
