//! What a widget meets.

use super::{Json, Read, objects};
use crate::model::agent::AgentRef;
use crate::model::attachment::{Attachment, FileLink};
use crate::model::chat::{Ack, Author, Event, EventBody, ReleaseReason, Side};
use crate::model::department::DepartmentRef;
use crate::model::error::{ApiError, Refusal};
use crate::model::identity::ProvenIdentity;
use crate::model::ids::{AgentId, ChatId, CommandId, DepartmentId, FileId, PhotoId, TicketId, VisitorId};
use crate::model::live::ServerFrame;
use crate::model::outbox::{Outgoing, OutgoingState};
use crate::model::site::SiteLook;
use crate::model::text::{Block, Inline, RichText, Span};
use crate::model::visitor::{Email, PageView, VisitorCard};
use uuid::Uuid;

/// Identifiers that are a number.
macro_rules! numbers {
    ($($name:ident),*) => {
        $(impl Read for $name {
            fn read(json: &Json) -> Option<Self> {
                i64::read(json).map($name)
            }
        })*
    };
}

numbers!(AgentId, ChatId, DepartmentId, TicketId, VisitorId);

impl Read for Uuid {
    fn read(json: &Json) -> Option<Self> {
        Uuid::try_parse(json.as_text()?).ok()
    }
}

impl Read for CommandId {
    fn read(json: &Json) -> Option<Self> {
        Uuid::read(json).map(CommandId)
    }
}

impl Read for FileId {
    fn read(json: &Json) -> Option<Self> {
        Uuid::read(json).map(FileId)
    }
}

impl Read for PhotoId {
    fn read(json: &Json) -> Option<Self> {
        Uuid::read(json).map(PhotoId)
    }
}

impl Read for Email {
    fn read(json: &Json) -> Option<Self> {
        Email::parse(json.as_text()?).ok()
    }
}

objects! {
    Ack { chat, seq }
    AgentRef { id, name, photo }
    Attachment { id, name, mime, size, width, height }
    DepartmentRef { id, name }
    Event { seq, at, by, command, body }
    FileLink { id, url, download }
    Outgoing { id, chat, at, text, side; attachments, state }
    PageView { url; at, title, referrer }
    ProvenIdentity { subject, email, name }
    SiteLook { ; color, greeting, away }
    VisitorCard { id, name, email, proven }
}

impl Read for Side {
    fn read(json: &Json) -> Option<Self> {
        match json.as_text()? {
            "visitor" => Some(Side::Visitor),
            "agents" => Some(Side::Agents),
            _ => None,
        }
    }
}

impl Read for Author {
    fn read(json: &Json) -> Option<Self> {
        match json.variant()? {
            ("visitor", _) => Some(Author::Visitor),
            ("system", _) => Some(Author::System),
            ("agent", agent) => AgentRef::read(agent).map(Author::Agent),
            _ => None,
        }
    }
}

impl Read for ReleaseReason {
    fn read(json: &Json) -> Option<Self> {
        Some(match json.as_text()? {
            "connection_lost" => ReleaseReason::ConnectionLost,
            "logged_out" => ReleaseReason::LoggedOut,
            "deactivated" => ReleaseReason::Deactivated,
            _ => ReleaseReason::Unknown,
        })
    }
}

/// What is for agents only, and what a newer server knows, is [`EventBody::Unknown`].
impl Read for EventBody {
    fn read(json: &Json) -> Option<Self> {
        Some(match json.get("type").as_text()? {
            "started" => EventBody::Started { visitor: json.field("visitor")?, department: json.field("department")? },
            "identified" => EventBody::Identified { proven: json.field("proven")? },
            "accepted" => EventBody::Accepted,
            "released" => EventBody::Released { agent: json.field("agent")?, reason: json.field("reason")? },
            "message" => {
                EventBody::Message { text: json.field("text")?, attachments: json.field_or_default("attachments")? }
            }
            "delivered" => EventBody::Delivered { up_to: json.field("up_to")? },
            "read" => EventBody::Read { up_to: json.field("up_to")? },
            "ended" => EventBody::Ended,
            "department_changed" => EventBody::DepartmentChanged { department: json.field("department")? },
            "email_entered" => EventBody::EmailEntered { email: json.field("email")? },
            "rated" => EventBody::Rated { helpful: json.field("helpful")?, comment: json.field_or_default("comment")? },
            "transcript_requested" => EventBody::TranscriptRequested { email: json.field("email")? },
            _ => EventBody::Unknown,
        })
    }
}

/// Nothing for the frames that only agents get.
impl Read for ServerFrame {
    fn read(json: &Json) -> Option<Self> {
        Some(match json.get("type").as_text()? {
            "welcome" => ServerFrame::Welcome { protocol: json.field("protocol")? },
            "events" => ServerFrame::Events {
                chat: json.field("chat")?,
                prev: json.field("prev")?,
                events: json.field("events")?,
            },
            "current" => ServerFrame::Current { chat: json.field("chat")?, seq: json.field("seq")? },
            "typing" => ServerFrame::Typing {
                chat: json.field("chat")?,
                side: json.field("side")?,
                agent: json.field("agent")?,
                draft: json.field("draft")?,
                typing: json.field("typing")?,
            },
            "no_such_chat" => ServerFrame::NoSuchChat { chat: json.field("chat")? },
            "ping" => ServerFrame::Ping,
            _ => return None,
        })
    }
}

