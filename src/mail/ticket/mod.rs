//! The mails of a ticket: that a message has arrived, and each answer to it (M7).
//!
//! All mails of one ticket are one thread. The mail of entry 4 of ticket 17 is `<ticket-17-4@domain>`, however often it
//! is sent.

mod view;

use super::letter::{Letter, Writer};
use super::templates::{self, Written};
use crate::model::chat::Author;
use crate::model::text::RichText;
use crate::model::ticket::{Ticket, TicketEntry, TicketEntryBody};
use view::{Quote, Received, Reply};

/// Tells the one who left a message that it has arrived, and its number. `described` is the ticket's first entry;
/// `company` is how the sender calls itself. Links in the message are dead in this mail, since nobody has looked at it
/// yet and the address is not proven: a stranger may get it.
///
/// None when a visitor did not describe the ticket: then nobody waits for this.
pub fn received(ticket: &Ticket, described: &TicketEntry, company: &str, domain: &str) -> Option<Letter> {
    let Some(Public::Described(text)) = public(described) else { return None };
    let Written { subject, text, html } =
        templates::write("ticket/received", Received::of(ticket, described, text, company));
    Some(Letter {
        to: ticket.email.clone(),
        subject,
        text,
        html,
        message_id: message_id(ticket, described, domain),
        references: Vec::new(),
        writer: Writer::Machine,
    })
}

/// An agent's answer, with what was said last before it. `entry` is the answer, `earlier` the entries before it; of
/// those only what is [`public`] is used.
///
/// None when `entry` is not an answer.
pub fn reply(
    ticket: &Ticket,
    entry: &TicketEntry,
    earlier: &[TicketEntry],
    company: &str,
    domain: &str,
) -> Option<Letter> {
    let Some(Public::Replied(text)) = public(entry) else { return None };
    let said: Vec<(&TicketEntry, Public<'_>)> = earlier
        .iter()
        .filter(|before| before.seq < entry.seq)
        .filter_map(|before| public(before).map(|public| (before, public)))
        .collect();
    let quote = said.last().and_then(|(before, public)| Quote::of(before, public.text()));
    let Written { subject, text, html } =
        templates::write("ticket/reply", Reply::of(ticket, entry, text, quote, company));
    Some(Letter {
        to: ticket.email.clone(),
        subject,
        text,
        html,
        message_id: message_id(ticket, entry, domain),
        references: said.iter().map(|(before, _)| message_id(ticket, before, domain)).collect(),
        writer: Writer::Person,
    })
}

/// What the one who asked may see of an entry. Each has a mail of its own.
enum Public<'a> {
    Described(&'a RichText),
    Replied(&'a RichText),
}

impl<'a> Public<'a> {
    fn text(&self) -> &'a RichText {
        match self {
            Public::Described(text) | Public::Replied(text) => text,
        }
    }
}

/// The one place that decides what of a ticket leaves the house; a new kind of entry does not compile before it is
/// decided here.
fn public(entry: &TicketEntry) -> Option<Public<'_>> {
    match (&entry.body, &entry.by) {
        (TicketEntryBody::Described { text }, Author::Visitor) => Some(Public::Described(text)),
        // What an agent wrote about a chat, for colleagues.
        (TicketEntryBody::Described { .. }, Author::Agent(_) | Author::System) => None,
        (TicketEntryBody::Replied { text }, Author::Agent(_) | Author::Visitor | Author::System) => {
            Some(Public::Replied(text))
        }
        (
            TicketEntryBody::Noted { .. }
            | TicketEntryBody::StatusChanged { .. }
            | TicketEntryBody::Assigned { .. }
            | TicketEntryBody::DepartmentChanged { .. }
            | TicketEntryBody::LabelsChanged { .. },
            _,
        ) => None,
    }
}

fn message_id(ticket: &Ticket, entry: &TicketEntry, domain: &str) -> String {
    format!("<ticket-{}-{}@{domain}>", ticket.id, entry.seq)
}

#[cfg(test)]
mod tests;
