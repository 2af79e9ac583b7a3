//! What was asked of the server and not answered yet: asked again, it has the same id, so that it is done once.

use crate::model::ids::CommandId;
use crate::ui::browser::{command_id, storage};
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The last try, kept in the browser's storage so that it outlives a reload. Copied freely.
pub struct Attempt<T: 'static> {
    key: StoredValue<String>,
    last: StoredValue<Option<(T, CommandId)>>,
}

// Derived, these would ask the same of the content.
impl<T: 'static> Clone for Attempt<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: 'static> Copy for Attempt<T> {}

impl<T> Attempt<T>
where
    T: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    /// The last try for the draft with this key.
    pub fn open(draft: &str) -> Self {
        let key = key_of(draft);
        let last = storage::get(&key).and_then(|json| serde_json::from_str(&json).ok());
        Attempt { key: StoredValue::new(key), last: StoredValue::new(last) }
    }

    /// The id for this content: that of the last try when it is the same.
    pub fn id(&self, content: &T) -> CommandId {
        let known = self.last.with_value(|last| last.as_ref().filter(|(tried, _)| tried == content).map(|(_, id)| *id));
        known.unwrap_or_else(|| {
            let new = (content.clone(), command_id());
            if let Ok(json) = serde_json::to_string(&new) {
                self.key.with_value(|key| storage::set(key, &json));
            }
            let id = new.1;
            self.last.set_value(Some(new));
            id
        })
    }

    /// It was answered: the next one is another.
    pub fn settle(&self) {
        if let Some(key) = self.key.try_get_value() {
            storage::remove(&key);
            self.last.set_value(None);
        }
    }
}

/// Forgets a draft that was sent, with its last try, although its page is gone.
pub fn forget(draft: &str) {
    storage::remove(draft);
    storage::remove(&key_of(draft));
}

fn key_of(draft: &str) -> String {
    format!("{draft}.sent")
}
