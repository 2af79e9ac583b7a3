//! The rules for what a visitor does when the chat is over, or never began.

use super::command::{Actor, Context};
use super::decide::{typed_email, typed_name};
use super::event::EventBody;
use super::state::{Chat, MAX_COMMENT_CHARS, MAX_RATINGS, MAX_TRANSCRIPTS, Status};
use crate::model::error::Refusal;
use crate::model::text::RichText;
use crate::model::ticket::TicketRef;

/// Longest subject that is made of a message, in characters.
const SUBJECT_CHARS: usize = 80;

type Decided = Result<Vec<EventBody>, Refusal>;

fn visitor(context: &Context) -> Result<(), Refusal> {
    match context.actor {
        Actor::Visitor(_) => Ok(()),
        Actor::Agent(_) | Actor::System => Err(Refusal::NotAllowed),
    }
}

fn ended(chat: &Chat) -> Result<(), Refusal> {
    if chat.status == Status::Ended { Ok(()) } else { Err(Refusal::NotEnded) }
}

/// The subject of a message that somebody left: its beginning.
pub fn subject_of(text: &RichText) -> String {
    text.preview(SUBJECT_CHARS)
}

/// Who waited in vain leaves a message: a ticket, and the end of the wait. Once an agent has come, they talk.
pub fn leave_message(chat: &Chat, name: &str, email: &str, text: &RichText, context: &Context) -> Decided {
    visitor(context)?;
    match chat.status {
        Status::Waiting => {}
        Status::Ended => return Err(Refusal::ChatEnded),
        Status::Open | Status::New => {
            let by = chat.agent.as_ref().map(|agent| agent.name.clone()).unwrap_or_default();
            return Err(Refusal::AcceptedBy { by });
        }
    }
    text.check()?;
    typed_name(name)?;
    let email = typed_email(email)?.ok_or(Refusal::InvalidEmail)?;
    let id = context.ticket.ok_or(Refusal::NotAllowed)?;
    let known = chat.visitor.as_ref().and_then(|visitor| visitor.email.as_ref());
    let entered = known.is_none().then_some(EventBody::EmailEntered { email });
    let created = EventBody::TicketCreated { ticket: TicketRef { id, subject: subject_of(text) } };
    Ok(entered.into_iter().chain([created, EventBody::Ended]).collect())
}

/// The visitor says whether the chat helped, and may change their mind.
pub fn rate(chat: &Chat, helpful: bool, comment: &str, context: &Context) -> Decided {
    visitor(context)?;
    ended(chat)?;
    let comment = comment.trim();
    if comment.chars().count() > MAX_COMMENT_CHARS {
        return Err(Refusal::CommentTooLong { max: MAX_COMMENT_CHARS });
    }
    match &chat.rating {
        Some(rating) if rating.helpful == helpful && rating.comment == comment => Ok(vec![]),
        Some(rating) if rating.times >= MAX_RATINGS => Err(Refusal::ChangedTooOften),
        _ => Ok(vec![EventBody::Rated { helpful, comment: comment.to_owned() }]),
    }
}

/// The visitor wants the transcript at an address of their choice.
pub fn request_transcript(chat: &Chat, email: &str, context: &Context) -> Decided {
    visitor(context)?;
    ended(chat)?;
    let email = typed_email(email)?.ok_or(Refusal::InvalidEmail)?;
    if chat.transcripts.contains(&email) {
        Err(Refusal::TranscriptSent)
    } else if chat.transcripts.len() >= MAX_TRANSCRIPTS {
        Err(Refusal::TooManyTranscripts)
    } else {
        Ok(vec![EventBody::TranscriptRequested { email }])
    }
}
