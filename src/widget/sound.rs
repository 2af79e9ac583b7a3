//! The visitor hears a knock when an agent writes and nobody looks, unless it is muted. That is remembered.

use super::dom::{El, button};
use super::parts::icon;
use super::session::{Open, Session};
use crate::model::chat::{Seq, Side};
use crate::ui::browser::{has_attention, on_window, sleep, spawn_local, storage};
use crate::ui::conversation::READ_FIRST_MS;
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

/// What is muted in one tab is muted in all.
pub fn mute_along(session: Session) {
    on_window("storage", move |_| {
        let muted = was_muted();
        if muted != session.muted.get_untracked() {
            session.muted.set(muted);
        }
    });
}

/// A message of an agent came, with this number. It is also on the screen of the visitor's other tabs and windows: who
/// reads it there needs no sound.
pub fn knock(session: Session, open: Open, seq: Seq) {
    if session.visible.get_untracked() && has_attention() {
        return;
    }
    spawn_local(async move {
        sleep(READ_FIRST_MS).await;
        let is_read = open.followed.chat.with_untracked(|chat| chat.receipts(Side::Visitor).read >= seq);
        if !is_read && !session.muted.get_untracked() {
            play(KNOCK, VOLUME);
        }
    });
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
