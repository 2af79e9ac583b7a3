//! Tickets (M7): what is answered later, by email. A ticket is its present state and a list of entries.

use super::Millis;
use super::agent::AgentRef;
use super::chat::{Author, Seq};
use super::department::DepartmentRef;
use super::error::Refusal;
use super::ids::{AgentId, ChatId, DepartmentId, LabelId, TicketId};
use super::label::Label;
use super::site::SiteRef;
use super::text::RichText;
use super::visitor::Email;
use serde::{Deserialize, Serialize};

/// Longest accepted subject, in characters.
pub const MAX_SUBJECT_CHARS: usize = 200;
/// Most entries of one ticket.
pub const MAX_ENTRIES: Seq = 5_000;

/// How far a ticket is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketStatus {
    /// Somebody has to answer.
    #[default]
    Open,
    /// Waits for the one who asked.
    Pending,
    Resolved,
}

impl TicketStatus {
    pub const ALL: [TicketStatus; 3] = [TicketStatus::Open, TicketStatus::Pending, TicketStatus::Resolved];

    /// The word for it in the database and in frames.
    pub fn as_str(self) -> &'static str {
        match self {
            TicketStatus::Open => "open",
            TicketStatus::Pending => "pending",
            TicketStatus::Resolved => "resolved",
        }
    }

    /// The word for it on the screen.
    pub fn name(self) -> &'static str {
        match self {
            TicketStatus::Open => "Open",
            TicketStatus::Pending => "Pending",
            TicketStatus::Resolved => "Resolved",
        }
    }

    /// The status with this word, if there is one.
    pub fn parse(word: &str) -> Option<Self> {
        TicketStatus::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// A ticket as a chat mentions it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketRef {
    pub id: TicketId,
    pub subject: String,
}

/// A ticket's present state: also its row in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    pub id: TicketId,
    pub subject: String,
    pub status: TicketStatus,
    /// Who asked, as they called themselves.
    pub name: Option<String>,
    /// Where answers go.
    pub email: Email,
    /// The website's server has signed that this address is theirs.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub email_proven: bool,
    pub department: Option<DepartmentRef>,
    pub labels: Vec<Label>,
    pub assignee: Option<AgentRef>,
    /// The chat that it came from.
    pub chat: Option<ChatId>,
    /// The site on which it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<SiteRef>,
    pub created_at: Millis,
    /// When something last happened.
    pub updated_at: Millis,
    /// The number of the last entry.
    pub last_seq: Seq,
}

impl Ticket {
    /// What to call the one who asked.
    pub fn display_name(&self) -> &str {
        self.name.as_deref().unwrap_or(self.email.as_str())
    }

    /// Shows the entry's change in the state.
    fn apply(&mut self, body: &TicketEntryBody) {
        match body {
            TicketEntryBody::StatusChanged { status } => self.status = *status,
            TicketEntryBody::Assigned { agent } => self.assignee.clone_from(agent),
            TicketEntryBody::DepartmentChanged { department } => self.department.clone_from(department),
            TicketEntryBody::LabelsChanged { labels } => self.labels.clone_from(labels),
            TicketEntryBody::Described { .. } | TicketEntryBody::Replied { .. } | TicketEntryBody::Noted { .. } => {}
        }
    }
}

/// A ticket that is about to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTicket {
    pub id: TicketId,
    pub subject: String,
    pub name: Option<String>,
    pub email: Email,
    pub email_proven: bool,
    pub department: Option<DepartmentRef>,
    pub labels: Vec<Label>,
    pub assignee: Option<AgentRef>,
    pub chat: Option<ChatId>,
    pub site: Option<SiteRef>,
    pub by: Author,
    pub at: Millis,
    pub description: RichText,
}

impl NewTicket {
    /// The ticket with its first entry.
    pub fn open(self) -> (Ticket, TicketEntry) {
        let ticket = Ticket {
            id: self.id,
            subject: self.subject,
            status: TicketStatus::Open,
            name: self.name,
            email: self.email,
            email_proven: self.email_proven,
            department: self.department,
            labels: self.labels,
            assignee: self.assignee,
            chat: self.chat,
            site: self.site,
            created_at: self.at,
            updated_at: self.at,
            last_seq: 1,
        };
        let body = TicketEntryBody::Described { text: self.description };
        (ticket, TicketEntry { seq: 1, at: self.at, by: self.by, body, delivery: None })
    }
}

