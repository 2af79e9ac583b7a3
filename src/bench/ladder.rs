//! The highest rate that a server bears: steps up until one fails, then halves the gap.

use super::load::Load;
use super::tally::Outcome;
use std::time::Duration;

/// 99 of 100 answers are there within this time, in milliseconds.
pub const P99_MS: f64 = 25.0;
/// How long each rate is tried.
const STEP: Duration = Duration::from_secs(3);
/// How much each step adds.
const FACTOR: f64 = 1.5;
/// How often the gap is halved.
const HALVINGS: usize = 3;
/// Less and more are not tried.
const MIN_RATE: f64 = 200.0;
const MAX_RATE: f64 = 100_000.0;

/// Whether a server bore a rate: it answered all without errors, and in time.
fn bore(outcome: &Outcome) -> bool {
    let answered = outcome.tally.acks.count() as f64 / outcome.offered.max(1) as f64;
    outcome.tally.acks.ms(0.99) <= P99_MS && outcome.tally.error_count() == 0 && answered > 0.999
}

/// The runs, and the best that was borne, if one was.
pub async fn climb(load: &Load, start: f64) -> (Option<Outcome>, Vec<serde_json::Value>) {
    let mut best: Option<Outcome> = None;
    let mut failed = None;
    let mut runs = Vec::new();
    let mut rate = start;
    let mut halvings = 0;
    while halvings < HALVINGS && (MIN_RATE..MAX_RATE).contains(&rate) {
        let outcome = load.run(rate, STEP).await;
        println!("  {}", outcome.line());
        runs.push(outcome.json());
        if bore(&outcome) {
            best = Some(outcome);
        } else {
            failed = Some(rate);
        }
        let reached = best.as_ref().map(|best| best.rate);
        rate = match (reached, failed) {
            (Some(reached), None) => reached * FACTOR,
            (Some(reached), Some(failed)) => {
                halvings += 1;
                (reached * failed).sqrt()
            }
            (None, _) => rate / 2.0,
        };
    }
    (best, runs)
}
