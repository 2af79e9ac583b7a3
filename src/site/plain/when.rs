//! Times, without knowing the reader's time zone: how long ago, and in UTC.

use crate::model::Millis;

const MINUTE_MS: Millis = 60_000;
const HOUR_MS: Millis = 60 * MINUTE_MS;
const DAY_MS: Millis = 24 * HOUR_MS;

/// "just now", "5 min ago", "3 h ago", or the date.
pub fn ago(at: Millis, now: Millis) -> String {
    match now - at {
        ..MINUTE_MS => "just now".into(),
        past @ MINUTE_MS..HOUR_MS => format!("{} min ago", past / MINUTE_MS),
        past @ HOUR_MS..DAY_MS => format!("{} h ago", past / HOUR_MS),
        _ => utc(at),
    }
}

/// "25 Nov, 14:32 UTC"
pub fn utc(at: Millis) -> String {
    written(at, "%-d %b, %H:%M UTC")
}

/// The instant as machines read it.
pub fn iso(at: Millis) -> String {
    written(at, "%Y-%m-%dT%H:%M:%SZ")
}

/// "in 23 hours"
pub fn ahead(until: Millis, now: Millis) -> String {
    let left = (until - now).max(1);
    let (unit, name) = if left < HOUR_MS { (MINUTE_MS, "minute") } else { (HOUR_MS, "hour") };
    let count = ((left + unit / 2) / unit).max(1);
    format!("in {count} {name}{}", if count == 1 { "" } else { "s" })
}

fn written(at: Millis, format: &str) -> String {
    jiff::Timestamp::from_millisecond(at).map(|at| at.strftime(format).to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_need_no_time_zone() {
        let at = 1_795_353_546_965;
        assert_eq!(ago(at, at + 59_999), "just now");
        // A clock may run behind.
        assert_eq!(ago(at, at - 5_000), "just now");
        assert_eq!(ago(at, at + 5 * MINUTE_MS), "5 min ago");
        assert_eq!(ago(at, at + 3 * HOUR_MS), "3 h ago");
        assert_eq!(ago(at, at + DAY_MS), "22 Nov, 13:19 UTC");
        assert_eq!(iso(at), "2026-11-22T13:19:06Z");
        assert_eq!(ahead(at + DAY_MS, at), "in 24 hours");
        assert_eq!(ahead(at - 5, at), "in 1 minute");
    }
}
