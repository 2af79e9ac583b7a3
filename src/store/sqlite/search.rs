//! Full text: what FTS5 is asked, and what it is given.

use crate::model::attachment::Attachment;
use crate::model::chat::{Author, Chat, EventBody, Status};
use crate::model::ids::{ChatId, TicketId};
use crate::model::text::RichText;
use crate::model::ticket::{Ticket, TicketEntry, TicketEntryBody};
use crate::store::StoreError;
use futures::TryStreamExt;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

/// Words of one search that count.
const MAX_WORDS: usize = 10;
/// Characters of one word that count.
const MAX_WORD_CHARS: usize = 64;
/// How much of a chat can be found, in characters from its beginning. The migration that brought search has it too.
const MAX_CHAT_CHARS: usize = 1_000_000;
/// How much of a ticket can be found, in characters from its beginning: each reply writes all of it again.
const MAX_TICKET_CHARS: usize = 200_000;

/// What FTS5 is asked for these words: all of them, each as the beginning of one. None when there is no word.
pub fn match_all(words: &str) -> Option<String> {
    let asked: Vec<String> = without_controls(words)
        .split_whitespace()
        .take(MAX_WORDS)
        .map(|word| {
            // In quotes nothing has a meaning of its own but the quote.
            let word: String = word.chars().take(MAX_WORD_CHARS).collect();
            format!("\"{}\"*", word.replace('"', "\"\""))
        })
        .collect();
    (!asked.is_empty()).then(|| asked.join(" "))
}

/// Makes an ended chat searchable. Reads its messages from the log, so they must be written before.
pub async fn index_chat(connection: &mut SqliteConnection, chat: &Chat) -> Result<(), StoreError> {
    let text = said_in(connection, chat.id).await?;
    sqlx::query("INSERT INTO chat_search (rowid, visitor, text) VALUES ($1, $2, $3)")
        .bind(chat.id.0)
        .bind(visitor_of(chat))
        .bind(text)
        .execute(connection)
        .await?;
    Ok(())
}

