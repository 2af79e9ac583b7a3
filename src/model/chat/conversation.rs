//! The conversation as it is read: the other fold of the same events, for the screen and for the transcript.

use super::event::{Author, Event, EventBody, ReleaseReason};
use super::{Chat, Seq};
use crate::model::Millis;
use crate::model::agent::AgentRef;
use crate::model::attachment::Attachment;
use crate::model::department::DepartmentRef;
use crate::model::identity::ProvenIdentity;
use crate::model::ids::{ChatId, CommandId};
use crate::model::label::Label;
use crate::model::text::RichText;
use crate::model::ticket::TicketRef;
use crate::model::visitor::{Connection, Email, PageView, Visit};

/// One line of the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub seq: Seq,
    pub at: Millis,
    pub by: Author,
    pub kind: EntryKind,
    /// When it arrived at the other side; messages only.
    pub delivered_at: Option<Millis>,
    /// When the other side saw it; messages only.
    pub read_at: Option<Millis>,
}

/// What a line of the conversation shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryKind {
    Started,
    Accepted,
    Released { agent: AgentRef, reason: ReleaseReason },
    Message { text: RichText, attachments: Vec<Attachment>, command: Option<CommandId> },
    Identified { proven: ProvenIdentity },
    PageViewed { page: PageView },
    Ended,
    DepartmentChanged { department: Option<DepartmentRef> },
    LabelsChanged { added: Vec<Label>, removed: Vec<Label> },
    TicketCreated { ticket: TicketRef },
    Blocked { until: Millis, reason: String, address: Option<String> },
    BlockLifted,
    Rated { helpful: bool, comment: String },
    TranscriptRequested { email: Email },
}

/// What an event changed in the entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// An entry was added at the end.
    pub added: bool,
    /// Entries from this index on got a receipt.
    pub touched_from: Option<usize>,
}

/// A chat with all that its reader may see of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    pub chat: Chat,
    pub entries: Vec<Entry>,
    /// What the server saw of the visitor's connection, and the visit; empty for visitors.
    pub visit: Option<(Connection, Visit)>,
    /// Per side: entries before this index are all read by it.
    read_before: [usize; 2],
    delivered_before: [usize; 2],
}

impl Conversation {
    pub fn new(id: ChatId) -> Self {
        Conversation {
            chat: Chat::new(id),
            entries: Vec::new(),
            visit: None,
            read_before: [0; 2],
            delivered_before: [0; 2],
        }
    }

    /// The fold of all `events`.
    pub fn of(id: ChatId, events: &[Event]) -> Self {
        let mut conversation = Conversation::new(id);
        for event in events {
            conversation.apply(event);
        }
        conversation
    }

    /// Takes in the next event and tells what changed on the screen. The work does not grow with the conversation.
    pub fn apply(&mut self, event: &Event) -> Change {
        let labels = match &event.body {
            EventBody::LabelsChanged { .. } => std::mem::take(&mut self.chat.labels),
            _ => Vec::new(),
        };
        self.chat.apply(event);
        let kind = match &event.body {
            EventBody::Started { .. } => EntryKind::Started,
            EventBody::Accepted => EntryKind::Accepted,
            EventBody::Released { agent, reason } => EntryKind::Released { agent: agent.clone(), reason: *reason },
            EventBody::Message { text, attachments } => {
                EntryKind::Message { text: text.clone(), attachments: attachments.clone(), command: event.command }
            }
            EventBody::Identified { proven } => EntryKind::Identified { proven: proven.clone() },
            EventBody::PageViewed { page } => EntryKind::PageViewed { page: page.clone() },
            EventBody::Ended => EntryKind::Ended,
            EventBody::DepartmentChanged { department } => {
                EntryKind::DepartmentChanged { department: department.clone() }
            }
            EventBody::LabelsChanged { labels: now } => {
                EntryKind::LabelsChanged { added: without(now, &labels), removed: without(&labels, now) }
            }
            EventBody::TicketCreated { ticket } => EntryKind::TicketCreated { ticket: ticket.clone() },
            EventBody::Blocked { until, reason, address } => {
                EntryKind::Blocked { until: *until, reason: reason.clone(), address: address.clone() }
            }
            EventBody::BlockLifted => EntryKind::BlockLifted,
            EventBody::Rated { helpful, comment } => EntryKind::Rated { helpful: *helpful, comment: comment.clone() },
            EventBody::TranscriptRequested { email } => EntryKind::TranscriptRequested { email: email.clone() },
            EventBody::VisitRecorded { connection, visit, .. } => {
                self.visit = Some((connection.clone(), visit.clone()));
                return Change::default();
            }
            EventBody::Delivered { up_to } => return self.receipt(event, *up_to, false),
            EventBody::Read { up_to } => return self.receipt(event, *up_to, true),
            EventBody::Dismissed | EventBody::DataTold { .. } | EventBody::EmailEntered { .. } | EventBody::Unknown => {
                return Change::default();
            }
        };
        self.entries.push(Entry {
            seq: event.seq,
            at: event.at,
            by: event.by.clone(),
            kind,
            delivered_at: None,
            read_at: None,
        });
        Change { added: true, touched_from: None }
    }

    fn receipt(&mut self, event: &Event, up_to: Seq, read: bool) -> Change {
        let Some(reader) = event.by.side() else { return Change::default() };
        let index = reader as usize;
        let from = if read { self.read_before[index] } else { self.delivered_before[index] };
        let end = from + self.entries[from..].partition_point(|entry| entry.seq <= up_to);
        for entry in &mut self.entries[from..end] {
            if entry.by.side() == Some(reader.other()) && matches!(entry.kind, EntryKind::Message { .. }) {
                entry.delivered_at.get_or_insert(event.at);
                if read {
                    entry.read_at.get_or_insert(event.at);
                }
            }
        }
        self.delivered_before[index] = self.delivered_before[index].max(end);
        if read {
            self.read_before[index] = end;
        }
        Change { added: false, touched_from: (from < end).then_some(from) }
    }
}

/// Those that are not among the others. A label that was renamed meanwhile is the same one.
fn without(labels: &[Label], others: &[Label]) -> Vec<Label> {
    labels.iter().filter(|label| others.iter().all(|other| other.id != label.id)).cloned().collect()
}
