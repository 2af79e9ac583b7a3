//! What must be done because of an event, stored with it.

use super::tickets::received_job;
use crate::model::chat::{Chat, Command, Context, Event, EventBody, chosen_labels, typed_email, typed_name};
use crate::model::ticket::{NewTicket, TicketRef};
use crate::model::visitor::Email;
use crate::store::{Decision, JobKind, NewJob};

/// What these events of a chat (which has them already) bring. `to_strangers` permits mails that nobody of the house
/// asked for: whoever starts and ends chats by themselves could otherwise mail strangers without limit.
pub fn of(chat: &Chat, events: Vec<Event>, command: &Command, context: &Context, to_strangers: bool) -> Decision {
    let mut decision = Decision::default();
    for event in &events {
        match &event.body {
            // A message that is left is answered as a ticket; what was said before it is sent all the same.
            EventBody::Ended if left(command).is_none() || chat.was_accepted() => {
                let to = chat.visitor.as_ref().and_then(|visitor| visitor.email.as_ref());
                if let Some(to) = to.filter(|_| chat.was_accepted() || to_strangers) {
                    decision.jobs.push(transcript(chat, event, to, format!("transcript-{}", chat.id)));
                }
            }
            EventBody::TranscriptRequested { email } => {
                // To the visitor's own address it goes once, whoever asked first.
                let own = chat.visitor.as_ref().and_then(|visitor| visitor.email.as_ref()) == Some(email);
                let name = match own {
                    true => format!("transcript-{}", chat.id),
                    false => format!("transcript-{}-{}", chat.id, event.seq),
                };
                decision.jobs.push(transcript(chat, event, email, name));
            }
            EventBody::TicketCreated { ticket } => {
                decision.ticket = ticket_of(chat, event, ticket, command, context);
                if left(command).is_some() && to_strangers {
                    decision.jobs.push(received_job(ticket.id, event.at));
                }
            }
            _ => {}
        }
    }
    Decision { events, ..decision }
}

fn transcript(chat: &Chat, event: &Event, to: &Email, dedup: String) -> NewJob {
    let kind = JobKind::Transcript { to: to.as_str().to_owned() };
    NewJob { kind, chat: Some(chat.id), dedup, at: event.at }
}

/// The message that somebody leaves instead of waiting.
fn left(command: &Command) -> Option<()> {
    matches!(command, Command::LeaveMessage { .. }).then_some(())
}

/// The ticket that the rules permitted, with what the command says of it.
fn ticket_of(
    chat: &Chat,
    event: &Event,
    ticket: &TicketRef,
    command: &Command,
    context: &Context,
) -> Option<NewTicket> {
    let known = chat.visitor.as_ref();
    let (name, email, description, department, labels) = match command {
        Command::CreateTicket { email, description, labels, .. } => {
            let labels = chosen_labels(labels, &context.labels, &[]).ok()?;
            (None, email, description, context.department.clone(), labels)
        }
        Command::LeaveMessage { name, email, text } => {
            (typed_name(name).ok().flatten(), email, text, chat.department.clone(), Vec::new())
        }
        _ => return None,
    };
    let entered = typed_email(email).ok().flatten();
    let email = entered.or_else(|| known.and_then(|visitor| visitor.email.clone()))?;
    Some(NewTicket {
        id: ticket.id,
        subject: ticket.subject.clone(),
        name: name.or_else(|| known.and_then(|visitor| visitor.name.clone())),
        email_proven: known.is_some_and(|visitor| visitor.proves(&email)),
        email,
        department,
        labels,
        assignee: None,
        chat: Some(chat.id),
        site: chat.site.clone(),
        by: event.by.clone(),
        at: event.at,
        description: description.clone(),
    })
}
