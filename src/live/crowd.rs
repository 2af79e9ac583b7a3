//! How many connections there are of each: of one address, one visitor, one agent. More are not let in.

use crate::model::block::address_key;
use crate::model::ids::{AgentId, VisitorId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Connections from one address, of IPv6 from one /64: a company with hundreds of people behind it, each with some tabs.
const PER_ADDRESS: u32 = 1_000;
/// Connections of one visitor: each tab of the website with an open chat is one.
const PER_VISITOR: u32 = 20;
/// Connections of one agent: each window of the console is one.
const PER_AGENT: u32 = 40;

/// Whose connections are counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Whose {
    Address(String),
    Visitor(VisitorId),
    Agent(AgentId),
}

impl Whose {
    /// Everybody at this address.
    pub fn address(ip: &str) -> Self {
        Whose::Address(address_key(ip).unwrap_or_else(|| ip.to_owned()))
    }

    fn most(&self) -> u32 {
        match self {
            Whose::Address(_) => PER_ADDRESS,
            Whose::Visitor(_) => PER_VISITOR,
            Whose::Agent(_) => PER_AGENT,
        }
    }
}

/// The connections of this process, counted.
#[derive(Default)]
pub struct Crowd {
    counts: Mutex<HashMap<Whose, u32>>,
}

impl Crowd {
    /// A place for one more connection, given back when it is dropped; none when there are too many.
    pub fn enter(self: &Arc<Self>, whose: Whose) -> Option<Place> {
        let mut counts = self.counts();
        let count = counts.entry(whose.clone()).or_default();
        if *count >= whose.most() {
            return None;
        }
        *count += 1;
        drop(counts);
        Some(Place { crowd: self.clone(), whose })
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<Whose, u32>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place that a connection takes.
pub struct Place {
    crowd: Arc<Crowd>,
    whose: Whose,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.crowd.counts();
        if let Some(count) = counts.get_mut(&self.whose) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.whose);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_come_in_and_who_leaves_makes_room() {
        let crowd = Arc::new(Crowd::default());
        for whose in [Whose::address("192.0.2.1"), Whose::Visitor(VisitorId(1)), Whose::Agent(AgentId(1))] {
            let mut places: Vec<Place> = (0..whose.most()).map(|_| crowd.enter(whose.clone()).unwrap()).collect();
            assert!(crowd.enter(whose.clone()).is_none(), "{whose:?}");
            places.pop();
            assert!(crowd.enter(whose.clone()).is_some());
        }
        assert!(crowd.counts().is_empty(), "nothing is kept of who has left");
    }

    #[test]
    fn others_have_room_of_their_own() {
        let crowd = Arc::new(Crowd::default());
        let _all: Vec<Place> = (0..PER_VISITOR).map(|_| crowd.enter(Whose::Visitor(VisitorId(1))).unwrap()).collect();
        assert!(crowd.enter(Whose::Visitor(VisitorId(2))).is_some());
        assert!(crowd.enter(Whose::Agent(AgentId(1))).is_some());
        assert_eq!(Whose::address("2001:db8:1:2::1"), Whose::address("2001:db8:1:2::2"), "one line, one address");
        assert_ne!(Whose::address("2001:db8:1:2::1"), Whose::address("2001:db8:1:3::1"));
    }
}
