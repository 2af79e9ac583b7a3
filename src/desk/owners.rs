//! Live owners: every open chat has an agent whose console is connected, or waits where everybody sees it.
//!
//! Who answers holds a lease in the database. The node that has the agent's console renews it; when it has run out, the
//! agent's chats go back to the queue. Any node may do that: each chat is decided on what is committed then.

use super::{Desk, leases, unreadable, unwritable};
use crate::model::Millis;
use crate::model::agent::{Agent, ReleasedChat};
use crate::model::chat::{Actor, Command, Context, ReleaseReason};
use crate::model::error::ApiError;
use crate::model::ids::{AgentId, ChatId, CommandId};
use crate::model::pages::CHATS_PER_PAGE;
use crate::store::{Lease, List, Page, StoreError, Target};
use std::sync::PoisonError;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Agents who are looked after in one round.
const LAPSED_AT_ONCE: u32 = 50;
/// Chats of which a returning agent is told; of the older ones the queue tells.
const TOLD: u32 = 20;
/// How long somebody who does not come back is to be told.
const TOLD_WITHIN_MS: Millis = 7 * 86_400_000;
/// Chats named when the notice is closed.
const MOST_NAMED: usize = 100;

impl Desk {
    /// How often [`Desk::renew_owners`] has to be called.
    pub fn renew_every(&self) -> Duration {
        leases::renew_every(&self.rules())
    }

    /// Until when somebody who is there at `now` keeps their chats.
    pub(super) fn lease_from(&self, now: Millis) -> Millis {
        leases::lease_from(now, &self.rules())
    }

    /// From `now` on every owner has the whole time to show up: the server has just started, was asleep, or counts anew.
    ///
    /// # Errors
    /// When that cannot be written.
    pub async fn expect_owners(&self, now: Millis) -> Result<(), StoreError> {
        self.store().restart_leases(self.lease_from(now)).await
    }

    /// Renews the leases of the agents who have a console here, or had one when that could not be written. `at` is the same
    /// instant as `now`; called by one at a time.
    ///
    /// # Errors
    /// When that cannot be written.
    pub async fn renew_owners(&self, now: Millis, at: Instant) -> Result<(), StoreError> {
        let seen = || self.inner.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen().note(&self.hub().attending(at), self.lease_from(now));
        let unwritten = seen().unwritten();
        for (until, agents) in unwritten {
            self.store().renew_leases(&agents, until).await?;
        }
        seen().written();
        Ok(())
    }

    /// Gives the chats of agents who are gone back to the queue.
    ///
    /// # Errors
    /// When it cannot be read who is gone. A chat that cannot be given back holds up no other; the next call tries again.
    pub async fn release_lapsed(&self, now: Millis) -> Result<(), StoreError> {
        for agent in self.store().lapsed_leases(now, LAPSED_AT_ONCE).await? {
            let condition = Lease::Lapsed { agent, at: now };
            let released = self.release_all(agent, ReleaseReason::ConnectionLost, now, Some(condition)).await;
            if let Err(error) = released {
                tracing::error!(%error, %agent, "chats of an agent who is gone could not be given back");
            } else {
                self.store().drop_lease(agent, now).await?;
            }
        }
        Ok(())
    }

    /// Gives all open chats of an agent back to the queue.
    ///
    /// # Errors
    /// The last of them, when some cannot be given back.
    pub(super) async fn release_all(
        &self,
        from: AgentId,
        reason: ReleaseReason,
        now: Millis,
        condition: Option<Lease>,
    ) -> Result<(), ApiError> {
        let mut before = None;
        let mut outcome = Ok(());
        loop {
            let page = Page { before, limit: CHATS_PER_PAGE };
            let open = self.store().rows(List::Mine(from), page).await.map_err(unreadable)?;
            for row in &open {
                let context = Context::new(Actor::System, now, CommandId(Uuid::now_v7()));
                let command = Command::Release { from, reason };
                if let Err(error) = self.commit(Target::Existing(row.id), command, context, false, condition).await {
                    outcome = Err(error);
                }
            }
            let Some(last) = open.last() else { return outcome };
            before = Some((last.updated_at, last.id));
        }
    }

    /// The chats that were taken from the agent while they were gone, latest first, as far as they have not read of them.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when they cannot be read.
    pub async fn released_chats(&self, agent: AgentId) -> Result<Vec<ReleasedChat>, ApiError> {
        self.store().released_chats(agent, TOLD).await.map_err(unreadable)
    }

    /// Forgets what nobody came back for.
    ///
    /// # Errors
    /// When that cannot be written.
    pub async fn tidy_released(&self) -> Result<(), StoreError> {
        self.store().forget_released_before(super::now() - TOLD_WITHIN_MS).await
    }

    /// The agent has read that these chats were taken from them.
    ///
    /// # Errors
    /// [`ApiError::NotStored`] when that cannot be written.
    pub async fn forget_released(&self, agent: &Agent, chats: &[ChatId]) -> Result<(), ApiError> {
        let named = &chats[..chats.len().min(MOST_NAMED)];
        self.store().forget_released(agent.id, named).await.map_err(unwritable)
    }
}
