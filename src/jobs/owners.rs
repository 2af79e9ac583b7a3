//! The timer of live owners: renews the leases of the agents who are here, and gives back the chats of those who are gone.

use crate::desk::{Desk, now};
use crate::model::Millis;
use crate::store::StoreError;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// A round that comes this much later than it should have: the machine was asleep, and nobody could show up.
const LATE_MS: Millis = 10_000;
/// Consoles that come at one time are one round.
const GATHER: Duration = Duration::from_millis(100);

/// When a round was, and the time after which an absent agent's chats are given back.
#[derive(Clone, Copy)]
struct Round {
    at: Millis,
    release_after: Millis,
}

impl Round {
    /// Whether this round follows upon that one as it should: by the same rule, neither before it nor late.
    fn follows(self, last: Round, every: Duration) -> bool {
        let latest = last.at + every.as_millis() as Millis + LATE_MS;
        (last.at..=latest).contains(&self.at) && self.release_after == last.release_after
    }
}

/// Looks after owners until `closing`.
pub async fn look_after_owners(desk: Desk, closing: CancellationToken) {
    let mut last: Option<Round> = None;
    while !closing.is_cancelled() {
        let every = desk.renew_every();
        let this = Round { at: now(), release_after: desk.rules().release_after_ms() };
        let goes_on = last.is_some_and(|last| this.follows(last, every));
        match look_after(&desk, goes_on, this.at).await {
            Ok(()) => last = Some(this),
            // The next round follows upon the last that went well, unless that is too long ago: a database that fails now
            // and then does not give those who are gone the whole time again.
            Err(error) => tracing::error!(%error, "the leases of chats cannot be looked after"),
        }
        let console_came = async {
            desk.hub().console_came().notified().await;
            tokio::time::sleep(GATHER).await;
        };
        tokio::select! {
            () = tokio::time::sleep(every) => {}
            () = console_came => {}
            () = closing.cancelled() => {}
        }
    }
}

async fn look_after(desk: &Desk, goes_on: bool, time: Millis) -> Result<(), StoreError> {
    if !goes_on {
        desk.expect_owners(time).await?;
    }
    // Who is here keeps what is theirs, however late it is.
    desk.renew_owners(time, Instant::now()).await?;
    desk.release_lapsed(time).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_sleep_a_jump_of_the_clock_or_another_rule_the_time_counts_anew() {
        let last = Round { at: 1_000_000, release_after: 60_000 };
        let follows =
            |at: Millis, release_after: Millis| Round { at, release_after }.follows(last, Duration::from_secs(5));
        assert!(follows(1_005_000, 60_000));
        assert!(follows(1_000_000, 60_000));
        assert!(!follows(1_060_000, 60_000), "asleep");
        assert!(!follows(999_999, 60_000), "set back");
        assert!(!follows(1_005_000, 5_000), "another rule");
    }
}
