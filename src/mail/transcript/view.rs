//! What the templates of a transcript are given: plain values, as structured as the page.

use crate::mail::one_line::one_line;
use crate::mail::wording::{formatted, initial, name};
use crate::mail::words::{Part, Words, weight};
use crate::model::Millis;
use crate::model::agent::AgentRef;
use crate::model::attachment::{Attachment, size_in_words};
use crate::model::chat::{Author, Conversation, Entry, EntryKind, ReleaseReason};
use crate::model::department::DepartmentRef;
use crate::model::text::RichText;
use serde::Serialize;

/// Messages of one author within this time stand together under one name and time.
const GROUP_MS: Millis = 5 * 60 * 1000;
/// What a message, and each of its files, counts besides its characters.
const MESSAGE_CHARS: usize = 100;
/// Longest name of a file that is shown, in characters.
const MAX_FILE_NAME_CHARS: usize = 200;

/// A transcript.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct View {
    /// Empty when the company has no name.
    pub(super) company: String,
    pub(super) initial: String,
    pub(super) chat: i64,
    /// The day of the chat, or its first and last.
    pub(super) date: String,
    /// Who answered, in words; empty when nobody did.
    pub(super) agents: String,
    /// Empty when none was chosen.
    pub(super) department: String,
    /// How many of the first messages are not in the mail.
    pub(super) left_out: usize,
    pub(super) days: Vec<Day>,
}

#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Day {
    pub(super) label: String,
    pub(super) rows: Vec<Row>,
}

#[derive(Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Row {
    /// Something happened: a sentence without its full stop.
    Notice { time: String, text: String },
    /// Messages of one author.
    Group(Group),
}

#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Group {
    /// Written by the visitor, who reads this.
    pub(super) mine: bool,
    pub(super) author: String,
    pub(super) initial: String,
    pub(super) time: String,
    pub(super) messages: Vec<Message>,
}

#[derive(Debug, Default, PartialEq, Serialize)]
pub(super) struct Message {
    pub(super) parts: Vec<Part>,
    /// The same and the files, without HTML.
    pub(super) lines: Vec<String>,
    pub(super) files: Vec<File>,
}

/// A file that came with a message. It is named and not linked: links to files end, and are not for everybody whom a
/// mail is passed on to.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct File {
    pub(super) name: String,
    /// In words.
    pub(super) size: String,
}

impl View {
    /// What the visitor may see of the conversation; of a long one its end, at most `max_chars` characters.
    pub(super) fn of(conversation: &Conversation, company: &str, max_chars: usize) -> Self {
        let visitor = conversation.chat.visitor.as_ref().and_then(|card| card.name.as_deref());
        let mut view = View {
            company: name(company),
            initial: initial(company),
            chat: conversation.chat.id.0,
            date: String::new(),
            agents: String::new(),
            department: conversation.chat.department.as_ref().map_or_else(String::new, |d| name(&d.name)),
            left_out: 0,
            days: Vec::new(),
        };
        let first_shown = first_within(&conversation.entries, max_chars);
        let mut agents: Vec<String> = Vec::new();
        let mut previous: Option<&Entry> = None;
        for (index, entry) in conversation.entries.iter().enumerate() {
            let Some(public) = public(entry) else { continue };
            let author = called(&entry.by, visitor);
            if matches!(entry.by, Author::Agent(_)) && !agents.contains(&author) {
                agents.push(author.clone());
            }
            if index < first_shown {
                view.left_out += usize::from(matches!(public, Public::Message(..)));
                continue;
            }
            let day = view.day(entry.at);
            match public {
                Public::Start => {}
                Public::Notice(what) => {
                    day.rows.push(Row::Notice { time: time(entry.at), text: format!("{author} {what}") });
                }
                Public::Of(agent, what) => {
                    let text = format!("{} {what}", name(&agent.name));
                    day.rows.push(Row::Notice { time: time(entry.at), text });
                }
                Public::Message(text, attachments) => {
                    let continues = previous.is_some_and(|p| p.by == entry.by && entry.at - p.at <= GROUP_MS);
                    let message = message(text, attachments);
                    match day.rows.last_mut() {
                        Some(Row::Group(group)) if continues => group.messages.push(message),
                        _ => day.rows.push(Row::Group(Group {
                            mine: entry.by == Author::Visitor,
                            initial: initial(&author),
                            author,
                            time: time(entry.at),
                            messages: vec![message],
                        })),
                    }
                }
            }
            previous = Some(entry);
        }
        view.date = date(conversation);
        view.agents = listed(&agents);
        view
    }

