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
}
