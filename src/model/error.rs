//! What can go wrong, in words for the person who reads it.

use super::Millis;
use super::attachment::size_in_words;
use super::ids::ChatId;
use serde::{Deserialize, Serialize};
#[cfg(feature = "reactive")]
use server_fn::codec::JsonEncoding;
#[cfg(feature = "reactive")]
use server_fn::error::{FromServerFnError, ServerFnErrorErr};
use thiserror::Error;

/// Why a command is not carried out: a rule of [`crate::model::chat::decide`] says no. Repeating it changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Refusal {
    #[error("There is nothing to send yet: write a message first.")]
    EmptyMessage,
    #[error("This message has {chars} characters; {max} are possible. Please shorten it or send it in parts.")]
    MessageTooLong { chars: usize, max: usize },
    #[error("Please enter an email address such as ada@example.com.")]
    InvalidEmail,
    #[error("Please enter a name of at most {max} characters.")]
    InvalidName { max: usize },
    #[error("This department does not exist any more. Please choose another one.")]
    UnknownDepartment,
    #[error("This chat has ended.")]
    ChatEnded,
    #[error("This chat has not started.")]
    NotStarted,
    #[error("You already have an open chat.")]
    AlreadyChatting { chat: ChatId },
    #[error("{by} has already accepted this chat.")]
    AcceptedBy { by: String },
    #[error("This chat is answered by {by}.")]
    NotYourChat { by: String },
    #[error("Accept the chat first, then answer.")]
    NotAccepted,
    #[error("This is not possible here.")]
    NotAllowed,
    #[error("This command was used before for something else. Please try again.")]
    CommandReused,
    #[error("This message has more lists, quotes and marks than can be sent. Please simplify it.")]
    MessageTooRich,
    #[error("A link must begin with https://, http://, mailto: or tel:.")]
    InvalidLink,
    #[error("Please enter a subject of at most {max} characters.")]
    InvalidSubject { max: usize },
    #[error("Please say why, with at most {max} characters.")]
    InvalidReason { max: usize },
    #[error("A file of this message is not there any more. Please attach it again.")]
    UnknownFile,
    #[error("This file is empty.")]
    EmptyFile,
    #[error("This file is too large: {} are possible.", size_in_words(*max))]
    FileTooLarge { max: u64 },
    /// The name is a clean one.
    #[error(
        "{name} cannot be sent, because files of this kind are not allowed. Pictures, PDF, text, office documents \
         without macros, ZIP, audio and video are."
    )]
    FileTypeNotAllowed { name: String },
    #[error("This picture cannot be read. It may be damaged.")]
    BrokenPicture,
    #[error("This picture has too many pixels. At most {millions} million are possible.")]
    TooManyPixels { millions: usize },
    #[error("{}", too_many_files(*max))]
    TooManyFiles { max: usize },
    #[error("This label does not exist any more. Please choose another one.")]
    UnknownLabel,
    #[error("{max} labels are possible.")]
    TooManyLabels { max: usize },
    #[error("This agent is not there any more. Please choose another one.")]
    UnknownAgent,
    #[error("The visitor's email address is needed for a ticket. Please ask for it and enter it.")]
    EmailNeeded,
    #[error("This chat has as many tickets as are possible.")]
    TooManyTickets,
    #[error("This ticket has as many entries as are possible. Please open another one.")]
    TicketFull,
    #[error("You cannot chat at the moment.")]
    Blocked { until: Millis },
    #[error("This visitor is blocked already.")]
    AlreadyBlocked,
    #[error("The visitor's address is not known. The visitor can be blocked without it.")]
    AddressNotKnown,
    #[error("No agent is available at the moment. Please leave a message.")]
    NobodyAvailable,
    #[error("The chat has not ended yet.")]
    NotEnded,
    #[error("The transcript was sent to this address already.")]
    TranscriptSent,
    #[error("The transcript was sent to as many addresses as are possible.")]
    TooManyTranscripts,
    #[error("Please shorten your comment to {max} characters.")]
    CommentTooLong { max: usize },
    #[error("This was changed too often. It stays as it is.")]
    ChangedTooOften,
}

