//! Times, without knowing the reader's time zone: how long ago, and in UTC.

use crate::model::Millis;

const MINUTE_MS: Millis = 60_000;
const HOUR_MS: Millis = 60 * MINUTE_MS;
const DAY_MS: Millis = 24 * HOUR_MS;

/// "< 1 min", "5 min", "3 h", or the date: as it is read in most languages.
pub fn ago(at: Millis, now: Millis) -> String {
    if now - at < DAY_MS { span(now - at) } else { utc(at) }
}

/// A time that has passed or is left: "< 1 min", "5 min", "24 h".
pub fn span(ms: Millis) -> String {
    match ms {
        ..MINUTE_MS => "< 1 min".into(),
        MINUTE_MS..HOUR_MS => format!("{} min", ms / MINUTE_MS),
        _ => format!("{} h", (ms + HOUR_MS / 2) / HOUR_MS),
    }
}

/// "2026-11-25 14:32 UTC"
pub fn utc(at: Millis) -> String {
    written(at, "%Y-%m-%d %H:%M UTC")
}

/// The instant as machines read it.
pub fn iso(at: Millis) -> String {
    written(at, "%Y-%m-%dT%H:%M:%SZ")
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
        assert_eq!(ago(at, at + 59_999), "< 1 min");
        // A clock may run behind.
        assert_eq!(ago(at, at - 5_000), "< 1 min");
        assert_eq!(ago(at, at + 5 * MINUTE_MS), "5 min");
        assert_eq!(ago(at, at + 3 * HOUR_MS), "3 h");
        assert_eq!(ago(at, at + DAY_MS), "2026-11-22 13:19 UTC");
        assert_eq!(iso(at), "2026-11-22T13:19:06Z");
        assert_eq!(span(DAY_MS - 5), "24 h");
    }
}
