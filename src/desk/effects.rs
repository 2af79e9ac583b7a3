//! What must be done because of an event, stored with it.

use crate::model::chat::{Chat, Event, EventBody};
use crate::store::{JobKind, NewJob};

/// The jobs that these events of a chat (which has them already) bring.
pub fn of(chat: &Chat, events: &[Event]) -> Vec<NewJob> {
    events.iter().filter_map(|event| job(chat, event)).collect()
}

fn job(chat: &Chat, event: &Event) -> Option<NewJob> {
    match &event.body {
        EventBody::Ended => {
            // Nobody may mail words of their own to a stranger: a chat that no agent took has no transcript.
            chat.agent.as_ref()?;
            let to = chat.visitor.as_ref()?.email.as_ref()?;
            Some(NewJob {
                kind: JobKind::Transcript { to: to.as_str().to_owned() },
                chat: chat.id,
                dedup: format!("transcript-{}", chat.id),
                at: event.at,
            })
        }
        _ => None,
    }
}
