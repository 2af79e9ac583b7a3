//! Leases: until when agents keep the chats that are theirs.
//!
//! Who accepts a chat gets a lease with the same commit, so that an open chat without one does not exist. The node that
//! has the agent's console renews it; one that has run out is found by its index, and given up once no open chat is left.

use super::StoreError;
use crate::model::Millis;
use crate::model::agent::ReleasedChat;
use crate::model::ids::{AgentId, ChatId};
use async_trait::async_trait;

/// What a decision has to do with a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lease {
    /// The agent keeps what is theirs at least until then.
    Granted { agent: AgentId, until: Millis },
    /// The decision stands only if the agent's lease has run out by then: looked at in the same transaction. Otherwise
    /// nothing happens.
    Lapsed { agent: AgentId, at: Millis },
}

/// What is kept of leases.
#[async_trait]
pub trait LeaseStore: Send + Sync + 'static {
    /// These agents are there: what they hold, they hold at least until then. One statement, however much they hold; who
    /// holds nothing, or may not log in any more, gets nothing.
    async fn renew_leases(&self, agents: &[AgentId], until: Millis) -> Result<(), StoreError>;
    /// All leases run until then and no longer: from now on everybody has the same time to show up.
    async fn restart_leases(&self, until: Millis) -> Result<(), StoreError>;
    /// Agents whose lease has run out, the longest gone first, at most `limit`.
    async fn lapsed_leases(&self, now: Millis, limit: u32) -> Result<Vec<AgentId>, StoreError>;
    /// Forgets a lease that has run out, unless the agent has an open chat.
    async fn drop_lease(&self, agent: AgentId, now: Millis) -> Result<(), StoreError>;

    /// The chats that were taken from this agent while they were gone, latest first, at most `limit`.
    async fn released_chats(&self, agent: AgentId, limit: u32) -> Result<Vec<ReleasedChat>, StoreError>;
    /// The agent has read of these.
    async fn forget_released(&self, agent: AgentId, chats: &[ChatId]) -> Result<(), StoreError>;
    /// Forgets those that were taken before then.
    async fn forget_released_before(&self, at: Millis) -> Result<(), StoreError>;
}
