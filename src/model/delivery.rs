//! Delivery by numbers: how server and client know what is new, what is known already and what is missing, although
//! frames are lost, late, repeated or overtaken. Pure, so that the simulator runs the same rules.

use super::chat::{Audience, Event, Seq};

/// What an audience may see of committed events, and the number before them in that; `prev_public` is the last number
/// before them that a visitor may see. Empty when all of them are for others.
pub fn share(events: &[Event], prev_public: Seq, audience: Audience) -> (Seq, Vec<&Event>) {
    let prev = match audience {
        Audience::Visitor => prev_public,
        Audience::Agents => events.first().map_or(0, |event| event.seq - 1),
    };
    (prev, events.iter().filter(|event| event.body.is_for(audience)).collect())
}

/// How published events stand to a reader who was sent everything up to a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// All of it was sent before.
    Known,
    /// It is what comes next.
    Next,
    /// Something before it is missing, or part of it was sent: the log has to be read.
    Apart,
}

/// How events `prev < … <= last` stand to a reader who is at `cursor`.
pub fn standing(cursor: Seq, prev: Seq, last: Seq) -> Standing {
    if last <= cursor {
        Standing::Known
    } else if prev == cursor {
        Standing::Next
    } else {
        Standing::Apart
    }
}

/// Where a server goes on for a reader who says to be at `after`, when the newest number is `latest`: a cursor from
/// before a backup was restored may lie ahead of the log.
pub fn resume_at(after: Seq, latest: Seq) -> Seq {
    after.clamp(0, latest)
}

/// What of a delivery a client at `cursor` takes in; `None` when something before it is missing and has to be asked for.
pub fn news(cursor: Seq, prev: Seq, events: &[Event]) -> Option<&[Event]> {
    (prev <= cursor).then(|| &events[events.partition_point(|event| event.seq <= cursor)..])
}

/// Whether a copy that is at `cursor` is of another history than a log that ends at `newest`: it is thrown away.
pub fn is_of_another_history(cursor: Seq, newest: Seq) -> bool {
    cursor > newest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::chat::{Author, EventBody};

    fn event(seq: Seq, body: EventBody) -> Event {
        Event { seq, at: 1, by: Author::Visitor, command: None, body }
    }

    #[test]
    fn each_audience_is_told_what_came_before_in_its_own_numbers() {
        let events = [event(7, EventBody::Dismissed), event(8, EventBody::Ended)];
        let seen = |audience| {
            let (prev, events) = share(&events, 4, audience);
            (prev, events.iter().map(|event| event.seq).collect::<Vec<_>>())
        };
        assert_eq!(seen(Audience::Agents), (6, vec![7, 8]));
        assert_eq!(seen(Audience::Visitor), (4, vec![8]));
        assert!(share(&events[..1], 4, Audience::Visitor).1.is_empty());
    }

    #[test]
    fn what_is_known_missing_and_new_follows_from_the_numbers_alone() {
        assert_eq!(standing(5, 3, 5), Standing::Known);
        assert_eq!(standing(5, 5, 7), Standing::Next);
        assert_eq!(standing(5, 6, 7), Standing::Apart);
        assert_eq!(standing(5, 4, 7), Standing::Apart);

        let events = [event(4, EventBody::Ended), event(6, EventBody::Ended)];
        let seqs = |cursor, prev| {
            news(cursor, prev, &events).map(|events| events.iter().map(|event| event.seq).collect::<Vec<_>>())
        };
        assert_eq!(seqs(3, 3), Some(vec![4, 6]));
        assert_eq!(seqs(4, 3), Some(vec![6]), "what overlaps is taken once");
        assert_eq!(seqs(9, 3), Some(vec![]));
        assert_eq!(seqs(2, 3), None);
    }
}
