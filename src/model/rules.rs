//! What an admin may set: times and limits.

use super::Millis;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// The rules of this installation. Stored; fields are only ever added, each with a default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// After this many seconds without an answer the visitor may leave a message instead of waiting.
    pub answer_within_s: u32,
    /// After this many seconds without a connected console the chats of an agent go back to the queue.
    pub release_after_s: u32,
    /// The largest file, in megabytes of a million bytes.
    pub max_file_mb: u32,
    /// Most files in one message.
    pub max_files: u32,
}

/// What `answer_within_s` may be.
pub const ANSWER_WITHIN_S: RangeInclusive<u32> = 5..=3_600;
/// What `release_after_s` may be.
pub const RELEASE_AFTER_S: RangeInclusive<u32> = 5..=3_600;
/// What `max_file_mb` may be.
pub const MAX_FILE_MB: RangeInclusive<u32> = 1..=100;
/// What `max_files` may be.
pub const MAX_FILES: RangeInclusive<u32> = 1..=20;

impl Default for Rules {
    fn default() -> Self {
        Rules { answer_within_s: 60, release_after_s: 60, max_file_mb: 20, max_files: 10 }
    }
}

impl Rules {
    /// The largest file, in bytes.
    pub fn max_file_bytes(&self) -> u64 {
        u64::from(self.max_file_mb) * 1_000_000
    }

    /// How long an agent may be without a connected console, in milliseconds.
    pub fn release_after_ms(&self) -> Millis {
        Millis::from(self.release_after_s) * 1_000
    }

    /// Whether these may be set.
    ///
    /// # Errors
    /// A sentence that says what is accepted.
    pub fn check(&self) -> Result<(), String> {
        for (name, value, range) in [
            ("The time until a message can be left", self.answer_within_s, ANSWER_WITHIN_S),
            ("The time after which an absent agent's chats are given back", self.release_after_s, RELEASE_AFTER_S),
            ("The size of the largest file", self.max_file_mb, MAX_FILE_MB),
            ("The number of files in a message", self.max_files, MAX_FILES),
        ] {
            if !range.contains(&value) {
                return Err(format!("{name} can be from {} to {}.", range.start(), range.end()));
            }
        }
        Ok(())
    }
}
