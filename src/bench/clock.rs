//! The one clock of a run: nanoseconds since it began, small enough to travel inside a message.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Nanoseconds since the clock was first read.
pub type Nanos = u64;

/// Now.
pub fn now() -> Nanos {
    BEGAN.elapsed().as_nanos() as Nanos
}

/// Sleeps until an instant of this clock, in its own thread: timers of the runtime are a millisecond coarse.
pub fn sleep_until(at: Nanos) {
    let left = at.saturating_sub(now());
    if left > 0 {
        std::thread::sleep(Duration::from_nanos(left));
    }
}

/// What is written before the time in a message.
const MARK: &str = "@@";
/// Digits of a time in a message.
const DIGITS: usize = 18;

/// A text that tells when it was meant to be sent.
pub fn stamped(at: Nanos, rest: &str) -> String {
    format!("{MARK}{at:0DIGITS$} {rest}")
}

/// The times in what arrived.
pub fn stamps(text: &str) -> impl Iterator<Item = Nanos> {
    text.match_indices(MARK).filter_map(|(at, _)| text.get(at + MARK.len()..at + MARK.len() + DIGITS)?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_read_again() {
        let text = format!("{{\"a\":\"{}\",\"b\":\"{}\"}}", stamped(7, "x"), stamped(123_456_789_012, "y"));
        assert_eq!(stamps(&text).collect::<Vec<_>>(), [7, 123_456_789_012]);
        assert_eq!(stamps("@@ no time, @@12").count(), 0);
    }
}
