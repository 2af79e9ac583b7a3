//! The rules: who may do what, in which state. Pure: the same chat, command and context give the same events for ever.

use super::command::{Actor, Command, Context};
use super::event::{Author, Event, EventBody, Side};
use super::state::{Chat, Status};
use super::{Audience, Seq, after, manage, release};
use crate::model::agent::{self, AgentRef};
use crate::model::attachment::Attachment;
use crate::model::error::Refusal;
use crate::model::identity::ProvenIdentity;
use crate::model::ids::{FileId, LabelId, VisitorId};
use crate::model::label::{self, Label};
use crate::model::visitor::{Email, VisitorCard};

/// What a command makes happen in a chat, or why it does not. No events means that what is asked for is so already.
///
/// # Errors
/// The [`Refusal`] that tells the person who asked why nothing happens.
pub fn decide(chat: &Chat, command: Command, context: &Context) -> Result<Vec<EventBody>, Refusal> {
    may_speak(chat, &command, context)?;
    match command {
        Command::Start { name, email, department, text, visit, page } => {
            let Actor::Visitor(id) = context.actor else { return Err(Refusal::NotAllowed) };
            if chat.status != Status::New {
                return Err(Refusal::AlreadyChatting { chat: chat.id });
            }
            text.check()?;
            if context.nobody_available {
                return Err(Refusal::NobodyAvailable);
            }
            if department.is_some() && context.department.is_none() {
                return Err(Refusal::UnknownDepartment);
            }
            let visitor = introduced(id, &name, &email, context.proven.clone())?;
            let mut events = vec![
                EventBody::Started { visitor, department: context.department.clone() },
                EventBody::VisitRecorded {
                    connection: context.connection.clone().bounded(),
                    visit: visit.bounded(),
                    site: context.site.clone(),
                },
            ];
            if !context.data.is_empty() {
                events.push(EventBody::DataTold { data: context.data.clone() });
            }
            if let Some(page) = page {
                events.push(EventBody::PageViewed { page: page.bounded() });
            }
            events.push(EventBody::Message { text, attachments: Vec::new() });
            Ok(events)
        }
        Command::Accept => {
            let Actor::Agent(agent) = &context.actor else { return Err(Refusal::NotAllowed) };
            match &chat.agent {
                _ if chat.status == Status::Ended => Err(Refusal::ChatEnded),
                Some(owner) if owner.id == agent.id => Ok(vec![]),
                Some(owner) => Err(Refusal::AcceptedBy { by: owner.name.clone() }),
                None => Ok(vec![EventBody::Accepted]),
            }
        }
        Command::Dismiss => {
            let Actor::Agent(agent) = &context.actor else { return Err(Refusal::NotAllowed) };
            let already = chat.dismissed_by.contains(&agent.id);
            Ok(if chat.status == Status::Waiting && !already { vec![EventBody::Dismissed] } else { vec![] })
        }
        Command::MarkDelivered { up_to } => {
            let side = context.actor.side();
            let receipts = chat.receipts(side);
            Ok(newest_unread(chat, side, up_to)
                .filter(|newest| *newest > receipts.delivered)
                .map(|up_to| EventBody::Delivered { up_to })
                .into_iter()
                .collect())
        }
        Command::MarkRead { up_to } => {
            if let Actor::Agent(agent) = &context.actor {
                // What a colleague only looks at stays unread for the one who answers.
                if chat.agent.as_ref().is_none_or(|owner| owner.id != agent.id) {
                    return Ok(vec![]);
                }
            }
            let side = context.actor.side();
            Ok(newest_unread(chat, side, up_to).map(|up_to| EventBody::Read { up_to }).into_iter().collect())
        }
        Command::ViewPage { page } => {
            let Actor::Visitor(_) = context.actor else { return Err(Refusal::NotAllowed) };
            must_be_live(chat)?;
            Ok(vec![EventBody::PageViewed { page: page.bounded() }])
        }
        Command::Introduce { data } => introduce(chat, data, context),
        Command::SetDepartment { department } => manage::set_department(chat, department, context),
        Command::SetLabels { labels } => manage::set_labels(chat, &labels, context),
        Command::CreateTicket { email, subject, description, department, labels } => {
            manage::create_ticket(chat, &email, &subject, &description, department, &labels, context)
        }
        Command::Block { reason, address } => manage::block(chat, &reason, address, context),
        Command::LiftBlock => manage::lift_block(chat, context),
        Command::LeaveMessage { name, email, text } => after::leave_message(chat, &name, &email, &text, context),
        Command::Release { from, reason } => release::release(chat, from, reason, context),
        command @ (Command::Send { .. } | Command::End | Command::Rate { .. } | Command::RequestTranscript { .. }) => {
            on_both_ends(chat, command, context)
        }
    }
}

