//! Sounds, made by the browser itself.

use super::browser::activation;
use std::cell::RefCell;
use web_sys::{AudioContext, OscillatorType};

/// A note: its frequency in Hz, its start and its length in seconds.
pub type Note = (f32, f64, f64);
/// A message came.
pub const KNOCK: &[Note] = &[(659.3, 0.0, 0.12)];

thread_local! {
    static AUDIO: RefCell<Option<AudioContext>> = const { RefCell::new(None) };
}

/// Plays notes, with a loudness from 0 to 1. A browser that has not been touched yet stays silent.
pub fn play(notes: &[Note], volume: f64) {
    if volume <= 0.0 {
        return;
    }
    if activation("hasBeenActive") == Some(false) {
        return;
    }
    AUDIO.with_borrow_mut(|audio| {
        if audio.is_none() {
            *audio = AudioContext::new().ok();
        }
        if let Some(context) = audio {
            for note in notes {
                let _ = sound(context, *note, (volume * 0.25) as f32);
            }
        }
    });
}

fn sound(context: &AudioContext, (frequency, start, length): Note, loudness: f32) -> Result<(), wasm_bindgen::JsValue> {
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
