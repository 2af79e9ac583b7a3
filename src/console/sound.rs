//! Sounds, made by the browser itself: a ring while a chat waits, a knock for a message. The slider's lowest end is mute.

use super::desk::Desk;
use crate::ui::browser::storage;
use gloo_timers::callback::Interval;
use leptos::prelude::*;
use web_sys::{AudioContext, OscillatorType};

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

/// Rings while a chat rings for this agent, and knocks when a message came that nobody has read.
pub fn start(desk: Desk) {
    let audio = StoredValue::new_local(None::<AudioContext>);
    let ringing = Memo::new(move |_| !desk.ringing().is_empty());
    let timer = StoredValue::new_local(None::<Interval>);
    Effect::new(move |_| {
        if ringing.get() {
            play(audio, &[(880.0, 0.0, 0.18), (1_174.7, 0.2, 0.3)]);
            timer.set_value(Some(Interval::new(RING_EVERY_MS, move || {
                play(audio, &[(880.0, 0.0, 0.18), (1_174.7, 0.2, 0.3)]);
            })));
        } else {
            timer.set_value(None);
        }
    });
    let unread = Memo::new(move |_| desk.unread());
    Effect::new(move |before: Option<usize>| {
        let now = unread.get();
        if before.is_some_and(|before| before < now) {
            play(audio, &[(659.3, 0.0, 0.12)]);
        }
        now
    });
}

/// Plays notes (frequency in Hz, start and length in seconds) at the kept volume. A browser that has not been touched yet
/// stays silent.
fn play(audio: StoredValue<Option<AudioContext>, LocalStorage>, notes: &[(f32, f64, f64)]) {
    let volume = volume() / 100.0;
    if volume <= 0.0 {
        return;
    }
    let active = js_sys::Reflect::get(&window().navigator(), &"userActivation".into())
        .and_then(|activation| js_sys::Reflect::get(&activation, &"hasBeenActive".into()));
    if active.is_ok_and(|active| active.as_bool() == Some(false)) {
        return;
    }
    audio.update_value(|audio| {
        if audio.is_none() {
            *audio = AudioContext::new().ok();
        }
        if let Some(context) = audio {
            for (frequency, start, length) in notes {
                let _ = note(context, *frequency, *start, *length, (volume * 0.25) as f32);
            }
        }
    });
}

fn note(
    context: &AudioContext,
    frequency: f32,
    start: f64,
    length: f64,
    loudness: f32,
) -> Result<(), wasm_bindgen::JsValue> {
    let from = context.current_time() + start;
    let tone = context.create_oscillator()?;
    let gain = context.create_gain()?;
    tone.set_type(OscillatorType::Sine);
    tone.frequency().set_value(frequency);
    gain.gain().set_value_at_time(0.0001, from)?;
    gain.gain().exponential_ramp_to_value_at_time(loudness.max(0.0002), from + 0.02)?;
    gain.gain().exponential_ramp_to_value_at_time(0.0001, from + length)?;
    tone.connect_with_audio_node(&gain)?;
    gain.connect_with_audio_node(&context.destination())?;
    tone.start_with_when(from)?;
    tone.stop_with_when(from + length)
}