/// The same for the commands about which a browser asks the rules before it sends them, and only for these: a visitor
/// downloads no more rules than that.
///
/// # Errors
/// As [`decide`]; [`Refusal::NotAllowed`] for every other command.
pub fn foresee(chat: &Chat, command: Command, context: &Context) -> Result<Vec<EventBody>, Refusal> {
    may_speak(chat, &command, context)?;
    on_both_ends(chat, command, context)
}

/// What the server and a browser decide alike.
fn on_both_ends(chat: &Chat, command: Command, context: &Context) -> Result<Vec<EventBody>, Refusal> {
    match command {
        Command::Send { text, attachments: files } => {
            may_write(chat, &context.actor)?;
            let attachments = attached(&files, context)?;
            if attachments.is_empty() {
                text.check()?
            } else {
                text.check_bounds()?
            }
            Ok(vec![EventBody::Message { text, attachments }])
        }
        Command::End => {
            if let Actor::Agent(agent) = &context.actor
                && chat.status == Status::Open
            {
                must_be_owner(chat, agent)?;
            }
            Ok(if chat.status == Status::Ended { vec![] } else { vec![EventBody::Ended] })
        }
        Command::Rate { helpful, comment } => after::rate(chat, helpful, &comment, context),
        Command::RequestTranscript { email } => after::request_transcript(chat, &email, context),
        _ => Err(Refusal::NotAllowed),
    }
}

/// Who starts a chat. What is proven counts in place of what was typed, which need not even be right then.
fn introduced(id: VisitorId, name: &str, email: &str, proven: Option<ProvenIdentity>) -> Result<VisitorCard, Refusal> {
    let of_proof = proven.clone().unwrap_or_default();
    let name = match of_proof.name {
        Some(name) => Some(name),
        None => typed_name(name)?,
    };
    let email = match of_proof.email {
        Some(email) => Some(email),
        None => typed_email(email)?,
    };
    Ok(VisitorCard { id, name, email, proven })
}

/// The website says anew who its visitor is. A token that proves nothing changes nothing, as at the start.
fn introduce(chat: &Chat, data: bool, context: &Context) -> Result<Vec<EventBody>, Refusal> {
    let Actor::Visitor(_) = context.actor else { return Err(Refusal::NotAllowed) };
    must_be_live(chat)?;
    let known = chat.visitor.as_ref().and_then(|visitor| visitor.proven.as_ref());
    let proven = context.proven.as_ref().filter(|proven| known != Some(*proven));
    let identified = proven.map(|proven| EventBody::Identified { proven: proven.clone() });
    let told = (data && context.data != chat.data).then(|| EventBody::DataTold { data: context.data.clone() });
    Ok(identified.into_iter().chain(told).collect())
}

/// The files that a message names, as they are stored.
fn attached(files: &[FileId], context: &Context) -> Result<Vec<Attachment>, Refusal> {
    if files.len() > context.max_files {
        return Err(Refusal::TooManyFiles { max: context.max_files });
    }
    let mut attached: Vec<Attachment> = Vec::with_capacity(files.len());
    for id in files {
        let stored = context.attachments.iter().find(|file| file.id == *id).ok_or(Refusal::UnknownFile)?;
        if attached.iter().all(|before| before.id != *id) {
            attached.push(stored.clone());
        }
    }
    Ok(attached)
}

/// The labels with these ids, each once, in this order: known ones, and those that were there before. One that an admin
/// has deleted stays on what has it until somebody takes it off.
///
/// # Errors
/// [`Refusal::TooManyLabels`], [`Refusal::UnknownLabel`].
pub fn chosen_labels(named: &[LabelId], known: &[Label], before: &[Label]) -> Result<Vec<Label>, Refusal> {
    if named.len() > label::MAX_LABELS {
        return Err(Refusal::TooManyLabels { max: label::MAX_LABELS });
    }
    let mut chosen: Vec<Label> = Vec::with_capacity(named.len());
    for id in named {
        let label = known.iter().chain(before).find(|label| label.id == *id).ok_or(Refusal::UnknownLabel)?;
        if chosen.iter().all(|other| other.id != *id) {
            chosen.push(label.clone());
        }
    }
    Ok(chosen)
}