/// One thing that happened to a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketEntry {
    /// Counted from 1 without gaps.
    pub seq: Seq,
    pub at: Millis,
    pub by: Author,
    pub body: TicketEntryBody,
    /// How far the mail is; of replies only, read with the entry and not stored in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<MailDelivery>,
}

/// What happened. Stored for ever: variants and fields are only ever added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TicketEntryBody {
    /// What the ticket is about: always the first entry.
    Described {
        text: RichText,
    },
    /// Answered by email.
    Replied {
        text: RichText,
    },
    /// For agents only.
    Noted {
        text: RichText,
    },
    StatusChanged {
        status: TicketStatus,
    },
    Assigned {
        agent: Option<AgentRef>,
    },
    DepartmentChanged {
        department: Option<DepartmentRef>,
    },
    LabelsChanged {
        labels: Vec<Label>,
    },
}

/// How far a mail is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailDelivery {
    /// On its way; tried again when it fails.
    Due,
    /// The mail server took it.
    Done,
    /// Given up; an admin can try again.
    Parked,
}

/// What an agent asks of a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TicketCommand {
    /// Answer by email, and set a status with it.
    Reply {
        text: RichText,
        #[serde(default)]
        status: Option<TicketStatus>,
    },
    /// Note something for colleagues.
    Note {
        text: RichText,
    },
    SetStatus {
        status: TicketStatus,
    },
    Assign {
        agent: Option<AgentId>,
    },
    SetDepartment {
        department: Option<DepartmentId>,
    },
    SetLabels {
        labels: Vec<LabelId>,
    },
}

/// What the rules may know besides the ticket: what the ids of the command name.
#[derive(Clone, Debug)]
pub struct TicketContext {
    pub by: AgentRef,
    pub now: Millis,
    pub agent: Option<AgentRef>,
    pub department: Option<DepartmentRef>,
    pub labels: Vec<Label>,
}

/// What a command makes happen to a ticket: changes it and returns the new entries. None means that it is so already.
///
/// # Errors
/// The [`Refusal`]; the ticket is then unchanged.
pub fn commit(
    ticket: &mut Ticket,
    command: TicketCommand,
    context: &TicketContext,
) -> Result<Vec<TicketEntry>, Refusal> {
    let bodies = decide(ticket, command, context)?;
    if ticket.last_seq + bodies.len() as Seq > MAX_ENTRIES {
        return Err(Refusal::TicketFull);
    }
    let at = context.now.max(ticket.updated_at);
    let mut entries = Vec::with_capacity(bodies.len());
    for body in bodies {
        ticket.apply(&body);
        ticket.last_seq += 1;
        ticket.updated_at = at;
        let by = Author::Agent(context.by.clone());
        entries.push(TicketEntry { seq: ticket.last_seq, at, by, body, delivery: None });
    }
    Ok(entries)
}

fn decide(ticket: &Ticket, command: TicketCommand, context: &TicketContext) -> Result<Vec<TicketEntryBody>, Refusal> {
    let status_to = |status: TicketStatus| {
        (status != ticket.status).then_some(TicketEntryBody::StatusChanged { status }).into_iter()
    };
    match command {
        TicketCommand::Reply { text, status } => {
            text.check()?;
            let mut bodies = vec![TicketEntryBody::Replied { text }];
            if ticket.assignee.is_none() {
                bodies.push(TicketEntryBody::Assigned { agent: Some(context.by.clone()) });
            }
            bodies.extend(status.into_iter().flat_map(status_to));
            Ok(bodies)
        }
        TicketCommand::Note { text } => {
            text.check()?;
            Ok(vec![TicketEntryBody::Noted { text }])
        }
        TicketCommand::SetStatus { status } => Ok(status_to(status).collect()),
        TicketCommand::Assign { agent } => {
            if agent.is_some() && context.agent.is_none() {
                return Err(Refusal::UnknownAgent);
            }
            let same = ticket.assignee.as_ref().map(|agent| agent.id) == agent;
            Ok(if same { vec![] } else { vec![TicketEntryBody::Assigned { agent: context.agent.clone() }] })
        }
        TicketCommand::SetDepartment { department } => {
            if department.is_some() && context.department.is_none() {
                return Err(Refusal::UnknownDepartment);
            }
            let same = ticket.department.as_ref().map(|department| department.id) == department;
            let changed = TicketEntryBody::DepartmentChanged { department: context.department.clone() };
            Ok(if same { vec![] } else { vec![changed] })
        }
        TicketCommand::SetLabels { labels } => {
            let labels = super::chat::chosen_labels(&labels, &context.labels, &ticket.labels)?;
            Ok(if ticket.labels == labels { vec![] } else { vec![TicketEntryBody::LabelsChanged { labels }] })
        }
    }
}

