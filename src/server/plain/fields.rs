//! What a form says. Everything in it is from outside.

use crate::model::identity::Introduction;
use crate::model::ids::{ChatId, CommandId, DepartmentId};
use crate::model::visitor::{PageView, Visit, cut};
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use serde::Deserialize;

/// What is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Start a chat.
    Start,
    /// Leave a message: in place of the chat that waits, or alone.
    Leave,
    /// The form for that.
    Instead,
    Send,
    /// The question whether to end the chat.
    End,
    EndNow,
    Helpful,
    NotHelpful,
    Comment,
    Transcript,
    /// The form for a new chat.
    Again,
    /// How things are now. Also what a newer page asks for that this server does not know.
    #[default]
    #[serde(other)]
    Show,
}

/// All fields that a form may have.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    #[serde(rename = "do")]
    pub act: Act,
    pub token: String,
    id: String,
    chat: String,
    pub name: String,
    pub email: String,
    department: String,
    pub message: String,
    pub comment: String,
    stays: String,
    visit: String,
}

/// What a script put into the form of what the browser remembers, and of what the website says of its visitor.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Remembered {
    pub visit: Visit,
    /// The page on which the visitor is.
    pub page: Option<PageView>,
    pub introduction: Introduction,
}

impl Fields {
    /// The name of the command; nothing for what is no UUID.
    pub fn id(&self) -> Option<CommandId> {
        self.id.parse().ok().map(CommandId)
    }

    pub fn chat(&self) -> Option<ChatId> {
        self.chat.parse().ok().map(ChatId)
    }

    pub fn department(&self) -> Option<DepartmentId> {
        self.department.parse().ok().map(DepartmentId)
    }

    /// The widget's code is not to take over.
    pub fn stays(&self) -> bool {
        self.stays == "1"
    }

    /// What a script has put into the form; what cannot be read counts as nothing.
    pub fn remembered(&self) -> Remembered {
        serde_json::from_str(&self.visit).unwrap_or_default()
    }
}

/// The languages that the browser prefers, as it says it.
pub fn accepted_languages(headers: &HeaderMap) -> String {
    cut(headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default(), 300)
}