/// Runs [`decide`] and numbers what comes out, applying it to `chat`. The one way in which events come into being, on
/// the server (then they are stored) and in the browser (then they are a prediction).
///
/// # Errors
/// As [`decide`]; `chat` is then unchanged.
pub fn commit(chat: &mut Chat, command: Command, context: &Context) -> Result<Vec<Event>, Refusal> {
    let bodies = decide(chat, command, context)?;
    let events: Vec<Event> = bodies
        .into_iter()
        .enumerate()
        .map(|(i, body)| Event {
            seq: chat.last_seq + 1 + i as Seq,
            at: context.now.max(chat.updated_at),
            by: author(&context.actor, &body),
            command: (i == 0).then_some(context.command),
            body,
        })
        .collect();
    for event in &events {
        chat.apply(event);
    }
    Ok(events)
}

/// Who an event is by. Only taking the chat and writing in it show the photo: so a visitor learns the photos of those who
/// answered, and of nobody else.
fn author(actor: &Actor, body: &EventBody) -> Author {
    match actor.author() {
        Author::Agent(agent) if !matches!(body, EventBody::Accepted | EventBody::Message { .. }) => {
            Author::Agent(AgentRef { photo: None, ..agent })
        }
        author => author,
    }
}

/// Whether this actor has a voice in this chat at all.
fn may_speak(chat: &Chat, command: &Command, context: &Context) -> Result<(), Refusal> {
    match &context.actor {
        _ if chat.status == Status::New && !matches!(command, Command::Start { .. }) => Err(Refusal::NotStarted),
        Actor::Visitor(id) if chat.visitor.as_ref().is_some_and(|visitor| visitor.id != *id) => {
            Err(Refusal::NotAllowed)
        }
        Actor::Visitor(_) => context.blocked_until.map_or(Ok(()), |until| Err(Refusal::Blocked { until })),
        Actor::Agent(_) => Ok(()),
        // The house has one thing to say.
        Actor::System if matches!(command, Command::Release { .. }) => Ok(()),
        Actor::System => Err(Refusal::NotAllowed),
    }
}

/// Whether this actor may write in this chat now, and so upload files for it. That a visitor's chat is theirs is known by
/// then.
///
/// # Errors
/// [`Refusal::ChatEnded`], [`Refusal::NotAccepted`], [`Refusal::NotYourChat`].
pub fn may_write(chat: &Chat, actor: &Actor) -> Result<(), Refusal> {
    must_be_live(chat)?;
    match actor {
        Actor::Agent(agent) => must_be_owner(chat, agent),
        Actor::Visitor(_) => Ok(()),
        Actor::System => Err(Refusal::NotAllowed),
    }
}

fn must_be_live(chat: &Chat) -> Result<(), Refusal> {
    if chat.status == Status::Ended { Err(Refusal::ChatEnded) } else { Ok(()) }
}

pub(super) fn must_be_owner(chat: &Chat, agent: &agent::AgentRef) -> Result<(), Refusal> {
    match &chat.agent {
        None => Err(Refusal::NotAccepted),
        Some(owner) if owner.id == agent.id => Ok(()),
        Some(owner) => Err(Refusal::NotYourChat { by: owner.name.clone() }),
    }
}

/// The newest message up to `up_to` that `side` has not read.
fn newest_unread(chat: &Chat, side: Side, up_to: Seq) -> Option<Seq> {
    chat.receipts(side).unread.iter().rev().find(|seq| **seq <= up_to).copied()
}

/// A typed name, if there is one.
///
/// # Errors
/// [`Refusal::InvalidName`] over [`agent::MAX_NAME_CHARS`] characters.
pub fn typed_name(name: &str) -> Result<Option<String>, Refusal> {
    let name: String = name.trim().chars().filter(|c| !c.is_control()).collect();
    if name.chars().count() > agent::MAX_NAME_CHARS {
        Err(Refusal::InvalidName { max: agent::MAX_NAME_CHARS })
    } else {
        Ok((!name.is_empty()).then_some(name))
    }
}

/// A typed email, if there is one.
///
/// # Errors
/// [`Refusal::InvalidEmail`].
pub fn typed_email(email: &str) -> Result<Option<Email>, Refusal> {
    if email.trim().is_empty() { Ok(None) } else { Email::parse(email).map(Some) }
}

impl Chat {
    /// The number before `seq` in what `audience` sees, given that `seq` is the next event after this state.
    pub fn last_seq_for(&self, audience: Audience) -> Seq {
        match audience {
            Audience::Visitor => self.last_public_seq,
            Audience::Agents => self.last_seq,
        }
    }
}
