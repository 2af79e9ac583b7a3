//! Brings the log of SQLite into the file beside the commits, by the same rules as Frontdesk does.

use frontdesk::store::sqlite::checkpoint::{LOOK_EVERY, MOST_LOG_PAGES, PASSES, Pages};
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
    let mut pages = checkpoint(connection, "NOOP")?;
    for _ in 0..PASSES {
        if pages.are_many() {
            pages = checkpoint(connection, "PASSIVE")?;
        }
    }
    wanted.store(pages.are_the_last(), Ordering::Relaxed);
    Ok(())
}

/// What is in the log afterwards.
pub fn checkpoint(connection: &Connection, mode: &str) -> rusqlite::Result<Pages> {
    connection.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |row| {
        Ok(Pages { log: row.get(1)?, in_file: row.get(2)? })
    })
}
