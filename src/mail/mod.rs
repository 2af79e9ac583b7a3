//! Mail: letters, how they look, and how they leave the house.
//!
//! A [`Letter`] is a finished mail without a sender: who it is for, its subject, both bodies and the `Message-ID` that
//! stays the same however often it is sent. [`transcript()`] writes one from a conversation, [`ticket`] those of a
//! ticket. The [`Mailer`] hands letters to the SMTP server of `FRONTDESK_SMTP_URL`, or, without one, keeps each as an
//! `.eml` file.
//!
//! Nothing here retries or remembers: the outbox worker does. A [`SendError`] tells it whether another try has a point,
//! and [`LONGEST_SEND`] how long one may take.

mod eml;
mod error;
mod letter;
mod mailer;
mod one_line;
mod smtp;
mod smtp_url;
mod templates;
mod test_mail;
#[cfg(test)]
mod testing;
pub mod ticket;
mod transcript;
mod wording;
mod words;

pub use error::{ConfigError, SendError};
pub use letter::{Letter, Writer};
pub use mailer::Mailer;
pub use smtp::LONGEST_SEND;
pub use test_mail::test_mail;
pub use transcript::{MAX_TRANSCRIPT_CHARS, transcript};
