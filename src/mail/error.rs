//! What can go wrong with mail: in the configuration, and on the way.

use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Why the configured mail settings cannot be used, in words for the admin who starts the server. Never contains the
/// address that was configured, since a password is part of it.
#[derive(Debug, Error)]
pub enum ConfigError {
    #[error(
        "FRONTDESK_SMTP_URL cannot be used: {problem}. Accepted are smtp://user:password@host:port (encrypted by \
         STARTTLS where the server offers it; port 587 unless given) and smtps://user:password@host:port (encrypted \
         from the start; port 465 unless given), both also without user and password. A percent sign in the user or \
         password is written %25, a colon in the user %3A."
    )]
    SmtpUrl { problem: &'static str },
    #[error(
        "FRONTDESK_MAIL_FROM cannot be used: {problem}. Accepted are an email address such as chat@shop.example, and \
         a name with one such as Example Shop <chat@shop.example>."
    )]
    MailFrom { problem: &'static str },
    #[error(
        "Mails cannot be kept in {}: {source}. Make that directory writable, or set FRONTDESK_SMTP_URL to send them.",
        path.display()
    )]
    Directory { path: PathBuf, source: io::Error },
}

/// Why a letter was not sent, in words for the admin who looks after it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{sentence}")]
pub struct SendError {
    /// This very letter will never be accepted: trying again has no point.
    pub permanent: bool,
    pub sentence: String,
}

impl SendError {
    pub(super) fn passing(sentence: impl Into<String>) -> Self {
        SendError { permanent: false, sentence: sentence.into() }
    }

    pub(super) fn permanent(sentence: impl Into<String>) -> Self {
        SendError { permanent: true, sentence: sentence.into() }
    }
}
