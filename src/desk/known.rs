//! Who called before: what stays true once it was read is not read again for each call. Everything here is bounded, and
//! nothing is lost with it.

use crate::model::agent::Agent;
use crate::model::ids::{ChatId, VisitorId};
use crate::store::TokenHash;
use lru::LruCache;
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Visitors, and their chats, that are remembered.
const VISITORS: NonZeroUsize = NonZeroUsize::new(16_384).unwrap();
/// Sessions that are remembered.
const SESSIONS: NonZeroUsize = NonZeroUsize::new(1_024).unwrap();
/// What another process changes in agents, such as the command line, is seen after this time.
const SESSION_FRESH: Duration = Duration::from_secs(1);

/// Who called before.
pub struct Known {
    /// A token is one visitor's for ever.
    visitors: Mutex<LruCache<TokenHash, VisitorId>>,
    /// Where visitors last had a live chat: a guess, which whoever uses it has to prove.
    chats: Mutex<LruCache<VisitorId, ChatId>>,
    sessions: Mutex<Sessions>,
}

struct Sessions {
    agents: LruCache<TokenHash, (Agent, Instant)>,
    /// How often all were forgotten.
    generation: u64,
}

impl Default for Known {
    fn default() -> Self {
        Known {
            visitors: Mutex::new(LruCache::new(VISITORS)),
            chats: Mutex::new(LruCache::new(VISITORS)),
            sessions: Mutex::new(Sessions { agents: LruCache::new(SESSIONS), generation: 0 }),
        }
    }
}

impl Known {
    pub fn visitor(&self, token: TokenHash) -> Option<VisitorId> {
        lock(&self.visitors).get(&token).copied()
    }

    pub fn note_visitor(&self, token: TokenHash, visitor: VisitorId) {
        lock(&self.visitors).put(token, visitor);
    }

    /// Where the visitor last had a live chat.
    pub fn chat(&self, visitor: VisitorId) -> Option<ChatId> {
        lock(&self.chats).get(&visitor).copied()
    }

    pub fn note_chat(&self, visitor: VisitorId, chat: ChatId) {
        lock(&self.chats).put(visitor, chat);
    }

    /// The agent of a session, or else what [`Known::note_agent`] wants to know after a look into the database.
    pub fn agent(&self, session: TokenHash) -> Result<Agent, u64> {
        let mut sessions = lock(&self.sessions);
        let generation = sessions.generation;
        match sessions.agents.get(&session) {
            Some((agent, at)) if at.elapsed() < SESSION_FRESH => Ok(agent.clone()),
            _ => Err(generation),
        }
    }

    /// Notes what the database said of a session, unless agents were changed since it was asked.
    pub fn note_agent(&self, session: TokenHash, agent: &Agent, generation: u64) {
        let mut sessions = lock(&self.sessions);
        if sessions.generation == generation {
            sessions.agents.put(session, (agent.clone(), Instant::now()));
        }
    }

    /// Agents, their sessions or their departments were changed.
    pub fn forget_agents(&self) {
        let mut sessions = lock(&self.sessions);
        sessions.agents.clear();
        sessions.generation += 1;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::agent::Role;
    use crate::model::ids::AgentId;

    #[test]
    fn what_was_read_before_a_change_is_not_remembered_after_it() {
        let known = Known::default();
        let (session, agent) = (
            TokenHash([1; 32]),
            Agent {
                id: AgentId(1),
                name: "Grace".into(),
                email: "grace@example.com".into(),
                role: Role::Agent,
                available: true,
                departments: vec![],
                photo: None,
            },
        );
        let asked = known.agent(session).unwrap_err();
        known.forget_agents();
        known.note_agent(session, &agent, asked);
        let asked = known.agent(session).unwrap_err();
        known.note_agent(session, &agent, asked);
        assert_eq!(known.agent(session).unwrap(), agent);
        known.forget_agents();
        assert!(known.agent(session).is_err());
    }
}
