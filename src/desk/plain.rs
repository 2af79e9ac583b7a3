//! A chat for browsers that run no code of ours: its log is read by a link, which permits nothing else.

use super::{Desk, now, unreadable};
use crate::files;
use crate::live::Viewer;
use crate::model::Millis;
use crate::model::attachment::FileLink;
use crate::model::chat::{Audience, Author, Chat, Command, Conversation, Entry, EntryKind, Seq, Side};
use crate::model::error::{ApiError, Refusal};
use crate::model::ids::{ChatId, CommandId, FileId};
use crate::model::visitor::Connection;
use uuid::Uuid;

/// The latest events that such a log is made of: it is drawn anew every few seconds.
const EVENTS: u32 = 300;

/// What permits to read one chat, until a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLink {
    pub chat: ChatId,
    /// Ms since 1970.
    pub until: Millis,
    pub signature: String,
}

/// The end of a chat as its visitor may see it.
pub struct PlainLog {
    pub chat: Chat,
    /// The latest lines, oldest first.
    pub entries: Vec<Entry>,
    /// There are earlier lines.
    pub is_cut: bool,
    /// Links to the files in these lines.
    pub links: Vec<FileLink>,
}

impl Desk {
    /// A link to read the log of a chat, for 15 to 20 minutes.
    pub fn log_link(&self, chat: ChatId) -> LogLink {
        let until = files::expiry_ms(now());
        LogLink { chat, until, signature: self.inner.links.sign(&signed_name(chat), until, false) }
    }

    /// Reads a chat for whoever has a valid link to its log, which counts as the arrival of its messages.
    ///
    /// # Errors
    /// [`ApiError::NotAllowed`] for a link that is not valid (any more), [`Refusal::Blocked`] for a visitor who is kept
    /// out, [`ApiError::TooMany`], [`ApiError::Internal`] when it cannot be read.
    pub async fn log_by_link(&self, link: &LogLink, connection: Connection) -> Result<PlainLog, ApiError> {
        let valid = self.inner.links.verify(&signed_name(link.chat), link.until, false, &link.signature, now());
        valid.map_err(|_| ApiError::NotAllowed)?;
        self.not_too_many(&format!("log:{}", link.chat))?;
        let chat = self.store().chat(link.chat).await.map_err(unreadable)?.ok_or(ApiError::NoSuchChat)?;
        let visitor = chat.visitor.as_ref().map(|visitor| visitor.id).ok_or(ApiError::NoSuchChat)?;
        if let Some(until) = self.blocked_until(Some(visitor), &connection.ip) {
            return Err(Refusal::Blocked { until }.into());
        }
        self.note_address(visitor, &connection.ip).await;
        if chat.status.is_live() {
            self.hub().note_reader(chat.id);
        }
        let before = (chat.last_seq - Seq::from(EVENTS)).max(0);
        let events = self.store().events(chat.id, Audience::Visitor, before, EVENTS).await.map_err(unreadable)?;
        let entries = Conversation::of(chat.id, &events).entries;
        if let Some(up_to) = undelivered(&chat, &entries) {
            let id = CommandId(Uuid::now_v7());
            // Should it fail, the next reading brings it again.
            let _ =
                self.visitor_command(visitor, connection, Some(chat.id), id, Command::MarkDelivered { up_to }).await;
        }
        let named: Vec<FileId> = entries.iter().flat_map(files_of).collect();
        // Of more files than are linked at one time, the latest.
        let latest: Vec<FileId> = named.into_iter().rev().collect();
        let links = self.file_links(&Viewer::Visitor(visitor), chat.id, &latest).await?;
        Ok(PlainLog { chat, entries, is_cut: before > 0, links })
    }
}

/// What is signed for a log. A file is signed by its UUID, so neither signature is good for the other.
fn signed_name(chat: ChatId) -> String {
    format!("log of chat {chat}")
}

/// The latest message of an agent that has not arrived yet.
fn undelivered(chat: &Chat, entries: &[Entry]) -> Option<Seq> {
    let is_theirs = |entry: &&Entry| matches!((&entry.kind, &entry.by), (EntryKind::Message { .. }, Author::Agent(_)));
    let latest = entries.iter().rev().find(is_theirs)?.seq;
    (latest > chat.receipts(Side::Visitor).delivered).then_some(latest)
}

fn files_of(entry: &Entry) -> Vec<FileId> {
    match &entry.kind {
        EntryKind::Message { attachments, .. } => attachments.iter().map(|file| file.id).collect(),
        _ => Vec::new(),
    }
}
