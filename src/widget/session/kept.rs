//! What is filled in and not sent yet. It outlives a reload: the browser keeps it under a name of the visitor's own, so
//! that whoever comes after them does not find it.

use super::forms::Filled;
use crate::model::ids::CommandId;
use crate::model::json::{objects, read, write, written};
use crate::ui::browser::{command_id, storage};
use crate::ui::draft::joined;
use crate::ui::state::*;

/// What is filled in for one form. Copied freely.
#[derive(Clone, Copy)]
pub struct Kept {
    record: StoredValue<Record>,
    /// Under what the browser keeps it; before it is known whose it is, only this page does.
    key: StoredValue<Option<String>>,
}

/// As the browser keeps it.
#[derive(Clone, Default, PartialEq)]
struct Record {
    filled: Filled,
    attempt: Option<Attempt>,
}

/// A command that was sent with these words. The same words keep it, however often they are sent.
#[derive(Clone, PartialEq)]
struct Attempt {
    id: CommandId,
    words: Filled,
    /// They were to be left as a message, not to start a chat.
    leaves: bool,
    /// There was no answer yet, and they are as they were: it is sent again by itself.
    waits: bool,
}

objects! {
    Record { attempt; filled }
    Attempt { id, words, leaves, waits }
}

written! {
    Record { filled, attempt }
    Attempt { id, words, leaves, waits }
}

impl Kept {
    /// Nothing, of a visitor who is not known yet.
    pub fn new() -> Self {
        Kept { record: StoredValue::new(Record::default()), key: StoredValue::new(None) }
    }

    /// It is known whose it is: beside what was filled in until now comes what an earlier page left.
    pub fn open(self, key: String) {
        let left: Record = storage::get(&key).and_then(|json| read(&json)).unwrap_or_default();
        self.key.set_value(Some(key));
        self.change(|record| {
            let filled = &mut record.filled;
            for (now, before) in [(&mut filled.name, left.filled.name), (&mut filled.email, left.filled.email)] {
                if now.is_empty() {
                    *now = before;
                }
            }
            filled.department = filled.department.or(left.filled.department);
            filled.message = joined(&left.filled.message, &filled.message);
            record.attempt = record.attempt.take().or(left.attempt);
        });
    }

    /// What is filled in now.
    pub fn filled(self) -> Filled {
        self.record.with_value(|record| record.filled.clone())
    }

    /// Takes in what was filled in or changed. What waits to be sent again waits no longer when it is other words now.
    pub fn fill(self, change: impl FnOnce(&mut Filled)) {
        self.change(|record| change(&mut record.filled));
    }

    /// These words are sent now: under which id, and what they are.
    pub fn begin(self, leaves: bool) -> (CommandId, Filled) {
        let words = self.filled();
        let before = self.record.with_value(|record| record.attempt.clone());
        let id = before.filter(|before| before.words == words).map_or_else(command_id, |before| before.id);
        let attempt = Attempt { id, words: words.clone(), leaves, waits: true };
        self.change(|record| record.attempt = Some(attempt));
        (id, words)
    }

    /// Whether what is filled in waits to be sent again, and then whether it is to be left as a message.
    pub fn waits(self) -> Option<bool> {
        self.record.with_value(|record| record.attempt.as_ref().filter(|one| one.waits).map(|one| one.leaves))
    }

    /// These words were sent under this id, and nobody heard whether they arrived.
    pub fn attempt(self) -> Option<(CommandId, Filled)> {
        self.record.with_value(|record| record.attempt.as_ref().map(|one| (one.id, one.words.clone())))
    }

    /// It is not sent again by itself.
    pub fn stop(self) {
        self.change(|record| {
            if let Some(attempt) = &mut record.attempt {
                attempt.waits = false;
            }
        });
    }

    /// The words that were sent with one of these commands arrived, though nobody was there to hear it. Says whether.
    pub fn settle(self, commands: &[CommandId]) -> bool {
        let attempt = self.record.with_value(|record| record.attempt.clone());
        let arrived = attempt.filter(|attempt| commands.contains(&attempt.id));
        if let Some(attempt) = &arrived {
            self.sent(&attempt.words);
        }
        arrived.is_some()
    }

    /// These words have arrived. What was typed since stays; name and email are for the next form of this page.
    pub fn sent(self, words: &Filled) {
        self.change(|record| {
            record.attempt = None;
            record.filled.department = None;
            let message = &mut record.filled.message;
            *message = message.strip_prefix(&words.message).unwrap_or(message).trim_start().to_owned();
        });
        if self.record.with_value(|record| record.filled.message.is_empty()) {
            self.remove();
        }
    }

    /// Name and email are for the next form of this page, and for no other.
    pub fn know(self, Filled { name, email, .. }: Filled) {
        self.record.update_value(|Record { filled, .. }| (filled.name, filled.email) = (name, email));
    }

    /// What stands in it as the message, which goes elsewhere.
    pub fn take_message(self) -> String {
        let message = self.record.with_value(|record| record.filled.message.clone());
        self.sent(&self.filled());
        message
    }

    fn change(self, change: impl FnOnce(&mut Record)) {
        let before = self.record.get_value();
        self.record.update_value(change);
        self.changed(&before);
    }

    fn changed(self, before: &Record) {
        self.record.update_value(|record| {
            if let Some(attempt) = &mut record.attempt {
                attempt.waits &= attempt.words == record.filled;
            }
        });
        let now = self.record.get_value();
        if now == *before {
            return;
        }
        if now == Record::default() {
            return self.remove();
        }
        if let Some(key) = self.key.get_value() {
            storage::set(&key, &write(&now));
        }
    }

    fn remove(self) {
        if let Some(key) = self.key.get_value() {
            storage::remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::DepartmentId;

    #[test]
    fn what_is_kept_is_found_again() {
        let filled = Filled {
            name: "Vera".into(),
            email: "vera@".into(),
            department: Some(DepartmentId(3)),
            message: "Do you\n\"ship\"?".into(),
        };
        let id = CommandId::from_parts(1_700_000_000_000, [7; 10]);
        let attempt = Attempt { id, words: filled.clone(), leaves: true, waits: true };
        for record in [
            Record::default(),
            Record { filled: filled.clone(), attempt: None },
            Record { filled, attempt: Some(attempt) },
        ] {
            let json = write(&record);
            assert!(read::<Record>(&json).is_some_and(|found| found == record), "{json}");
        }
        assert!(read::<Record>("Earlier versions kept plain text").is_none());
    }
}
