//! What must be done because of an event, stored with it.

use crate::model::chat::{Chat, Event, EventBody};
use crate::store::{JobKind, NewJob};

/// The jobs that these events of a chat (which has them already) bring. `mail_unanswered` permits the transcript of a
/// chat that no agent took: whoever starts and ends chats by themselves could otherwise mail strangers without limit.
pub fn of(chat: &Chat, events: &[Event], mail_unanswered: bool) -> Vec<NewJob> {
    events.iter().filter_map(|event| job(chat, event, mail_unanswered)).collect()
}

fn job(chat: &Chat, event: &Event, mail_unanswered: bool) -> Option<NewJob> {
    match &event.body {
        EventBody::Ended if chat.agent.is_some() || mail_unanswered => {
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
