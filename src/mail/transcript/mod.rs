//! The transcript that a visitor gets when a chat has ended (M9).

mod view;

use super::letter::{Letter, Writer};
use super::templates::{self, Written};
use crate::model::chat::Conversation;
use crate::model::visitor::Email;
use view::View;

/// Most text of one transcript, in characters, where each message and each file counts a hundred more, and formatting
/// and links about what they take: what mail servers surely take. Of a longer conversation the end is sent, with a line
/// that says how much is left out.
pub const MAX_TRANSCRIPT_CHARS: usize = 300_000;

/// The letter with what the visitor of `conversation` could see of it, and nothing that only agents may see.
///
/// `company` is how the sender calls itself; `message_id` must be the same each time that this transcript is sent.
/// Times are UTC. The same arguments give the same letter.
pub fn transcript(conversation: &Conversation, to: Email, company: &str, message_id: String) -> Letter {
    let view = View::of(conversation, company, MAX_TRANSCRIPT_CHARS);
    let Written { subject, text, html } = templates::write("transcript", view);
    Letter { to, subject, text, html, message_id, references: Vec::new(), writer: Writer::Machine }
}

#[cfg(test)]
mod tests;
