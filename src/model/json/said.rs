//! What a widget says.

use super::{Object, Write, variant, written};
use crate::model::attachment::Attachment;
use crate::model::calls::{
    GetVisitorState, Introduction, LeaveMessage, VisitorCommand, VisitorFileLinks, VisitorUpload,
};
use crate::model::chat::{Command, Side};
use crate::model::ids::{ChatId, CommandId, DepartmentId, FileId};
use crate::model::live::{ClientFrame, Cursor, Presence};
use crate::model::outbox::{Outgoing, OutgoingState};
use crate::model::text::{Block, Inline, RichText, Span};
use crate::model::visitor::{Landing, PageView, Visit};

written! {
    Attachment { id, name, mime, size; width, height }
    Cursor { chat, after }
    GetVisitorState { site }
    Introduction { ; token, data, site }
    Landing { at, url }
    LeaveMessage { id, name, email, department, text; introduction }
    Outgoing { id, chat, at, text, side, state; attachments }
    PageView { at, url, title, referrer }
    Visit { first, session, pages; language, time_zone }
    VisitorCommand { chat, id, command; introduction }
    VisitorFileLinks { chat, files }
    VisitorUpload { chat, name, size }
}

/// Identifiers that are written as what is in them.
macro_rules! ids {
    ($($name:ident),*) => {
        $(impl Write for $name {
            fn write(&self, out: &mut String) {
                self.0.write(out);
            }
        })*
    };
}

ids!(ChatId, CommandId, DepartmentId, FileId);

impl Write for uuid::Uuid {
    fn write(&self, out: &mut String) {
        self.to_string().write(out);
    }
}

impl Write for Side {
    fn write(&self, out: &mut String) {
        let name = match self {
            Side::Visitor => "visitor",
            Side::Agents => "agents",
        };
        name.write(out);
    }
}

impl Write for Presence {
    fn write(&self, out: &mut String) {
        let name = match self {
            Presence::Here => "here",
            Presence::Away => "away",
            Presence::Gone => "gone",
        };
        name.write(out);
    }
}

impl Write for OutgoingState {
    fn write(&self, out: &mut String) {
        match self {
            OutgoingState::Sending => "sending".write(out),
            OutgoingState::Sent => "sent".write(out),
            OutgoingState::Failed(why) => variant(out, "failed", why),
        }
    }
}

impl Write for ClientFrame {
    fn write(&self, out: &mut String) {
        let frame = Object::begin(out);
        match self {
            ClientFrame::Hello { protocol, token, cursors } => {
                frame.tag("hello").with("protocol", protocol).with_some("token", token).with("cursors", cursors)
            }
            ClientFrame::Follow { chat, after } => frame.tag("follow").with("chat", chat).with("after", after),
            ClientFrame::Unfollow { chat } => frame.tag("unfollow").with("chat", chat),
            ClientFrame::Typing { chat, draft } => frame.tag("typing").with("chat", chat).with("draft", draft),
            ClientFrame::Presence { chat, presence } => {
                frame.tag("presence").with("chat", chat).with("presence", presence)
            }
            ClientFrame::WatchVisitors { on } => frame.tag("watch_visitors").with("on", on),
            ClientFrame::Pong => frame.tag("pong"),
        }
        .end();
    }
}

/// Nothing is said of the commands that only agents give.
impl Write for Command {
    fn write(&self, out: &mut String) {
        let command = Object::begin(out);
        match self {
            Command::Start { name, email, department, text, visit, page } => command
                .tag("start")
                .with("name", name)
                .with("email", email)
                .with("department", department)
                .with("text", text)
                .with("visit", visit)
                .with("page", page),
            Command::Send { text, attachments } => {
                command.tag("send").with("text", text).with_some("attachments", attachments)
            }
            Command::MarkDelivered { up_to } => command.tag("mark_delivered").with("up_to", up_to),
            Command::MarkRead { up_to } => command.tag("mark_read").with("up_to", up_to),
            Command::Introduce { data } => command.tag("introduce").with("data", data),
            Command::End => command.tag("end"),
            Command::LeaveMessage { name, email, text } => {
                command.tag("leave_message").with("name", name).with("email", email).with("text", text)
            }
            Command::Rate { helpful, comment } => command.tag("rate").with("helpful", helpful).with("comment", comment),
            Command::RequestTranscript { email } => command.tag("request_transcript").with("email", email),
            _ => command,
        }
        .end();
    }
}

impl Write for RichText {
    fn write(&self, out: &mut String) {
        self.blocks.write(out);
    }
}

impl Write for Block {
    fn write(&self, out: &mut String) {
        match self {
            Block::Paragraph(text) => variant(out, "paragraph", text),
            Block::BulletList(items) => variant(out, "bullet_list", items),
            Block::OrderedList(items) => variant(out, "ordered_list", items),
            Block::Quote(blocks) => variant(out, "quote", blocks),
            Block::Code(code) => variant(out, "code", code),
        }
    }
}

impl Write for Inline {
    fn write(&self, out: &mut String) {
        match &self.spans[..] {
            [] => "".write(out),
            [span] if span.is_plain() => span.text.write(out),
            _ => self.spans.write(out),
        }
    }
}

impl Write for Span {
    fn write(&self, out: &mut String) {
        if self.is_plain() {
            return self.text.write(out);
        }
        Object::begin(out)
            .with("text", &self.text)
            .with_some("bold", &self.bold)
            .with_some("italic", &self.italic)
            .with_some("underline", &self.underline)
            .with_some("strike", &self.strike)
            .with_some("code", &self.code)
            .with_some("link", &self.link)
            .end();
    }
}
