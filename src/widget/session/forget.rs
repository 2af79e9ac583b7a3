//! The website forgets its visitor, and so do we.

use super::{Session, TOKEN_KEY};
use crate::ui::browser::storage;
use crate::widget::host::ToHost;
use crate::widget::window;

/// All that a widget keeps in the browser begins with one of these. Where Frontdesk's own pages show the widget, the
/// console keeps things beside it.
const PREFIXES: [&str; 7] = [
    "frontdesk.draft.",
    "frontdesk.outbox.v",
    "frontdesk.waits.",
    "frontdesk.muted",
    "frontdesk.notify",
    "frontdesk.window",
    TOKEN_KEY,
];

impl Session {
    /// Removes what is kept of the visitor, keeps nothing more, and says when that is done: then the frame can go.
    pub(super) fn forget(self) {
        window::close(&PREFIXES);
        storage::forget(&PREFIXES);
        self.host.tell(ToHost::Forgotten);
    }
}
