//! Read means seen (M3): a message counts as read when it was inside the viewport of a visible, focused window. What was
//! scrolled past unseen stays unread.

use super::browser::{document, has_attention};
use super::conversation::Followed;
use super::state::*;
use crate::model::chat::{Seq, Side};

/// How much of a message must be inside, at least, in pixels; of a shorter one all but a little.
const ENOUGH_PX: f64 = 24.0;

/// What one side has seen of the other's messages in this window.
#[derive(Clone, Copy)]
pub struct Seen {
    followed: Followed,
    side: Side,
    seen: StoredValue<Vec<Seq>>,
    /// The newest number that was told.
    told: StoredValue<Seq>,
}

impl Seen {
    pub fn new(followed: Followed, side: Side) -> Self {
        Seen { followed, side, seen: StoredValue::new(Vec::new()), told: StoredValue::new(0) }
    }

    /// Looks which unread messages are inside `log` now, and returns how far all are seen, if that is news.
    pub fn look(&self, log: &web_sys::Element) -> Option<Seq> {
        if !has_attention() {
            return None;
        }
        let unread = self.followed.chat.with_untracked(|chat| chat.receipts(self.side).unread.clone());
        if unread.is_empty() {
            return None;
        }
        let view = log.get_bounding_client_rect();
        let mut up_to = None;
        let mut gap = false;
        // The log may be gone by now: a look comes after a frame.
        self.seen.try_update_value(|seen| {
            seen.retain(|seq| unread.contains(seq));
            for seq in &unread {
                if !seen.contains(seq) && is_inside(*seq, &view) {
                    seen.push(*seq);
                }
                if seen.contains(seq) && !gap {
                    up_to = Some(*seq);
                } else {
                    gap = true;
                }
            }
        });
        let told = self.told.try_get_value()?;
        let up_to = up_to.filter(|seq| *seq > told)?;
        self.told.set_value(up_to);
        Some(up_to)
    }

    /// What was told did not arrive: it may be told again.
    pub fn forget(&self) {
        let _ = self.told.try_set_value(0);
    }
}

fn is_inside(seq: Seq, view: &web_sys::DomRect) -> bool {
    let Some(message) = document().get_element_by_id(&element_id(seq)) else { return false };
    let rect = message.get_bounding_client_rect();
    let inside = rect.bottom().min(view.bottom()) - rect.top().max(view.top());
    rect.height() > 0.0 && inside >= ENOUGH_PX.min(rect.height() * 0.75)
}

/// The id of a message's element.
pub fn element_id(seq: Seq) -> String {
    format!("m{seq}")
}
