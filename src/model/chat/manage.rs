//! The rules for what agents do with a chat besides talking: department, labels, ticket, block.

use super::command::{Actor, Context};
use super::decide::{chosen_labels, must_be_owner, typed_email};
use super::event::EventBody;
use super::state::{Chat, MAX_TICKETS, Status};
use crate::model::agent::AgentRef;
use crate::model::block::{BLOCK_MS, MAX_REASON_CHARS};
use crate::model::error::Refusal;
use crate::model::ids::{DepartmentId, LabelId};
use crate::model::text::RichText;
use crate::model::ticket::{TicketRef, clean_subject};

type Decided = Result<Vec<EventBody>, Refusal>;

fn agent(context: &Context) -> Result<&AgentRef, Refusal> {
    match &context.actor {
        Actor::Agent(agent) => Ok(agent),
        Actor::Visitor(_) | Actor::System => Err(Refusal::NotAllowed),
    }
}

/// Any agent may pass a chat to another department (M10): also to put right what a visitor chose wrongly.
pub fn set_department(chat: &Chat, wanted: Option<DepartmentId>, context: &Context) -> Decided {
    agent(context)?;
    if wanted.is_some() && context.department.is_none() {
        return Err(Refusal::UnknownDepartment);
    }
    let same = chat.department.as_ref().map(|department| department.id) == wanted;
    Ok(if same { vec![] } else { vec![EventBody::DepartmentChanged { department: context.department.clone() }] })
}

/// Any agent may label a chat (M10), also an ended one.
pub fn set_labels(chat: &Chat, wanted: &[LabelId], context: &Context) -> Decided {
    agent(context)?;
    let labels = chosen_labels(wanted, &context.labels, &chat.labels)?;
    Ok(if chat.labels == labels { vec![] } else { vec![EventBody::LabelsChanged { labels }] })
}

/// Any agent may make a ticket of a chat (M7). It needs an email: the visitor's, or one that the agent enters, which is
/// then kept on the chat.
pub fn create_ticket(
    chat: &Chat,
    email: &str,
    subject: &str,
    description: &RichText,
    department: Option<DepartmentId>,
    labels: &[LabelId],
    context: &Context,
) -> Decided {
    agent(context)?;
    let known = chat.visitor.as_ref().and_then(|visitor| visitor.email.as_ref());
    let entered = typed_email(email)?;
    if entered.is_none() && known.is_none() {
        return Err(Refusal::EmailNeeded);
    }
    let subject = clean_subject(subject)?;
    description.check()?;
    if department.is_some() && context.department.is_none() {
        return Err(Refusal::UnknownDepartment);
    }
    chosen_labels(labels, &context.labels, &[])?;
    if chat.tickets.len() >= MAX_TICKETS {
        return Err(Refusal::TooManyTickets);
    }
    let id = context.ticket.ok_or(Refusal::NotAllowed)?;
    let kept = entered.filter(|_| known.is_none()).map(|email| EventBody::EmailEntered { email });
    let created = EventBody::TicketCreated { ticket: TicketRef { id, subject } };
    Ok(kept.into_iter().chain([created]).collect())
}

/// The agent who answers, or any when nobody does, keeps the visitor out for [`BLOCK_MS`] (M12). That ends the chat.
pub fn block(chat: &Chat, reason: &str, address: bool, context: &Context) -> Decided {
    let agent = agent(context)?;
    if chat.status == Status::Open {
        must_be_owner(chat, agent)?;
    }
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > MAX_REASON_CHARS {
        return Err(Refusal::InvalidReason { max: MAX_REASON_CHARS });
    }
    if chat.blocked_until.is_some_and(|until| until > context.now) {
        return Err(Refusal::AlreadyBlocked);
    }
    if address && context.address.is_none() {
        return Err(Refusal::AddressNotKnown);
    }
    let blocked = EventBody::Blocked {
        until: context.now + BLOCK_MS,
        reason: reason.to_owned(),
        address: context.address.clone().filter(|_| address),
    };
    let ended = chat.status.is_live().then_some(EventBody::Ended);
    Ok([blocked].into_iter().chain(ended).collect())
}

/// Whoever may see the list of blocks may lift one; that is checked where the list is read.
pub fn lift_block(chat: &Chat, context: &Context) -> Decided {
    agent(context)?;
    let active = chat.blocked_until.is_some_and(|until| until > context.now);
    Ok(if active { vec![EventBody::BlockLifted] } else { vec![] })
}
