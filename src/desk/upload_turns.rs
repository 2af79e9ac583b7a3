//! Turns of uploads: one at a time for each file, and few for each uploader, so that nobody takes all the room.

use crate::model::ids::{ChatId, FileId};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Uploads of one side of a chat at one time; our own pages run two.
const AT_ONCE: usize = 3;

#[derive(Default)]
struct Running {
    files: HashSet<FileId>,
    uploaders: HashMap<(ChatId, String), usize>,
}

/// The uploads that run now.
#[derive(Clone, Default)]
pub struct UploadTurns {
    running: Arc<Mutex<Running>>,
}

/// The turn of one upload; it ends when this is dropped.
pub struct UploadTurn {
    turns: UploadTurns,
    file: FileId,
    uploader: (ChatId, String),
}

impl UploadTurns {
    /// A turn for this file; nothing while the same one runs, or too many of the same uploader.
    pub fn take(&self, file: FileId, chat: ChatId, author: &str) -> Option<UploadTurn> {
        let uploader = (chat, author.to_owned());
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if running.files.contains(&file) || running.uploaders.get(&uploader).is_some_and(|count| *count >= AT_ONCE) {
            return None;
        }
        running.files.insert(file);
        *running.uploaders.entry(uploader.clone()).or_default() += 1;
        Some(UploadTurn { turns: self.clone(), file, uploader })
    }
}

impl Drop for UploadTurn {
    fn drop(&mut self) {
        let mut running = self.turns.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.files.remove(&self.file);
        if let Some(count) = running.uploaders.get_mut(&self.uploader) {
            *count -= 1;
            if *count == 0 {
                running.uploaders.remove(&self.uploader);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_file_comes_once_at_a_time_and_few_of_one_uploader() {
        let turns = UploadTurns::default();
        let take = |file: u128, author: &str| turns.take(FileId(Uuid::from_u128(file)), ChatId(1), author);
        let first = take(1, "visitor");
        assert!(first.is_some() && take(1, "visitor").is_none(), "the same file");
        let _others = (take(2, "visitor"), take(3, "visitor"));
        assert!(take(4, "visitor").is_none(), "too many");
        assert!(take(5, "agent:1").is_some(), "the other side is not held up");
        drop(first);
        assert!(take(4, "visitor").is_some());
    }
}
