//! How things stand for a visitor.

use super::Millis;
use super::department::DepartmentRef;
use super::ids::ChatId;
use super::json::objects;
use super::site::SiteLook;
use serde::{Deserialize, Serialize};

/// What a widget needs to know before it shows anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitorState {
    /// The live chat to go on with.
    pub chat: Option<ChatId>,
    /// The departments to choose from: those in which somebody is available, or all when nobody is.
    pub departments: Vec<DepartmentRef>,
    /// Somebody could take a new chat now.
    pub available: bool,
    /// After this time without an answer the visitor may leave a message instead.
    pub answer_within_ms: Millis,
    /// Until when this visitor is kept out.
    #[serde(default)]
    pub blocked_until: Option<Millis>,
    /// The largest file, in bytes, and how many one message can have.
    pub max_file_bytes: u64,
    pub max_files: usize,
    /// Colour and texts of the site, when it is one of those that admins have set. Empty ones are the usual ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<SiteLook>,
}

objects! {
    VisitorState {
        chat, departments, available, answer_within_ms, blocked_until, max_file_bytes, max_files, site
    }
}
