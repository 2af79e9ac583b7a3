//! Group commit with nothing around it: a thread takes what waits, writes it in one transaction, commits once. What is
//! committed is told by another, while it writes what came meanwhile.

use super::checkpoint::{self, Wanted};
use super::{Queue, Rooms, publish};
use crate::raw;
use rusqlite::{Connection, Statement, params};
use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::Ordering;
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

/// Starts the thread on a fresh file, and the task that tells.
pub fn start(file: &Path, rooms: Rooms) -> rusqlite::Result<Committer> {
    let connection = raw::open(file)?;
    let wanted = checkpoint::start(file, &connection)?;
    let (sender, mut waiting) = mpsc::channel(QUEUE);
    let (committed, mut told) = mpsc::channel::<(Commit, i64)>(QUEUE);
    tokio::spawn(async move {
        while let Some((commit, seq)) = told.recv().await {
            publish(&rooms, &commit, seq);
        }
    });
    std::thread::spawn(move || {
        if let Err(error) = work(&connection, &wanted, &mut waiting, &committed) {
            eprintln!("the reference cannot write: {error}");
        }
    });
    Ok(sender)
}

fn work(
    connection: &Connection,
    wanted: &Wanted,
    waiting: &mut mpsc::Receiver<Commit>,
    committed: &mpsc::Sender<(Commit, i64)>,
) -> rusqlite::Result<()> {
    let mut insert = connection.prepare(raw::INSERT)?;
    let mut last: HashMap<i64, i64> = HashMap::new();
    let mut batch = Vec::with_capacity(BATCH);
    while waiting.blocking_recv_many(&mut batch, BATCH) > 0 {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        let numbers = write(&mut insert, &batch, &mut last)?;
        connection.execute_batch("COMMIT")?;
        if wanted.swap(false, Ordering::Relaxed) {
            checkpoint::checkpoint(connection, "PASSIVE")?;
        }
        for told in batch.drain(..).zip(numbers) {
            // Nobody is left to tell when the server stops.
            let _ = committed.blocking_send(told);
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
