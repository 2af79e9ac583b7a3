//! Brings the log of SQLite into the file beside the commits, by the same numbers as Frontdesk does.

use frontdesk::store::sqlite::checkpoint::{CHUNK_PAGES, FEW_PAGES, LOG_PAGES, LOOK_EVERY, MOST_LOG_PAGES};
use rusqlite::Connection;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the one who writes shall bring the last pages into the file, so that the log is begun anew.
pub type Wanted = Arc<AtomicBool>;

/// Looks at the log until the process ends, and takes the work from the connection that commits.
pub fn start(file: &Path, commits: &Connection) -> rusqlite::Result<Wanted> {
    commits.pragma_update(None, "wal_autocheckpoint", MOST_LOG_PAGES)?;
    let connection = Connection::open(file)?;
    let wanted = Wanted::default();
    let asks = wanted.clone();
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(LOOK_EVERY);
            if let Err(error) = look(&connection, &asks) {
                eprintln!("the reference's log cannot be brought into its file: {error}");
            }
        }
    });
    Ok(wanted)
}

fn look(connection: &Connection, wanted: &AtomicBool) -> rusqlite::Result<()> {
    let (mut log, mut left) = checkpoint(connection, "NOOP")?;
    if left >= CHUNK_PAGES {
        (log, left) = checkpoint(connection, "PASSIVE")?;
    }
    if log < LOG_PAGES || left == 0 {
        return Ok(());
    }
    if left > FEW_PAGES {
        (_, left) = checkpoint(connection, "PASSIVE")?;
    }
    wanted.store(left <= FEW_PAGES, Ordering::Relaxed);
    Ok(())
}

/// Pages of the log, and those of them that are not in the file yet.
pub fn checkpoint(connection: &Connection, mode: &str) -> rusqlite::Result<(i64, i64)> {
    connection.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |row| {
        let (log, in_file): (i64, i64) = (row.get(1)?, row.get(2)?);
        Ok((log, log - in_file))
    })
}
