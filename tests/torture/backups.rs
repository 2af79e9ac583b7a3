//! Backups made by the real binary beside the running server, also when that is killed meanwhile.

use crate::ledger::Ledger;
use crate::server::{Server, frontdesk};
use crate::verdict::{Kept, read};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::process::Output;
use tokio::task::JoinHandle;

/// Backups that are kept for the comparison at the end.
const MOST: usize = 4;

pub struct Backups {
    place: PathBuf,
    made: Vec<Made>,
}

struct Made {
    archive: PathBuf,
    /// The last event of each chat that was acknowledged before it began.
    acked: HashMap<i64, i64>,
}

/// A backup that is being made.
pub struct Making {
    made: Made,
    running: JoinHandle<Output>,
}

impl Backups {
    /// Kept in this directory.
    pub fn new(place: &Path) -> Self {
        Backups { place: place.to_owned(), made: Vec::new() }
    }

    /// Begins one, unless there are enough.
    pub fn begin(&self, server: &Server, ledger: &Ledger) -> Option<Making> {
        if self.made.len() == MOST {
            return None;
        }
        let archive = self.place.join(format!("{}.tar", self.made.len()));
        let acked = ledger.acked_so_far();
        let mut backup = server.command(&["backup", &archive.to_string_lossy()]);
        let running = tokio::task::spawn_blocking(move || backup.output().expect("it runs"));
        Some(Making { made: Made { archive, acked }, running })
    }

    /// Waits until it is whole.
    pub async fn end(&mut self, making: Making, ledger: &Ledger) {
        let output = making.running.await.expect("a thread");
        match output.status.success() {
            true => self.made.push(making.made),
            false => ledger.broken(format!("A backup was not made: {}", String::from_utf8_lossy(&output.stderr))),
        }
    }

    /// Restores each and holds it against what was acknowledged before it began, and against the disk; returns how many
    /// there were.
    pub async fn judge(&self, kept: &BTreeMap<i64, Kept>, broken: &mut Vec<String>) -> usize {
        for made in &self.made {
            let name = made.archive.display();
            let data = made.archive.with_extension("restored");
            for arguments in [&["restore", &made.archive.to_string_lossy()][..], &["check"]] {
                let done = frontdesk(&data, arguments).output().expect("it runs");
                if !done.status.success() {
                    let said = [done.stdout, done.stderr].concat();
                    broken.push(format!("{arguments:?} of {name}: {}", String::from_utf8_lossy(&said)));
                }
            }
            let restored = read(&data, kept.keys().next_back().copied().unwrap_or(0)).await;
            for (chat, last) in &made.acked {
                let there = restored.get(chat).map_or(0, |chat| chat.log.len() as i64);
                if there < *last {
                    broken.push(format!("{name} has {there} events of chat {chat}, where {last} were acknowledged."));
                }
            }
            for (chat, restored) in &restored {
                let whole = kept.get(chat).map_or(&[][..], |kept| &kept.log);
                if !whole.starts_with(&restored.log) {
                    broken.push(format!("Chat {chat} of {name} is not the beginning of the one on disk."));
                }
            }
        }
        self.made.len()
    }
}
