//! What is being written: it outlives a reload.

use super::browser::storage;
use super::state::*;

/// A draft, kept in the browser's storage under its own key.
#[derive(Clone, Copy)]
pub struct Draft {
    pub text: RwSignal<String>,
    key: StoredValue<String>,
}

impl Draft {
    /// The draft that was left under this key, or an empty one.
    pub fn open(key: String) -> Self {
        let text = storage::get(&key).unwrap_or_default();
        Draft { text: RwSignal::new(text), key: StoredValue::new(key) }
    }

    /// The draft is this now.
    pub fn set(&self, text: String) {
        self.key.with_value(|key| if text.is_empty() { storage::remove(key) } else { storage::set(key, &text) });
        self.text.set(text);
    }

    /// Adds to the end of the draft.
    pub fn append(&self, more: &str) {
        self.set(self.text.get_untracked() + more);
    }

    /// Adds what was written elsewhere, on a line of its own.
    pub fn join(&self, more: &str) {
        let joined = joined(&self.text.get_untracked(), more);
        self.set(joined);
    }

    /// The draft, which is empty from now on.
    pub fn take(&self) -> String {
        let text = self.text.get_untracked();
        self.set(String::new());
        text
    }
}

/// What was written in two places, so that nothing of it is lost and nothing is there twice.
pub fn joined(before: &str, more: &str) -> String {
    if holds(before, more.trim()) {
        before.to_owned()
    } else if holds(more, before.trim()) {
        more.to_owned()
    } else {
        format!("{before}\n{more}")
    }
}

/// Whether `text` begins or ends with `part`: what was typed goes on at its end. Bytes, as the standard library's search in
/// texts is three kilobytes of every visitor's download.
fn holds(text: &str, part: &str) -> bool {
    let text = text.trim().as_bytes();
    text.starts_with(part.as_bytes()) || text.ends_with(part.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn what_is_joined_is_there_once() {
        for (before, more, both) in [
            ("", "", ""),
            (" ", "Hello", "Hello"),
            ("Hello", "\n", "Hello"),
            ("Hello", "Hello", "Hello"),
            ("Hello", "Hello, it is me", "Hello, it is me"),
            ("Hello, it is me", "it is me", "Hello, it is me"),
            ("Hello", "Are you there?", "Hello\nAre you there?"),
            ("A nokia, please", "ok", "A nokia, please\nok"),
        ] {
            assert_eq!(joined(before, more), both, "{before:?} and {more:?}");
        }
    }
}
