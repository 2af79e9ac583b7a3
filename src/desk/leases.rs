//! The times of live owners: how often leases are renewed, how far they reach, and when the time counts anew. Pure, so
//! that the simulator runs the same rules.

use crate::model::Millis;
use crate::model::chat::{Author, Event, EventBody};
use crate::model::ids::AgentId;
use crate::model::rules::Rules;
use crate::store::Lease;
use std::collections::BTreeMap;
use std::time::Duration;

/// Leases are renewed about twelve times while one runs, but neither more nor less often than this.
const RENEWALS: u32 = 12;
const RENEW_AT_MOST_EVERY: Duration = Duration::from_secs(1);
const RENEW_AT_LEAST_EVERY: Duration = Duration::from_secs(5);
/// After so many times the time between two rounds without one the machine was asleep, and nobody could show up. Less than
/// a lease, whatever the rules are: else a pause of the server would take chats from who could not come back.
const LATE: u32 = 3;

/// How often owners are looked after.
pub fn renew_every(rules: &Rules) -> Duration {
    let whole = Duration::from_secs(rules.release_after_s.into());
    (whole / RENEWALS).clamp(RENEW_AT_MOST_EVERY, RENEW_AT_LEAST_EVERY)
}

/// Until when somebody who is there at `now` keeps their chats: the time of the rules counts from when they are gone,
/// which is after the last renewal and before the one that does not come any more.
pub fn lease_from(now: Millis, rules: &Rules) -> Millis {
    now + rules.release_after_ms() + renew_every(rules).as_millis() as Millis
}

/// After this time without a round the time counts anew.
pub fn late_after(every: Duration) -> Millis {
    (every * LATE).as_millis() as Millis
}

/// Who accepts a chat gets a lease with it.
pub fn granted(events: &[Event], until: Millis) -> Option<Lease> {
    events.iter().find_map(|event| match (&event.body, &event.by) {
        (EventBody::Accepted, Author::Agent(agent)) => Some(Lease::Granted { agent: agent.id, until }),
        _ => None,
    })
}

/// Until when agents who were seen here keep what is theirs, as far as that is not written: a database that could not be
/// written for a while takes no time from who left meanwhile.
#[derive(Debug, Default)]
pub struct Seen {
    agents: BTreeMap<AgentId, Millis>,
}

impl Seen {
    /// These were seen, and keep what is theirs at least until then.
    pub fn note(&mut self, here: &[AgentId], until: Millis) {
        self.agents.extend(here.iter().map(|agent| (*agent, until)));
    }

    /// What is to be written: who keeps what is theirs until when.
    pub fn unwritten(&self) -> BTreeMap<Millis, Vec<AgentId>> {
        let mut by_time: BTreeMap<Millis, Vec<AgentId>> = BTreeMap::new();
        for (agent, until) in &self.agents {
            by_time.entry(*until).or_default().push(*agent);
        }
        by_time
    }

    /// It is written.
    pub fn written(&mut self) {
        self.agents.clear();
    }
}

/// When owners were looked after, and the time after which an absent agent's chats are given back.
#[derive(Clone, Copy, Debug)]
pub struct Round {
    at: Millis,
    release_after: Millis,
}

impl Round {
    /// The round that begins at `now`.
    pub fn new(now: Millis, rules: &Rules) -> Self {
        Round { at: now, release_after: rules.release_after_ms() }
    }

    /// Whether this round follows upon that one as it should: by the same rule, neither before it nor late. Otherwise
    /// everybody is given the whole time to show up.
    pub fn follows(self, last: Round, every: Duration) -> bool {
        (last.at..=last.at + late_after(every)).contains(&self.at) && self.release_after == last.release_after
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_seen_is_remembered_until_it_is_written() {
        let mut seen = Seen::default();
        seen.note(&[AgentId(1), AgentId(2)], 100);
        seen.note(&[AgentId(2), AgentId(3)], 200);
        let unwritten = [(100, vec![AgentId(1)]), (200, vec![AgentId(2), AgentId(3)])];
        assert_eq!(seen.unwritten(), unwritten.into());
        seen.written();
        assert!(seen.unwritten().is_empty());
    }

    #[test]
    fn after_a_sleep_a_jump_of_the_clock_or_another_rule_the_time_counts_anew() {
        let last = Round { at: 1_000_000, release_after: 60_000 };
        let follows =
            |at: Millis, release_after: Millis| Round { at, release_after }.follows(last, Duration::from_secs(5));
        assert!(follows(1_005_000, 60_000));
        assert!(follows(1_000_000, 60_000));
        assert!(follows(1_015_000, 60_000), "a bit late");
        assert!(!follows(1_060_000, 60_000), "asleep");
        assert!(!follows(999_999, 60_000), "set back");
        assert!(!follows(1_005_000, 5_000), "another rule");
    }

    #[test]
    fn a_lease_outlasts_what_does_not_count_as_late() {
        for release_after_s in [5, 8, 60, 3_600] {
            let rules = Rules { release_after_s, ..Rules::default() };
            assert!(late_after(renew_every(&rules)) < lease_from(0, &rules));
        }
    }
}
