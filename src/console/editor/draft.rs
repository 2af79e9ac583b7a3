//! What an agent writes, kept in the browser.

use crate::model::text::RichText;
use crate::ui::browser::storage;
use leptos::prelude::*;

/// What an agent writes: a rich draft, kept in the browser's storage under its own key.
#[derive(Clone, Copy)]
pub struct RichDraft {
    pub text: RwSignal<RichText>,
    key: StoredValue<String>,
    /// Told when the text was not written in the editor.
    pub(super) replaced: Trigger,
}

impl RichDraft {
    /// The draft that was left under this key, or an empty one.
    pub fn open(key: String) -> Self {
        let kept = storage::get(&key).unwrap_or_default();
        // Earlier versions kept plain text.
        let text = serde_json::from_str(&kept).unwrap_or_else(|_| RichText::from_typed(&kept));
        RichDraft { text: RwSignal::new(text), key: StoredValue::new(key), replaced: Trigger::new() }
    }

    /// The draft is this now, in the editor too.
    pub fn set(&self, text: RichText) {
        self.keep(text);
        self.replaced.notify();
    }

    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        self.text.with_untracked(RichText::is_blank)
    }

    /// The draft is what the editor shows.
    pub(super) fn keep(&self, text: RichText) {
        self.key.with_value(|key| match serde_json::to_string(&text) {
            Ok(json) if !text.is_blank() => storage::set(key, &json),
            _ => storage::remove(key),
        });
        self.text.set(text);
    }
}