fn too_many_files(max: usize) -> String {
    match max {
        1 => "A message can have one file. Please send the others with further messages.".into(),
        max => format!("A message can have {max} files. Please send the others with a second message."),
    }
}

/// Why a call failed, as the caller is told. Carries no internals: those are in the log, under the request's id.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(tag = "error", rename_all = "snake_case")]
pub enum ApiError {
    #[error("{refusal}")]
    Refused { refusal: Refusal },
    #[error("Your session has ended. Please log in again.")]
    NotLoggedIn,
    #[error("This is not allowed here.")]
    NotAllowed,
    #[error("There is no such chat.")]
    NoSuchChat,
    #[error("There is no such ticket.")]
    NoSuchTicket,
    #[error("There is no such file.")]
    NoSuchFile,
    #[error("This is not there any more.")]
    Gone,
    #[error("{sentence}")]
    Invalid { sentence: String },
    #[error("That was a lot at once. Please try again in a moment.")]
    TooMany { retry_after_ms: Millis },
    /// The server has more to do than it can. Said in the words of [`ApiError::Unreachable`]: to whoever waits, it is the
    /// same.
    #[error("The server cannot be reached at the moment.")]
    Busy { retry_after_ms: Millis },
    #[error(
        "The server cannot store anything at the moment, so nothing was sent. Your text is kept; please try again."
    )]
    NotStored,
    #[error("Something went wrong on the server. Please try again.")]
    Internal,
    #[error("The server cannot be reached at the moment.")]
    Unreachable,
}

impl Refusal {
    /// The field of the form that starts a chat, or leaves a message, which is to be mended.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Refusal::InvalidEmail => Some("email"),
            Refusal::InvalidName { .. } => Some("name"),
            Refusal::EmptyMessage | Refusal::MessageTooLong { .. } => Some("message"),
            Refusal::UnknownDepartment => Some("department"),
            _ => None,
        }
    }
}

impl ApiError {
    /// Whether the same call may succeed later without anybody changing it: a client keeps the command and repeats it.
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            ApiError::TooMany { .. }
                | ApiError::Busy { .. }
                | ApiError::NotStored
                | ApiError::Internal
                | ApiError::Unreachable
        )
    }

    /// The HTTP status that carries this error.
    pub fn status(&self) -> u16 {
        match self {
            ApiError::Refused { refusal } => match refusal {
                Refusal::ChatEnded
                | Refusal::AcceptedBy { .. }
                | Refusal::AlreadyChatting { .. }
                | Refusal::NotStarted
                | Refusal::NotAccepted
                | Refusal::NobodyAvailable
                | Refusal::NotEnded
                | Refusal::AlreadyBlocked
                | Refusal::TranscriptSent
                | Refusal::TooManyTickets
                | Refusal::TicketFull
                | Refusal::CommandReused => 409,
                Refusal::NotYourChat { .. } | Refusal::NotAllowed | Refusal::Blocked { .. } => 403,
                Refusal::MessageTooLong { .. } | Refusal::MessageTooRich | Refusal::FileTooLarge { .. } => 413,
                _ => 422,
            },
            ApiError::NotLoggedIn => 401,
            ApiError::NotAllowed => 403,
            ApiError::NoSuchChat | ApiError::NoSuchTicket | ApiError::NoSuchFile | ApiError::Gone => 404,
            ApiError::Invalid { .. } => 422,
            ApiError::TooMany { .. } => 429,
            ApiError::NotStored => 507,
            ApiError::Internal => 500,
            ApiError::Busy { .. } | ApiError::Unreachable => 503,
        }
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        ApiError::Refused { refusal }
    }
}

#[cfg(feature = "reactive")]
impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        // On the server what cannot be read is the caller's body; in the browser it is an answer that is not ours: a
        // proxy's, whose server is away.
        let unreadable = if cfg!(feature = "ssr") {
            ApiError::Invalid {
                sentence: "The server and this page do not understand each other. Please reload the page.".into(),
            }
        } else {
            ApiError::Unreachable
        };
        match value {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                unreadable
            }
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => ApiError::Unreachable,
            _ => ApiError::Internal,
        }
    }
}
