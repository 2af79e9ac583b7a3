//! The timer of live owners: renews the leases of the agents who are here, and gives back the chats of those who are gone.

use crate::desk::leases::Round;
use crate::desk::{Desk, now};
use crate::model::Millis;
use crate::store::StoreError;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// Consoles that come at one time are one round.
const GATHER: Duration = Duration::from_millis(100);

/// Looks after owners until `closing`.
pub async fn look_after_owners(desk: Desk, closing: CancellationToken) {
    let mut last: Option<Round> = None;
    while !closing.is_cancelled() {
        let every = desk.renew_every();
        let time = now();
        let this = Round::new(time, &desk.rules());
        let goes_on = last.is_some_and(|last| this.follows(last, every));
        match look_after(&desk, goes_on, time).await {
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
