//! How closely commits follow each other. A commit costs the same for one command and for ten: where many come, each waits
//! a moment for others; where few come, none waits.

use std::time::{Duration, Instant};

/// With many commands, commits begin this far apart. Commands of different chats change different pages, but share those of
/// the indexes, and a sync.
const APART: Duration = Duration::from_millis(5);
/// From so many commands a second on there are many. A second's worth of single commits would cost more than the wait.
const MANY_PER_SECOND: f64 = 1_500.0;
/// What is counted is forgotten with this time, in seconds.
const MEMORY: f64 = 0.1;

/// How many commands came lately, and when a commit last began.
#[derive(Default)]
pub struct Pace {
    /// Commands, those of longer ago counting less.
    lately: f64,
    counted: Option<Instant>,
    began: Option<Instant>,
}

impl Pace {
    /// So many commands were taken at `now`: how long their commit waits for others.
    pub fn pause(&mut self, taken: usize, now: Instant) -> Duration {
        let since = self.counted.map_or(0.0, |at| now.saturating_duration_since(at).as_secs_f64());
        self.lately = self.lately * (-since / MEMORY).exp() + taken as f64;
        self.counted = Some(now);
        match self.began {
            Some(began) if self.lately / MEMORY > MANY_PER_SECOND => {
                APART.saturating_sub(now.saturating_duration_since(began))
            }
            _ => Duration::ZERO,
        }
    }

    /// More commands came during the pause, and the commit begins at `now`.
    pub fn begin(&mut self, more: usize, now: Instant) {
        self.lately += more as f64;
        self.began = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pauses of commits that take no time, while so many commands come each millisecond.
    fn pauses(per_ms: usize, every_ms: u64) -> Vec<Duration> {
        let began = Instant::now();
        let mut pace = Pace::default();
        let pause = |ms| {
            let now = began + Duration::from_millis(ms);
            let pause = pace.pause(per_ms, now);
            pace.begin(0, now);
            pause
        };
        (0..1_000).step_by(every_ms as usize).map(pause).collect()
    }

    #[test]
    fn where_few_come_nobody_waits() {
        assert!(pauses(1, 1).iter().all(Duration::is_zero), "1,000 a second");
        assert!(pauses(1, 500).iter().all(Duration::is_zero));
        assert!(pauses(50, 100).iter().all(Duration::is_zero), "a few at once are not many");
    }

    #[test]
    fn where_many_come_commits_keep_their_distance() {
        let pauses = pauses(3, 1);
        assert!(pauses.iter().take(10).all(Duration::is_zero), "not at once");
        assert!(pauses.iter().skip(500).all(|pause| *pause == APART - Duration::from_millis(1)), "{pauses:?}");
    }

    #[test]
    fn a_commit_that_took_long_is_followed_by_the_next_at_once() {
        let began = Instant::now();
        let mut pace = Pace::default();
        pace.begin(1_000, began);
        assert!(!pace.pause(100, began).is_zero());
        assert!(pace.pause(100, began + APART).is_zero());
    }
}
