//! What agents hear: a ring while a chat waits, a knock for a message. The slider's lowest end is mute.

use super::desk::Desk;
use crate::ui::browser::storage;
use crate::ui::sound::{KNOCK, Note, play};
use gloo_timers::callback::Interval;
use leptos::prelude::*;

const VOLUME_KEY: &str = "frontdesk.volume";
/// Until somebody moves the slider, in percent.
const FIRST_VOLUME: f64 = 60.0;
/// A waiting chat rings this often.
const RING_EVERY_MS: u32 = 2_500;

/// The volume in percent, as it was left.
pub fn volume() -> f64 {
    storage::get(VOLUME_KEY).and_then(|text| text.parse().ok()).unwrap_or(FIRST_VOLUME).clamp(0.0, 100.0)
}

/// Keeps the volume.
pub fn keep_volume(percent: f64) {
    storage::set(VOLUME_KEY, &percent.to_string());
}

/// A chat waits.
const RING: &[Note] = &[(880.0, 0.0, 0.18), (1_174.7, 0.2, 0.3)];

/// Rings while a chat rings for this agent, and knocks when a message came that nobody has read.
pub fn start(desk: Desk) {
    let ringing = Memo::new(move |_| !desk.ringing().is_empty());
    let timer = StoredValue::new_local(None::<Interval>);
    Effect::new(move |_| {
        if ringing.get() {
            play(RING, volume() / 100.0);
            timer.set_value(Some(Interval::new(RING_EVERY_MS, move || {
                play(RING, volume() / 100.0);
            })));
        } else {
            timer.set_value(None);
        }
    });
    let unread = Memo::new(move |_| desk.unread());
    Effect::new(move |before: Option<usize>| {
        let now = unread.get();
        if before.is_some_and(|before| before < now) {
            play(KNOCK, volume() / 100.0);
        }
        now
    });
}
