//! Visitors who read their chat without a connection: they are there for as long as they ask again and again.

use crate::model::ids::ChatId;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Who has not asked for this long is gone. Their browsers ask every 20 s at least.
const GONE_AFTER: Duration = Duration::from_secs(45);

/// Until when those who read are there.
#[derive(Default)]
pub struct Readers {
    until: Mutex<HashMap<ChatId, Instant>>,
}

impl Readers {
    /// A chat was read. Returns whether nobody was there before.
    pub fn note(&self, chat: ChatId, now: Instant) -> bool {
        self.lock().insert(chat, now + GONE_AFTER).is_none()
    }

    /// When to look again whether the reader of this chat is still there; nothing once they are gone, which forgets them.
    pub fn look(&self, chat: ChatId, now: Instant) -> Option<Instant> {
        let mut readers = self.lock();
        let until = readers.get(&chat).copied().filter(|until| *until > now);
        if until.is_none() {
            readers.remove(&chat);
        }
        until
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ChatId, Instant>> {
        self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_is_there_until_they_have_not_asked_for_a_while() {
        let (readers, chat, now) = (Readers::default(), ChatId(1), Instant::now());
        assert!(readers.note(chat, now));
        assert_eq!(readers.look(chat, now), Some(now + GONE_AFTER));
        let later = now + GONE_AFTER / 2;
        assert!(!readers.note(chat, later));
        assert_eq!(readers.look(chat, now + GONE_AFTER), Some(later + GONE_AFTER));
        assert_eq!(readers.look(chat, later + GONE_AFTER), None);
        assert!(readers.note(chat, later + GONE_AFTER));
    }
}
