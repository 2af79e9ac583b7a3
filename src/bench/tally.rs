//! What came of a run: how long everything took, and what went wrong.

use super::clock::{self, Nanos};
use hdrhistogram::Histogram;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Longest time that is told apart, in microseconds.
const LONGEST_US: u64 = 60_000_000;

/// Times, in microseconds with three digits.
pub struct Latencies(Histogram<u64>);

impl Default for Latencies {
    fn default() -> Self {
        Latencies(Histogram::new_with_bounds(1, LONGEST_US, 3).expect("the bounds are in order"))
    }
}

impl Latencies {
    /// Notes what was meant to begin then and has ended now.
    pub fn since(&mut self, intended: Nanos) {
        self.add(clock::now().saturating_sub(intended));
    }

    /// Notes a time.
    pub fn add(&mut self, took: Nanos) {
        self.0.saturating_record((took / 1_000).max(1));
    }

    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// The time that this share of all did not exceed, in milliseconds.
    pub fn ms(&self, share: f64) -> f64 {
        self.0.value_at_quantile(share) as f64 / 1_000.0
    }

    pub fn json(&self) -> Value {
        json!({
            "count": self.count(), "p50_ms": self.ms(0.5), "p90_ms": self.ms(0.9), "p99_ms": self.ms(0.99),
            "p99_9_ms": self.ms(0.999), "max_ms": self.0.max() as f64 / 1_000.0,
        })
    }
}

/// What came of a run.
#[derive(Default)]
pub struct Tally {
    /// From the intended moment to the answer: it is on disk.
    pub acks: Latencies,
    /// From the intended moment to the other side's socket.
    pub seen: Latencies,
    pub errors: BTreeMap<String, u64>,
}

impl Tally {
    pub fn failed(&mut self, why: impl Into<String>) {
        *self.errors.entry(why.into()).or_default() += 1;
    }

    pub fn error_count(&self) -> u64 {
        self.errors.values().sum()
    }
}

/// A finished run.
pub struct Outcome {
    pub what: String,
    /// Per second, as intended.
    pub rate: f64,
    /// Per second, answered within the time of the run and the moment after it.
    pub achieved: f64,
    pub offered: u64,
    /// Processor time of the server per message, in microseconds.
    pub cpu_us: f64,
    pub tally: Tally,
}

impl Outcome {
    pub fn json(&self) -> Value {
        json!({
            "what": self.what, "rate": self.rate, "achieved": self.achieved, "offered": self.offered,
            "server_cpu_us": self.cpu_us, "ack": self.tally.acks.json(), "other_side": self.tally.seen.json(),
            "errors": self.tally.errors,
        })
    }

    pub fn line(&self) -> String {
        let Tally { acks, seen, .. } = &self.tally;
        let quantiles = |of: &Latencies| {
            format!("{:.2} / {:.2} / {:.2} / {:.2}", of.ms(0.5), of.ms(0.9), of.ms(0.99), of.ms(0.999))
        };
        format!(
            "{:<34} {:>7.0}/s  answered {:>7.0}/s  ack {} ms  other side {} ms  CPU {:.0} µs  errors {}",
            self.what,
            self.rate,
            self.achieved,
            quantiles(acks),
            quantiles(seen),
            self.cpu_us,
            self.tally.error_count()
        )
    }
}
