//! Times as people read them, by the browser's own `Intl` and in its time zone.

use super::browser::{document, now, window};
use super::words::t;
use crate::model::{LAST_INSTANT, Millis};
use js_sys::{Date, Function, Object, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};

const DAY_MS: Millis = 86_400_000;

/// The time of day: "10:27", "10:27 AM".
pub fn clock(at: Millis) -> String {
    format(at, &[("timeStyle", "short")])
}

/// The time of day, with the date unless it is today.
pub fn moment(at: Millis) -> String {
    if day(at) == day(now()) {
        clock(at)
    } else {
        format(at, &[("day", "numeric"), ("month", "short"), ("hour", "2-digit"), ("minute", "2-digit")])
    }
}

/// Date and time in full.
pub fn full(at: Millis) -> String {
    format(at, &[("dateStyle", "long"), ("timeStyle", "short")])
}

/// The name of the day: "Today", "Yesterday", or the date.
pub fn day_name(at: Millis) -> String {
    let today = now();
    if day(at) == day(today) {
        t("Today")
    } else if day(at) == day(today - DAY_MS) {
        t("Yesterday")
    } else {
        format(at, &[("weekday", "long"), ("day", "numeric"), ("month", "long"), ("year", "numeric")])
    }
}

/// A short time for lists: "now", "5 min", the time of day, or the date.
pub fn short(at: Millis, now: Millis) -> String {
    let ago = now - at;
    if ago < 60_000 {
        "now".into()
    } else if ago < 3_600_000 {
        format!("{} min", ago / 60_000)
    } else if day(at) == day(now) {
        clock(at)
    } else {
        format(at, &[("day", "numeric"), ("month", "short")])
    }
}

/// A duration as "1:05" or "1:02:03".
pub fn duration(ms: Millis) -> String {
    let seconds = ms.max(0) / 1_000;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// The time of day in another time zone; nothing when the browser does not know it.
pub fn clock_in(zone: &str, at: Millis) -> Option<String> {
    let wanted = options(&[("timeStyle", "short"), ("timeZone", zone)]);
    // An unknown zone throws.
    let method = Reflect::get(&date(at), &JsValue::from_str("toLocaleTimeString")).ok()?.dyn_into::<Function>().ok()?;
    method.call2(&date(at), &JsValue::from_str(&locale()), &wanted).ok()?.as_string()
}

/// The name of a language: "German (Austria)"; its code when the browser does not know it.
pub fn language_name(code: &str) -> String {
    let name = || {
        let intl = Reflect::get(&js_sys::global(), &JsValue::from_str("Intl")).ok()?;
        let names = Reflect::get(&intl, &JsValue::from_str("DisplayNames")).ok()?.dyn_into::<Function>().ok()?;
        let arguments = js_sys::Array::of2(&JsValue::from_str("en"), &options(&[("type", "language")]));
        let names = Reflect::construct(&names, &arguments).ok()?;
        let of = Reflect::get(&names, &JsValue::from_str("of")).ok()?.dyn_into::<Function>().ok()?;
        of.call1(&names, &JsValue::from_str(code)).ok()?.as_string()
    };
    name().unwrap_or_else(|| code.to_owned())
}

/// The instant as machines read it.
pub fn iso(at: Millis) -> String {
    date(at).to_iso_string().into()
}

/// The local day an instant falls on: equal for instants of one day.
pub fn day(at: Millis) -> (u32, u32, u32) {
    let date = date(at);
    (date.get_full_year(), date.get_month(), date.get_date())
}

/// Times may be what a visitor made up.
fn date(at: Millis) -> Date {
    Date::new(&JsValue::from_f64(at.clamp(-LAST_INSTANT, LAST_INSTANT) as f64))
}

fn format(at: Millis, wanted: &[(&str, &str)]) -> String {
    date(at).to_locale_string(&locale(), &options(wanted)).into()
}

/// The page's language for `Intl`, of the country that the browser names with it: `en-US`. Where it names none, English is
/// as in Europe, with the day before the month and 24 hours.
fn locale() -> String {
    let language = document().document_element().and_then(|html| html.get_attribute("lang")).unwrap_or_default();
    let own = window().navigator().language().unwrap_or_default();
    if own.strip_prefix(language.as_str()).is_some_and(|country| country.starts_with('-')) {
        own
    } else if language.is_empty() || language == "en" {
        "en-GB".into()
    } else {
        language
    }
}

/// "in 23 hours", in the page's language.
pub fn ahead(count: Millis, unit: &str) -> String {
    let words = || {
        let intl = Reflect::get(&js_sys::global(), &JsValue::from_str("Intl")).ok()?;
        let format = Reflect::get(&intl, &JsValue::from_str("RelativeTimeFormat")).ok()?.dyn_into::<Function>().ok()?;
        let format = Reflect::construct(&format, &js_sys::Array::of1(&JsValue::from_str(&locale()))).ok()?;
        let method = Reflect::get(&format, &JsValue::from_str("format")).ok()?.dyn_into::<Function>().ok()?;
        method.call2(&format, &JsValue::from_f64(count as f64), &JsValue::from_str(unit)).ok()?.as_string()
    };
    words().unwrap_or_default()
}

fn options(wanted: &[(&str, &str)]) -> Object {
    let options = Object::new();
    for (key, value) in wanted {
        let _ = Reflect::set(&options, &JsValue::from_str(key), &JsValue::from_str(value));
    }
    options
}
