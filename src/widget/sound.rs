//! The visitor hears a knock when an agent writes and nobody looks, unless it is muted. That is remembered.

use super::dom::{El, button};
use super::parts::icon;
use super::session::Session;
use crate::ui::browser::{has_attention, storage};
use crate::ui::icon::Shape;
use crate::ui::sound::{KNOCK, play};
use crate::ui::state::*;
use crate::ui::words::t;

const MUTED_KEY: &str = "frontdesk.muted";
/// Of 1.
const VOLUME: f64 = 0.6;

/// Whether it was muted on an earlier page.
pub fn was_muted() -> bool {
    storage::get(MUTED_KEY).is_some()
}

/// A message of an agent came.
pub fn knock(session: Session) {
    let looks = session.visible.get_untracked() && has_attention();
    if !looks && !session.muted.get_untracked() {
        play(KNOCK, VOLUME);
    }
}

/// The button that mutes.
pub fn mute_button(session: Session) -> El {
    let muted = session.muted.get();
    let toggle = move || {
        session.muted.set(!muted);
        if muted { storage::remove(MUTED_KEY) } else { storage::set(MUTED_KEY, "1") }
    };
    button("ibtn head__tool", toggle)
        .set("aria-label", t("Mute"))
        .set("aria-pressed", muted.to_string())
        .set("title", t("Mute"))
        .with(icon(if muted { Shape::MUTE } else { Shape::SOUND }))
}
