//! The form of a new ticket: what is in it, what is wrong with it, and sending it.

use crate::api::agent_command;
use crate::console::desk::{Desk, Open};
use crate::console::tickets::{Attempt, forget, prefill};
use crate::model::chat::Command;
use crate::model::error::{ApiError, Refusal};
use crate::model::ids::DepartmentId;
use crate::model::label::Label;
use crate::model::text::RichText;
use crate::model::ticket::clean_subject;
use crate::model::visitor::Email;
use crate::ui::browser::{focus, storage};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

// The ids of the fields.
pub const EMAIL: &str = "new-ticket-email";
pub const SUBJECT: &str = "new-ticket-subject";
pub const DESCRIPTION: &str = "new-ticket-description";

/// What is in the form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Filled {
    pub email: String,
    pub subject: String,
    pub description: String,
    pub department: Option<DepartmentId>,
    pub labels: Vec<Label>,
}

impl Filled {
    /// What the chat tells.
    fn of(open: Open) -> Self {
        let followed = open.followed;
        followed.chat.with_untracked(|chat| Filled {
            email: email_of(open).unwrap_or_default(),
            subject: prefill::subject(followed),
            description: prefill::description(followed),
            department: chat.department.as_ref().map(|department| department.id),
            labels: chat.labels.clone(),
        })
    }

    /// Without the department and labels that are not there any more: a new ticket cannot have them.
    fn still(mut self, desk: Desk) -> Self {
        self.department =
            self.department.filter(|id| desk.departments.with_untracked(|all| all.iter().any(|d| d.id == *id)));
        desk.labels.with_untracked(|all| self.labels.retain(|label| all.iter().any(|other| other.id == label.id)));
        self
    }

    /// What the server will say, where that is known before.
    fn check(&self, has_email: bool) -> Result<(), Refusal> {
        match self.email.trim() {
            "" if has_email => {}
            "" => return Err(Refusal::EmailNeeded),
            email => drop(Email::parse(email)?),
        }
        clean_subject(&self.subject)?;
        RichText::from_typed(&self.description).check()
    }

    fn command(&self) -> Command {
        Command::CreateTicket {
            email: self.email.trim().to_owned(),
            subject: self.subject.clone(),
            description: RichText::from_typed(&self.description),
            department: self.department,
            labels: self.labels.iter().map(|label| label.id).collect(),
        }
    }
}

/// The visitor's email, as far as it is known.
pub fn email_of(open: Open) -> Option<String> {
    let read = |email: &Email| email.as_str().to_owned();
    open.followed.chat.with_untracked(|chat| chat.visitor.as_ref().and_then(|v| v.email.as_ref().map(read)))
}

/// The field that is wrong; none when it is not the form's fault.
pub fn field_of(error: &ApiError) -> Option<&'static str> {
    let ApiError::Refused { refusal } = error else { return None };
    match refusal {
        Refusal::InvalidEmail | Refusal::EmailNeeded => Some(EMAIL),
        Refusal::InvalidSubject { .. } => Some(SUBJECT),
        Refusal::EmptyMessage | Refusal::MessageTooLong { .. } | Refusal::MessageTooRich | Refusal::InvalidLink => {
            Some(DESCRIPTION)
        }
        _ => None,
    }
}

/// The form. Copied freely.
#[derive(Clone, Copy)]
pub struct Form {
    pub desk: Desk,
    pub open: Open,
    on_close: Callback<()>,
    pub filled: RwSignal<Filled>,
    /// Where an unfinished form is kept.
    key: StoredValue<String>,
    attempt: Attempt<Command>,
    pub busy: RwSignal<bool>,
    pub error: RwSignal<Option<ApiError>>,
}

impl Form {
    /// What was left the last time, else what the chat tells.
    pub fn start(desk: Desk, open: Open, on_close: Callback<()>) -> Self {
        let agent = desk.me.with_untracked(|me| me.id);
        let key = format!("frontdesk.new-ticket.a{agent}.{}", open.followed.id);
        let left = storage::get(&key).and_then(|json| serde_json::from_str(&json).ok());
        Form {
            desk,
            open,
            on_close,
            filled: RwSignal::new(left.unwrap_or_else(|| Filled::of(open)).still(desk)),
            attempt: Attempt::open(&key),
            key: StoredValue::new(key),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
        }
    }

    /// Somebody changes the form: it is kept until it is sent or discarded.
    pub fn change(self, change: impl FnOnce(&mut Filled)) {
        self.filled.update(change);
        self.error.set(None);
        if let Ok(json) = self.filled.with_untracked(serde_json::to_string) {
            self.key.with_value(|key| storage::set(key, &json));
        }
    }

    /// What was typed is not wanted any more.
    pub fn discard(self) {
        self.key.with_value(|key| storage::remove(key));
        self.on_close.run(());
    }

    fn fail(self, error: ApiError) {
        if error == ApiError::NotLoggedIn {
            self.desk.fail(error);
            return;
        }
        let field = field_of(&error);
        self.error.set(Some(error));
        if let Some(field) = field {
            focus(field);
        }
    }

    /// Makes the ticket, or says at the field why not.
    pub fn submit(self) {
        if self.busy.get_untracked() {
            return;
        }
        if let Err(refusal) = self.filled.with_untracked(|filled| filled.check(email_of(self.open).is_some())) {
            self.fail(refusal.into());
            return;
        }
        let command = self.filled.with_untracked(Filled::command);
        let id = self.attempt.id(&command);
        let key = self.key.get_value();
        self.error.set(None);
        self.busy.set(true);
        spawn_local(async move {
            let answer = agent_command(self.open.followed.id, id, command).await;
            match answer {
                Ok(_) => {
                    forget(&key);
                    self.desk.toasts.say("Ticket created".to_owned());
                    if !self.busy.is_disposed() {
                        self.on_close.run(());
                    }
                }
                Err(error) => {
                    if self.busy.try_set(false).is_none() {
                        if error == Refusal::CommandReused.into() {
                            self.attempt.settle();
                        }
                        self.fail(error);
                    } else {
                        self.desk.fail(error);
                    }
                }
            }
        });
    }

    /// What is wrong with this field.
    pub fn wrong(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.error.with(|error| error.as_ref().filter(|e| field_of(e) == Some(field)).map(ToString::to_string))
        })
    }
}
