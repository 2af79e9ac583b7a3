//! What the templates of a ticket's mails are given.

use crate::mail::one_line::one_line;
use crate::mail::wording::{formatted, initial, name};
use crate::mail::words::{Links, Part, Words, weight};
use crate::model::chat::Author;
use crate::model::text::{Block, Inline, RichText};
use crate::model::ticket::{MAX_SUBJECT_CHARS, Ticket, TicketEntry};
use serde::Serialize;

/// Longest quote, in characters; in place of a longer one stands an ellipsis. Only what no person writes is longer.
const MAX_QUOTE_CHARS: usize = 100_000;

/// That a message has arrived.
#[derive(Debug, Serialize)]
pub(super) struct Received {
    /// Empty when the company has no name.
    company: String,
    initial: String,
    ticket: i64,
    subject: String,
    quote: Quote,
}

/// An answer.
#[derive(Debug, Serialize)]
pub(super) struct Reply {
    /// Empty when the company has no name.
    company: String,
    initial: String,
    ticket: i64,
    subject: String,
    /// Empty when it was not an agent.
    agent: String,
    text: Words,
    quote: Option<Quote>,
}

/// What somebody said before.
#[derive(Debug, Serialize)]
pub(super) struct Quote {
    by: String,
    /// The instant, in words.
    at: String,
    parts: Vec<Part>,
    lines: Vec<String>,
}

impl Received {
    pub(super) fn of(ticket: &Ticket, described: &TicketEntry, text: &RichText, company: &str) -> Self {
        Received {
            company: name(company),
            initial: initial(company),
            ticket: ticket.id.0,
            subject: one_line(&ticket.subject, MAX_SUBJECT_CHARS),
            quote: Quote::with(described, text, Links::Dead),
        }
    }
}

impl Reply {
    pub(super) fn of(
        ticket: &Ticket,
        entry: &TicketEntry,
        text: &RichText,
        quote: Option<Quote>,
        company: &str,
    ) -> Self {
        Reply {
            company: name(company),
            initial: initial(company),
            ticket: ticket.id.0,
            subject: one_line(&ticket.subject, MAX_SUBJECT_CHARS),
            agent: match &entry.by {
                Author::Agent(agent) => name(&agent.name),
                Author::Visitor | Author::System => String::new(),
            },
            text: Words::of(text),
            quote,
        }
    }
}

impl Quote {
    /// What was said in this entry; nothing when there is nothing to read.
    pub(super) fn of(entry: &TicketEntry, text: &RichText) -> Option<Self> {
        (!text.is_blank()).then(|| Quote::with(entry, text, Links::Live))
    }

    fn with(entry: &TicketEntry, text: &RichText, links: Links) -> Self {
        let too_long = RichText { blocks: vec![Block::Paragraph(Inline::plain("…"))] };
        let Words { parts, lines } =
            Words::quoted(if weight(text) > MAX_QUOTE_CHARS { &too_long } else { text }, links);
        Quote {
            by: match &entry.by {
                Author::Visitor => "You".to_owned(),
                Author::Agent(agent) => name(&agent.name),
                Author::System => "The system".to_owned(),
            },
            at: formatted(entry.at, "%-d %B %Y at %H:%M UTC"),
            parts,
            lines,
        }
    }
}
