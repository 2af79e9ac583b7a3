//! Which agents are there: whose console is connected, and was heard of.

use super::backend::Viewer;
use super::connection::Connection;
use super::hub::{Hub, lock};
use crate::model::ids::AgentId;
use std::time::{Duration, Instant};

/// A console that was not heard of for this long does not count as connected, although nobody has closed the connection:
/// the lid is closed, or the network gone. Consoles are asked every 10 s.
pub const HEARD_WITHIN: Duration = Duration::from_secs(15);

impl Hub {
    /// The agents of whom a console is connected at `now`, by number.
    pub fn attending(&self, now: Instant) -> Vec<AgentId> {
        let heard = |console: &Connection| now.saturating_duration_since(console.heard_at()) < HEARD_WITHIN;
        let mut agents: Vec<AgentId> =
            lock(&self.consoles).values().filter(|console| heard(console)).filter_map(|c| agent_of(c)).collect();
        agents.sort_unstable();
        agents.dedup();
        agents
    }

    /// Whether the agent has a console here that was not opened with this session.
    pub fn has_other_console(&self, agent: AgentId, session: &str) -> bool {
        lock(&self.consoles)
            .values()
            .any(|console| agent_of(console) == Some(agent) && console.handshake.session.as_deref() != Some(session))
    }
}

fn agent_of(console: &Connection) -> Option<AgentId> {
    match &console.viewer {
        Viewer::Agent(agent) => Some(agent.id),
        Viewer::Visitor(_) => None,
    }
}