/// Shows a change of the visitor's card in what is found, when the chat is searchable already.
pub async fn index_visitor(connection: &mut SqliteConnection, chat: &Chat) -> Result<(), StoreError> {
    if chat.status == Status::Ended {
        sqlx::query("UPDATE chat_search SET visitor = $2 WHERE rowid = $1")
            .bind(chat.id.0)
            .bind(visitor_of(chat))
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Makes a new ticket searchable.
pub async fn index_ticket(
    connection: &mut SqliteConnection,
    ticket: &Ticket,
    first: &TicketEntry,
) -> Result<(), StoreError> {
    let mut text = Text::of_ticket();
    text.add_body(&first.body);
    sqlx::query("INSERT INTO ticket_search (rowid, subject, requester, text) VALUES ($1, $2, $3, $4)")
        .bind(ticket.id.0)
        .bind(without_controls(&ticket.subject))
        .bind(requester_of(ticket))
        .bind(text.written)
        .execute(connection)
        .await?;
    Ok(())
}

/// Adds to what is found of a ticket.
pub async fn index_entries(
    connection: &mut SqliteConnection,
    ticket: TicketId,
    entries: &[TicketEntry],
) -> Result<(), StoreError> {
    if entries.iter().all(|entry| text_of(&entry.body).is_none()) {
        return Ok(());
    }
    let row = sqlx::query("SELECT text FROM ticket_search WHERE rowid = $1")
        .bind(ticket.0)
        .fetch_optional(&mut *connection)
        .await?;
    let mut text = Text::new(row.map(|row| row.get(0)).unwrap_or_default(), MAX_TICKET_CHARS);
    if text.is_full() {
        return Ok(());
    }
    entries.iter().for_each(|entry| text.add_body(&entry.body));
    sqlx::query("UPDATE ticket_search SET text = $2 WHERE rowid = $1")
        .bind(ticket.0)
        .bind(text.written)
        .execute(connection)
        .await?;
    Ok(())
}

async fn said_in(connection: &mut SqliteConnection, chat: ChatId) -> Result<String, StoreError> {
    let mut text = Text::of_chat();
    // Messages are for everybody; what is only for agents need not be read.
    let mut rows = sqlx::query("SELECT seq, body FROM events WHERE chat_id = $1 AND public = 1 ORDER BY seq")
        .bind(chat.0)
        .fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let (_, body): (Author, EventBody) = serde_json::from_str(row.get(1))
            .map_err(|error| StoreError::Corrupt(format!("event {} of chat {chat}: {error}", row.get::<i64, _>(0))))?;
        if let EventBody::Message { text: said, attachments } = body {
            text.add_message(&said, &attachments);
        }
        if text.is_full() {
            break;
        }
    }
    Ok(text.written)
}

/// What is found of a chat's visitor.
pub fn visitor_of(chat: &Chat) -> String {
    let visitor = chat.visitor.as_ref();
    let name = visitor.and_then(|visitor| visitor.name.as_deref());
    let email = visitor.and_then(|visitor| visitor.email.as_ref()).map(|email| email.as_str());
    without_controls(&[name, email].into_iter().flatten().collect::<Vec<_>>().join(" "))
}

/// What is found of the one who asked.
pub fn requester_of(ticket: &Ticket) -> String {
    without_controls(&format!("{} {}", ticket.name.as_deref().unwrap_or_default(), ticket.email.as_str()))
}

fn text_of(entry: &TicketEntryBody) -> Option<String> {
    match entry {
        TicketEntryBody::Described { text } | TicketEntryBody::Replied { text } | TicketEntryBody::Noted { text } => {
            Some(text.to_plain())
        }
        TicketEntryBody::StatusChanged { .. }
        | TicketEntryBody::Assigned { .. }
        | TicketEntryBody::DepartmentChanged { .. }
        | TicketEntryBody::LabelsChanged { .. } => None,
    }
}

/// Line feeds stay; other control characters could be taken for the marks of hits, or for the end of a query.
fn without_controls(text: &str) -> String {
    text.replace(|c: char| c.is_control() && c != '\n', " ")
}

/// Text that grows up to a bound.
pub struct Text {
    written: String,
    /// Characters that may still come.
    room: usize,
}

impl Text {
    /// What is found of a chat: nothing yet.
    pub fn of_chat() -> Self {
        Text::new(String::new(), MAX_CHAT_CHARS)
    }

    /// What is found of a ticket: nothing yet.
    pub fn of_ticket() -> Self {
        Text::new(String::new(), MAX_TICKET_CHARS)
    }

    fn new(written: String, most: usize) -> Self {
        let room = most.saturating_sub(written.chars().count());
        Text { written, room }
    }

    /// Whether nothing more is taken.
    pub fn is_full(&self) -> bool {
        self.room == 0
    }

    /// Adds lines, as far as there is room.
    fn add(&mut self, lines: &str) {
        if !self.written.is_empty() && self.room > 0 {
            self.written.push('\n');
            self.room -= 1;
        }
        for c in without_controls(lines).chars().take(self.room) {
            self.written.push(c);
            self.room -= 1;
        }
    }

    /// Adds what was said in a message.
    pub fn add_message(&mut self, said: &RichText, attachments: &[Attachment]) {
        self.add(&said.to_plain());
        attachments.iter().for_each(|file| self.add(&file.name));
    }

    /// Adds what was written in an entry of a ticket.
    pub fn add_body(&mut self, body: &TicketEntryBody) {
        if let Some(lines) = text_of(body) {
            self.add(&lines);
        }
    }

    /// All of it.
    pub fn into_written(self) -> String {
        self.written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_quoted_whatever_it_holds() {
        assert_eq!(match_all(" blue  lamp ").as_deref(), Some("\"blue\"* \"lamp\"*"));
        assert_eq!(match_all("say\"so NEAR(\u{0}x").as_deref(), Some("\"say\"\"so\"* \"NEAR(\"* \"x\"*"));
        assert_eq!(match_all(" \t\u{1}"), None);
        assert_eq!(match_all(&"a ".repeat(99)).unwrap().matches('*').count(), MAX_WORDS);
    }

    #[test]
    fn text_grows_up_to_its_bound() {
        let mut text = Text::new("ä".into(), 6);
        text.add("b\u{1}c");
        assert!(!text.is_full());
        text.add("dü");
        assert!(text.is_full());
        assert_eq!(text.written, "ä\nb c\n");
        text.add("more");
        assert_eq!(text.written, "ä\nb c\n");
    }
}