    /// The day of this instant, added when it has not begun.
    fn day(&mut self, at: Millis) -> &mut Day {
        let label = day_label(at);
        if self.days.last().is_none_or(|day| day.label != label) {
            self.days.push(Day { label, rows: Vec::new() });
        }
        let last = self.days.len() - 1;
        &mut self.days[last]
    }
}

/// What a visitor may see of an entry.
enum Public<'a> {
    Start,
    /// What the author did, in words.
    Notice(String),
    /// What happened to an agent, in words.
    Of(&'a AgentRef, &'static str),
    Message(&'a RichText, &'a [Attachment]),
}

/// The one place that decides what of a conversation leaves the house; a new kind of entry does not compile before it
/// is decided here.
fn public(entry: &Entry) -> Option<Public<'_>> {
    match &entry.kind {
        EntryKind::Started => Some(Public::Start),
        EntryKind::Accepted => Some(Public::Notice("joined the chat".into())),
        EntryKind::Released { agent, reason: ReleaseReason::ConnectionLost } => {
            Some(Public::Of(agent, "lost the connection"))
        }
        EntryKind::Released { agent, .. } => Some(Public::Of(agent, "left the chat")),
        EntryKind::Message { text, attachments, .. } => Some(Public::Message(text, attachments)),
        EntryKind::Ended => Some(Public::Notice("ended the chat".into())),
        EntryKind::DepartmentChanged { department } => Some(Public::Notice(moved(department.as_ref()))),
        // For agents only.
        EntryKind::Identified { .. }
        | EntryKind::PageViewed { .. }
        | EntryKind::LabelsChanged { .. }
        | EntryKind::TicketCreated { .. }
        | EntryKind::Blocked { .. }
        | EntryKind::BlockLifted => None,
        // After the end, so not part of what was said.
        EntryKind::Rated { .. } | EntryKind::TranscriptRequested { .. } => None,
    }
}

/// A chat without a department is everyone's.
fn moved(department: Option<&DepartmentRef>) -> String {
    department.map_or_else(
        || "moved the chat to all departments".to_owned(),
        |department| format!("moved the chat to {}", name(&department.name)),
    )
}

/// The index of the first entry from which on the messages have at most `max` characters together.
fn first_within(entries: &[Entry], max: usize) -> usize {
    let mut room = max;
    for (index, entry) in entries.iter().enumerate().rev() {
        let EntryKind::Message { text, attachments, .. } = &entry.kind else { continue };
        let chars = weight(text) + (1 + attachments.len()) * MESSAGE_CHARS;
        match room.checked_sub(chars) {
            Some(left) => room = left,
            None => return index + 1,
        }
    }
    0
}

fn message(text: &RichText, attachments: &[Attachment]) -> Message {
    let files: Vec<File> = attachments
        .iter()
        .map(|file| File { name: one_line(&file.name, MAX_FILE_NAME_CHARS), size: size_in_words(file.size) })
        .collect();
    let Words { parts, lines } = Words::of(text);
    let mut lines = if parts.is_empty() { Vec::new() } else { lines };
    if !lines.is_empty() && !files.is_empty() {
        lines.push(String::new());
    }
    lines.extend(files.iter().map(|file| format!("Attached: {} ({})", file.name, file.size)));
    Message { parts, lines, files }
}

fn called(author: &Author, visitor: Option<&str>) -> String {
    match author {
        Author::Visitor => visitor.map(name).filter(|name| !name.is_empty()).unwrap_or_else(|| "You".to_owned()),
        Author::Agent(agent) => name(&agent.name),
        Author::System => "The system".to_owned(),
    }
}

/// `Ada`, `Ada and Grace`, `Ada, Grace and Alan`.
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [name] => name.clone(),
        [start @ .., last] => format!("{} and {last}", start.join(", ")),
    }
}

fn date(conversation: &Conversation) -> String {
    let mut public = conversation.entries.iter().filter(|entry| public(entry).is_some()).map(|entry| entry.at);
    let first = public.next().unwrap_or(conversation.chat.started_at);
    let last = public.next_back().unwrap_or(first);
    if day_label(first) == day_label(last) {
        day_label(first)
    } else {
        format!("{} – {}", formatted(first, "%-d %B %Y"), formatted(last, "%-d %B %Y"))
    }
}

fn day_label(at: Millis) -> String {
    formatted(at, "%A, %-d %B %Y")
}

fn time(at: Millis) -> String {
    formatted(at, "%H:%M")
}
