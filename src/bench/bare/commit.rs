//! Group commit with nothing around it: a thread takes what waits, writes it in one transaction, commits once.

use super::{Queue, Rooms, publish};
use crate::raw::{self, EVENTS};
use rusqlite::{Connection, Statement, params};
use std::collections::HashMap;
use std::path::Path;
use tokio::sync::mpsc;
use uuid::Uuid;

/// Messages that may wait; and those in one transaction.
const QUEUE: usize = 4_096;
const BATCH: usize = 256;

/// A message on its way to the disk.
pub struct Commit {
    pub room: i64,
    pub id: Uuid,
    pub text: String,
    /// Who is told when it is there.
    pub writer: Queue,
}

pub type Committer = mpsc::Sender<Commit>;

/// Starts the thread on a fresh file.
pub fn start(file: &Path, rooms: Rooms) -> rusqlite::Result<Committer> {
    let connection = raw::open(file)?;
    connection.execute_batch(EVENTS)?;
    let (sender, mut waiting) = mpsc::channel(QUEUE);
    std::thread::spawn(move || {
        if let Err(error) = work(&connection, &mut waiting, &rooms) {
            eprintln!("the reference cannot write: {error}");
        }
    });
    Ok(sender)
}

fn work(connection: &Connection, waiting: &mut mpsc::Receiver<Commit>, rooms: &Rooms) -> rusqlite::Result<()> {
    let mut insert = connection.prepare(raw::INSERT)?;
    let mut last: HashMap<i64, i64> = HashMap::new();
    let mut batch = Vec::with_capacity(BATCH);
    while waiting.blocking_recv_many(&mut batch, BATCH) > 0 {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        let numbers = write(&mut insert, &batch, &mut last)?;
        connection.execute_batch("COMMIT")?;
        for (commit, seq) in batch.drain(..).zip(numbers) {
            publish(rooms, &commit, seq);
        }
    }
    Ok(())
}

fn write(insert: &mut Statement, batch: &[Commit], last: &mut HashMap<i64, i64>) -> rusqlite::Result<Vec<i64>> {
    let mut numbers = Vec::with_capacity(batch.len());
    for Commit { room, id, text, .. } in batch {
        let seq = last.entry(*room).or_default();
        *seq += 1;
        let seq = *seq;
        numbers.push(seq);
        let body = format!(r#"["visitor",{{"type":"message","text":[{{"paragraph":"{text}"}}]}}]"#);
        insert.execute(params![room, seq, true, 1_790_000_000_000i64, "visitor", id.as_bytes(), body])?;
    }
    Ok(numbers)
}