impl Read for OutgoingState {
    fn read(json: &Json) -> Option<Self> {
        match json.variant()? {
            ("sending", _) => Some(OutgoingState::Sending),
            ("sent", _) => Some(OutgoingState::Sent),
            ("failed", why) => String::read(why).map(OutgoingState::Failed),
            _ => None,
        }
    }
}

impl Read for RichText {
    fn read(json: &Json) -> Option<Self> {
        Vec::read(json).map(|blocks| RichText { blocks })
    }
}

impl Read for Block {
    fn read(json: &Json) -> Option<Self> {
        let (name, inside) = json.variant()?;
        match name {
            "paragraph" => Inline::read(inside).map(Block::Paragraph),
            "bullet_list" => Vec::read(inside).map(Block::BulletList),
            "ordered_list" => Vec::read(inside).map(Block::OrderedList),
            "quote" => Vec::read(inside).map(Block::Quote),
            "code" => String::read(inside).map(Block::Code),
            _ => None,
        }
    }
}

impl Read for Inline {
    fn read(json: &Json) -> Option<Self> {
        match json {
            Json::Text(text) if text.is_empty() => Some(Inline::default()),
            Json::Text(text) => Some(Inline::plain(text.clone())),
            spans => Vec::read(spans).map(|spans| Inline { spans }),
        }
    }
}

impl Read for Span {
    fn read(json: &Json) -> Option<Self> {
        if let Json::Text(text) = json {
            return Some(Span { text: text.clone(), ..Span::default() });
        }
        Some(Span {
            text: json.field("text")?,
            bold: json.field_or_default("bold")?,
            italic: json.field_or_default("italic")?,
            underline: json.field_or_default("underline")?,
            strike: json.field_or_default("strike")?,
            code: json.field_or_default("code")?,
            link: json.field("link")?,
        })
    }
}

/// What a rule of a newer server says is [`Refusal::NotAllowed`].
impl Read for Refusal {
    fn read(json: &Json) -> Option<Self> {
        Some(match json.get("reason").as_text()? {
            "empty_message" => Refusal::EmptyMessage,
            "message_too_long" => Refusal::MessageTooLong { chars: json.field("chars")?, max: json.field("max")? },
            "invalid_email" => Refusal::InvalidEmail,
            "invalid_name" => Refusal::InvalidName { max: json.field("max")? },
            "unknown_department" => Refusal::UnknownDepartment,
            "chat_ended" => Refusal::ChatEnded,
            "not_started" => Refusal::NotStarted,
            "already_chatting" => Refusal::AlreadyChatting { chat: json.field("chat")? },
            "accepted_by" => Refusal::AcceptedBy { by: json.field("by")? },
            "command_reused" => Refusal::CommandReused,
            "message_too_rich" => Refusal::MessageTooRich,
            "invalid_link" => Refusal::InvalidLink,
            "unknown_file" => Refusal::UnknownFile,
            "empty_file" => Refusal::EmptyFile,
            "file_too_large" => Refusal::FileTooLarge { max: json.field("max")? },
            "file_type_not_allowed" => Refusal::FileTypeNotAllowed { name: json.field("name")? },
            "broken_picture" => Refusal::BrokenPicture,
            "too_many_pixels" => Refusal::TooManyPixels { millions: json.field("millions")? },
            "too_many_files" => Refusal::TooManyFiles { max: json.field("max")? },
            "blocked" => Refusal::Blocked { until: json.field("until")? },
            "nobody_available" => Refusal::NobodyAvailable,
            "not_ended" => Refusal::NotEnded,
            "transcript_sent" => Refusal::TranscriptSent,
            "too_many_transcripts" => Refusal::TooManyTranscripts,
            "comment_too_long" => Refusal::CommentTooLong { max: json.field("max")? },
            "changed_too_often" => Refusal::ChangedTooOften,
            _ => Refusal::NotAllowed,
        })
    }
}

/// What only agents are told is [`ApiError::Internal`].
impl Read for ApiError {
    fn read(json: &Json) -> Option<Self> {
        Some(match json.get("error").as_text()? {
            "refused" => ApiError::Refused { refusal: json.field("refusal")? },
            "not_logged_in" => ApiError::NotLoggedIn,
            "not_allowed" => ApiError::NotAllowed,
            "no_such_chat" => ApiError::NoSuchChat,
            "no_such_file" => ApiError::NoSuchFile,
            "gone" => ApiError::Gone,
            "invalid" => ApiError::Invalid { sentence: json.field("sentence")? },
            "too_many" => ApiError::TooMany { retry_after_ms: json.field("retry_after_ms")? },
            "busy" => ApiError::Busy { retry_after_ms: json.field("retry_after_ms")? },
            "not_stored" => ApiError::NotStored,
            "unreachable" => ApiError::Unreachable,
            _ => ApiError::Internal,
        })
    }
}