/// A subject as it is kept: on one line.
///
/// # Errors
/// [`Refusal::InvalidSubject`] when nothing is left, or more than [`MAX_SUBJECT_CHARS`] characters.
pub fn clean_subject(typed: &str) -> Result<String, Refusal> {
    let subject: String =
        typed.split_whitespace().collect::<Vec<_>>().join(" ").chars().filter(|c| !c.is_control()).collect();
    if subject.is_empty() || subject.chars().count() > MAX_SUBJECT_CHARS {
        Err(Refusal::InvalidSubject { max: MAX_SUBJECT_CHARS })
    } else {
        Ok(subject)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent(id: i64) -> AgentRef {
        AgentRef { id: AgentId(id), name: format!("Agent {id}"), photo: None }
    }

    fn ticket() -> Ticket {
        let new = NewTicket {
            id: TicketId(1),
            subject: "Lamp".into(),
            name: None,
            email: Email::parse("ada@example.com").unwrap(),
            email_proven: false,
            department: None,
            labels: vec![],
            assignee: None,
            chat: None,
            site: None,
            by: Author::Visitor,
            at: 1,
            description: RichText::from_typed("It is dark."),
        };
        new.open().0
    }

    fn context(labels: Vec<Label>) -> TicketContext {
        TicketContext { by: agent(1), now: 10, agent: None, department: None, labels }
    }

    #[test]
    fn who_answers_an_unassigned_ticket_takes_it() {
        let mut ticket = ticket();
        let reply = TicketCommand::Reply { text: RichText::from_typed("Light!"), status: Some(TicketStatus::Pending) };
        let entries = commit(&mut ticket, reply.clone(), &context(vec![])).unwrap();
        assert_eq!(entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [2, 3, 4]);
        assert_eq!((ticket.assignee.clone(), ticket.status), (Some(agent(1)), TicketStatus::Pending));
        // The second answer changes neither.
        assert_eq!(commit(&mut ticket, reply, &context(vec![])).unwrap().len(), 1);
    }

    #[test]
    fn what_is_so_already_leaves_no_entry_and_what_is_not_there_is_refused() {
        let mut ticket = ticket();
        let same = TicketCommand::SetStatus { status: TicketStatus::Open };
        assert_eq!(commit(&mut ticket, same, &context(vec![])), Ok(vec![]));
        let unknown = TicketCommand::Assign { agent: Some(AgentId(9)) };
        assert_eq!(commit(&mut ticket, unknown, &context(vec![])), Err(Refusal::UnknownAgent));
        let unknown = TicketCommand::SetLabels { labels: vec![LabelId(3)] };
        assert_eq!(commit(&mut ticket, unknown, &context(vec![])), Err(Refusal::UnknownLabel));
        // One that was deleted stays until it is taken off.
        let label = |id| Label { id: LabelId(id), name: format!("label {id}"), color: 1 };
        ticket.labels = vec![label(1), label(2)];
        let off = TicketCommand::SetLabels { labels: vec![LabelId(2), LabelId(3)] };
        commit(&mut ticket, off, &context(vec![label(3)])).unwrap();
        assert_eq!(ticket.labels, [label(2), label(3)]);
        let empty = TicketCommand::Note { text: RichText::default() };
        assert_eq!(commit(&mut ticket, empty, &context(vec![])), Err(Refusal::EmptyMessage));
    }

    #[test]
    fn a_subject_is_one_line() {
        assert_eq!(clean_subject(" a\r\nBcc: b\t c "), Ok("a Bcc: b c".into()));
        assert_eq!(clean_subject(" \n"), Err(Refusal::InvalidSubject { max: 200 }));
    }
}
