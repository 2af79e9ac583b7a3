//! Files that are stored and not sent yet. They outlive a reload, as what is typed does: the browser keeps their names,
//! and the server the files themselves, for a day.

use super::Open;
use crate::model::attachment::Attachment;
use crate::model::json::{read, write};
use crate::ui::browser::storage;
use crate::ui::files::Link;
use crate::ui::state::*;

/// What the key of a draft ends with for the files that go with it.
pub(super) const FILES: &str = ".files";

/// The files that are kept as this.
pub(super) fn listed(kept: &str) -> Vec<Attachment> {
    read(kept).unwrap_or_default()
}

/// Puts back into the tray what an earlier page left under this key, and keeps there what is in the tray from now on.
pub(super) fn keep(open: Open, key: String) {
    let left = storage::get(&key).map(|kept| listed(&kept)).unwrap_or_default();
    let ids: Vec<_> = left.iter().map(|file| file.id).collect();
    for id in &ids {
        // Which of them there still are, the links tell.
        open.links.of(*id);
    }
    open.uploads.put_back(left.clone());
    let kept = StoredValue::new(left);
    watch(move || {
        open.uploads.items.with(|_| ());
        open.uploads.leave_out(|id| ids.contains(&id) && open.links.known(id) == Some(Link::Gone));
        let stored = open.uploads.stored();
        if kept.with_value(|kept| *kept == stored) {
            return;
        }
        if stored.is_empty() {
            storage::remove(&key);
        } else {
            storage::set(&key, &write(&stored));
        }
        kept.set_value(stored);
    });
}
