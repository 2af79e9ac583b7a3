//! How often something may be tried, per key. Memory is bounded: keys that are fresh again are forgotten.

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Keys are tidied up after this many checks.
const TIDY_EVERY: u32 = 1_000;

/// A limit per key.
pub struct Throttle {
    limiter: DefaultKeyedRateLimiter<String>,
    checks: AtomicU32,
}

impl Throttle {
    /// `burst` tries at once, then one per `period`.
    pub fn new(burst: NonZeroU32, period: Duration) -> Self {
        let quota = Quota::with_period(period).unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN)).allow_burst(burst);
        Throttle { limiter: RateLimiter::keyed(quota), checks: AtomicU32::new(0) }
    }

    /// Whether one more try is fine now.
    pub fn allows(&self, key: &str) -> bool {
        if self.checks.fetch_add(1, Ordering::Relaxed) % TIDY_EVERY == TIDY_EVERY - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        self.limiter.check_key(&key.to_owned()).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_is_throttled_and_another_is_not() {
        let throttle = Throttle::new(NonZeroU32::new(2).unwrap(), Duration::from_secs(3_600));
        assert!(throttle.allows("a") && throttle.allows("a"));
        assert!(!throttle.allows("a"));
        assert!(throttle.allows("b"));
    }
}
