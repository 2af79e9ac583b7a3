//! What a widget calls: the server functions of the visitor, as the caller writes them. The server's side is
//! `src/api/visitor.rs` and `src/api/files.rs`; a test there holds the two against each other.

use super::attachment::FileLink;
use super::chat::{Ack, Command};
use super::ids::{ChatId, CommandId, DepartmentId, FileId, TicketId};
use super::json::{Json, Read, Write};
use super::text::RichText;
use super::visitor_state::VisitorState;

/// A call: posted to its path as JSON.
pub trait Call: Write {
    const PATH: &'static str;
    type Answer: Read;
}

/// What the page around the widget says of its visitor, as it said it: `model/identity.rs` has what it means.
#[derive(Clone)]
pub struct Introduction {
    pub token: String,
    pub data: Json,
    pub site: String,
}

/// How things stand for the visitor, on the site with this key.
pub struct GetVisitorState {
    pub site: String,
}

impl Call for GetVisitorState {
    const PATH: &'static str = "/api/visitor/state";
    type Answer = VisitorState;
}

/// Carries out a command; `chat` is missing for the start of a new chat.
pub struct VisitorCommand {
    pub chat: Option<ChatId>,
    pub id: CommandId,
    pub command: Command,
    pub introduction: Option<Introduction>,
}

impl Call for VisitorCommand {
    const PATH: &'static str = "/api/visitor/command";
    type Answer = Ack;
}

/// Leaves a message when nobody is available.
pub struct LeaveMessage {
    pub id: CommandId,
    pub name: String,
    pub email: String,
    pub department: Option<DepartmentId>,
    pub text: RichText,
    pub introduction: Option<Introduction>,
}

impl Call for LeaveMessage {
    const PATH: &'static str = "/api/visitor/leave-message";
    type Answer = TicketId;
}

/// Asks to upload a file.
pub struct VisitorUpload {
    pub chat: ChatId,
    pub name: String,
    pub size: u64,
}

impl Call for VisitorUpload {
    const PATH: &'static str = "/api/visitor/upload";
    type Answer = FileId;
}

/// Asks for links to files.
pub struct VisitorFileLinks {
    pub chat: ChatId,
    pub files: Vec<FileId>,
}

impl Call for VisitorFileLinks {
    const PATH: &'static str = "/api/visitor/file-links";
    type Answer = Vec<FileLink>;
}
