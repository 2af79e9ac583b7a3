//! What a widget calls: the server functions of the visitor, as the caller writes them. The server's side is
//! `src/api/visitor.rs` and `src/api/files.rs`; a test there holds the two against each other.

use super::attachment::FileLink;
use super::chat::{Ack, Command};
use super::ids::{ChatId, CommandId, DepartmentId, FileId, TicketId};
use super::json::Read;
use super::text::RichText;
use super::visitor_state::VisitorState;
use serde::Serialize;

/// A call: posted to its path as JSON.
pub trait Call: Serialize {
    const PATH: &'static str;
    type Answer: Read;
}

/// How things stand for the visitor.
#[derive(Serialize)]
pub struct GetVisitorState {}

impl Call for GetVisitorState {
    const PATH: &'static str = "/api/visitor/state";
    type Answer = VisitorState;
}

/// Carries out a command; `chat` is missing for the start of a new chat.
#[derive(Serialize)]
pub struct VisitorCommand {
    pub chat: Option<ChatId>,
    pub id: CommandId,
    pub command: Command,
}

impl Call for VisitorCommand {
    const PATH: &'static str = "/api/visitor/command";
    type Answer = Ack;
}

/// Leaves a message when nobody is available.
#[derive(Serialize)]
pub struct LeaveMessage {
    pub id: CommandId,
    pub name: String,
    pub email: String,
    pub department: Option<DepartmentId>,
    pub text: RichText,
}

impl Call for LeaveMessage {
    const PATH: &'static str = "/api/visitor/leave-message";
    type Answer = TicketId;
}

/// Asks to upload a file.
#[derive(Serialize)]
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
#[derive(Serialize)]
pub struct VisitorFileLinks {
    pub chat: ChatId,
    pub files: Vec<FileId>,
}

impl Call for VisitorFileLinks {
    const PATH: &'static str = "/api/visitor/file-links";
    type Answer = Vec<FileLink>;
}
