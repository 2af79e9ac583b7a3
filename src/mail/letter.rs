//! A letter: a finished mail, ready to be sent any number of times as the same mail.

use super::error::SendError;
use super::one_line::one_line;
use crate::model::visitor::Email;
use lettre::Message;
use lettre::address::Address;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use std::fmt::Write;
use std::time::SystemTime;

/// Longest subject, in characters; longer ones are cut.
const MAX_SUBJECT_CHARS: usize = 200;
/// Longest `Message-ID`, in bytes with its brackets.
const MAX_MESSAGE_ID_BYTES: usize = 160;
/// Of the mails that a letter follows, the first and this many of the last are named.
const MAX_LAST_REFERENCES: usize = 20;

/// A mail without its sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub to: Email,
    /// Line breaks and control characters in it become spaces; at most 200 characters are used.
    pub subject: String,
    /// The body for readers without HTML.
    pub text: String,
    pub html: String,
    /// `<local@domain>`, at most 160 bytes, with its brackets. The same over all tries, so that a mail that went out
    /// twice after all is recognised by the receiver, and is one file in the mail directory.
    pub message_id: String,
    /// The `Message-ID`s of the mails that this one follows, oldest first: it answers the last one. Mail programs show
    /// all of them together. Of a long list the middle is left out.
    pub references: Vec<String>,
    pub writer: Writer,
}

/// Who wrote a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    /// A machine: the mail is marked so, that no other machine answers it (RFC 3834).
    Machine,
    Person,
}

impl Letter {
    /// The mail as it travels: both bodies as `multipart/alternative`.
    ///
    /// # Errors
    /// A permanent [`SendError`] when the address, the `Message-ID` or one that is referred to is not one.
    pub(super) fn to_message(&self, from: &Mailbox, at: SystemTime) -> Result<Message, SendError> {
        local_part(&self.message_id)?;
        let to: Address = self.to.as_str().parse().map_err(|_| {
            SendError::permanent(format!("{} is not an address that mail can be sent to.", self.to.as_str()))
        })?;
        let mut message = Message::builder()
            .from(from.clone())
            .to(Mailbox::new(None, to))
            .subject(one_line(&self.subject, MAX_SUBJECT_CHARS))
            .date(at)
            .message_id(Some(self.message_id.clone()));
        let references = self.shown_references()?;
        if let Some(last) = references.last() {
            message = message.in_reply_to((*last).to_owned()).references(references.join(" "));
        }
        if self.writer == Writer::Machine {
            let name = HeaderName::new_from_ascii_str("Auto-Submitted");
            message = message.raw_header(HeaderValue::new(name, "auto-generated".to_owned()));
        }
        message
            .multipart(
                MultiPart::alternative()
                    .singlepart(part(ContentType::TEXT_PLAIN, &self.text))
                    .singlepart(part(ContentType::TEXT_HTML, &self.html)),
            )
            .map_err(|error| SendError::permanent(format!("The mail could not be put together: {error}.")))
    }

    /// The first of the references, by which threads are kept together, and the last ones.
    fn shown_references(&self) -> Result<Vec<&str>, SendError> {
        let skipped = self.references.len().saturating_sub(MAX_LAST_REFERENCES).max(1);
        let last = self.references.iter().skip(skipped);
        let shown: Vec<&str> = self.references.first().into_iter().chain(last).map(String::as_str).collect();
        shown.iter().try_for_each(|id| local_part(id).map(drop))?;
        Ok(shown)
    }

    /// A file name for this letter, without extension: its `Message-ID` before the `@`, with everything but letters,
    /// digits, `-`, `_` and inner dots as `%` and two hexadecimal digits, so that two letters never share one.
    ///
    /// # Errors
    /// A permanent [`SendError`] when the `Message-ID` is not one.
    pub(super) fn file_stem(&self) -> Result<String, SendError> {
        let mut stem = String::new();
        for byte in local_part(&self.message_id)?.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') || (byte == b'.' && !stem.is_empty()) {
                stem.push(char::from(byte));
            } else {
                // Writing to a string cannot fail.
                let _ = write!(stem, "%{byte:02X}");
            }
        }
        Ok(stem)
    }
}

/// What stands before the `@` of a `Message-ID`.
fn local_part(message_id: &str) -> Result<&str, SendError> {
    Some(message_id)
        .filter(|id| id.len() <= MAX_MESSAGE_ID_BYTES)
        .and_then(|id| id.strip_prefix('<')?.strip_suffix('>')?.split_once('@'))
        .filter(|(local, domain)| is_atom(local) && is_atom(domain))
        .map(|(local, _)| local)
        .ok_or_else(|| SendError::permanent("The mail has no usable Message-ID; it must look like <local@domain>."))
}

/// Characters that need no quoting in a `Message-ID` (RFC 5322, `dot-atom-text`).
fn is_atom(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b))
}

/// One body. Always quoted-printable: it passes through every server, whatever the language and the length of lines, and
/// a person who opens the file can still read it.
fn part(kind: ContentType, text: &str) -> SinglePart {
    // Lines end with CRLF. lettre would see to it too, but in time that grows with the square of the length.
    let text = text.replace("\r\n", "\n").replace('\n', "\r\n");
    SinglePart::builder().header(kind).header(ContentTransferEncoding::QuotedPrintable).body(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::testing::{letter, parse_mail};

    fn sender() -> Mailbox {
        Mailbox::new(Some("Café \"Central\"".into()), "chat@shop.example".parse().unwrap())
    }

    #[test]
    fn it_is_a_mail_by_a_machine_with_a_plain_and_an_html_body() {
        let letter = Letter { text: "Grüße,\n.\nAda\n".into(), html: "<p>Grüße</p>".into(), ..letter() };
        let at = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_760_000_000);
        let bytes = letter.to_message(&sender(), at).unwrap().formatted();
        assert!(bytes.is_ascii(), "passes through any server");
        let mail = parse_mail(&bytes);
        assert_eq!(mail.header("Message-ID"), "<transcript-1042@shop.example>");
        assert_eq!(mail.header("To"), "ada@example.com");
        assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
        assert_eq!(mail.header("Date"), "Thu, 09 Oct 2025 08:53:20 +0000");
        assert!(mail.header("From").ends_with("<chat@shop.example>"), "{}", mail.header("From"));
        assert!(mail.header("Content-Type").starts_with("multipart/alternative;"));
        let [text, html] = &mail.parts[..] else { panic!("two parts, but {}", mail.parts.len()) };
        assert_eq!(text.header("Content-Type"), "text/plain; charset=utf-8");
        assert_eq!(text.body.trim_end(), "Grüße,\r\n.\r\nAda");
        assert_eq!(html.header("Content-Type"), "text/html; charset=utf-8");
        assert_eq!(html.body.trim_end(), "<p>Grüße</p>");
    }

    #[test]
    fn no_header_can_be_smuggled_in_through_the_subject() {
        for break_ in ["\r\n", "\n", "\r", "\0", "\u{2028}", "\u{85}"] {
            let letter = Letter { subject: format!("Hi{break_}Bcc: eve@example.com{break_}{break_}<b>"), ..letter() };
            let mail = parse_mail(&letter.to_message(&sender(), SystemTime::UNIX_EPOCH).unwrap().formatted());
            assert_eq!(mail.header("Subject"), "Hi Bcc: eve@example.com <b>");
            assert_eq!(mail.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("bcc")).count(), 0);
            assert_eq!(mail.parts.len(), 2);
        }
    }

    #[test]
    fn a_message_id_that_is_none_is_refused_for_good() {
        for bad in [
            "",
            "transcript-1@shop.example",
            "<transcript-1>",
            "<a b@shop.example>",
            "<a@shop.example>\r\nBcc: eve@example.com",
            "<a@b@c>",
            "<ä@shop.example>",
        ] {
            let refusal = Letter { message_id: bad.into(), ..letter() }.to_message(&sender(), SystemTime::UNIX_EPOCH);
            assert!(refusal.is_err_and(|error| error.permanent), "{bad:?}");
        }
        let long = Letter { message_id: format!("<{}@shop.example>", "x".repeat(160)), ..letter() };
        assert!(long.file_stem().is_err());
    }

    #[test]
    fn a_letter_follows_the_mails_that_it_names() {
        let id = |number: usize| format!("<ticket-17-{number}@{}.example>", "shop".repeat(15));
        for (count, shown) in
            [(1, vec![1]), (20, (1..=20).collect()), (5_000, [vec![1], (4_981..=5_000).collect()].concat())]
        {
            let letter = Letter { references: (1..=count).map(id).collect(), ..letter() };
            let bytes = letter.to_message(&sender(), SystemTime::UNIX_EPOCH).unwrap().formatted();
            assert!(bytes.split(|byte| *byte == b'\n').all(|line| line.len() < 200), "lines are short");
            let mail = parse_mail(&bytes);
            assert_eq!(mail.header("In-Reply-To"), id(count));
            let references: Vec<String> = shown.into_iter().map(id).collect();
            assert_eq!(mail.header("References").split_whitespace().collect::<Vec<_>>(), references);
        }
        let mail = parse_mail(&letter().to_message(&sender(), SystemTime::UNIX_EPOCH).unwrap().formatted());
        assert!(mail.headers.iter().all(|(name, _)| !["References", "In-Reply-To"].contains(&name.as_str())));
    }

    #[test]
    fn a_reference_that_is_none_is_refused_for_good() {
        let references = vec!["<a@shop.example>".into(), "<b@shop.example>\r\nBcc: eve@example.com".into()];
        let refusal = Letter { references, ..letter() }.to_message(&sender(), SystemTime::UNIX_EPOCH);
        assert!(refusal.is_err_and(|error| error.permanent));
    }

    #[test]
    fn what_a_person_wrote_is_not_marked_as_a_machines() {
        let letter = Letter { writer: Writer::Person, ..letter() };
        let mail = parse_mail(&letter.to_message(&sender(), SystemTime::UNIX_EPOCH).unwrap().formatted());
        assert!(mail.headers.iter().all(|(name, _)| name != "Auto-Submitted"));
    }

    #[test]
    fn a_long_message_id_arrives_whole() {
        let message_id = format!("<{}@{}>", "x".repeat(80), "y".repeat(70));
        let letter = Letter { message_id: message_id.clone(), ..letter() };
        let mail = parse_mail(&letter.to_message(&sender(), SystemTime::UNIX_EPOCH).unwrap().formatted());
        assert_eq!(mail.header("Message-ID"), message_id);
    }

    #[test]
    fn letters_have_file_names_of_their_own_in_the_mail_directory() {
        let stem = |local: &str| Letter { message_id: format!("<{local}@s.example>"), ..letter() }.file_stem().unwrap();
        assert_eq!(stem("transcript-1042.v1"), "transcript-1042.v1");
        assert_eq!(stem("../../etc/passwd"), "%2E.%2F..%2Fetc%2Fpasswd");
        assert_ne!(stem("a/b"), stem("a_b"));
        assert_ne!(stem("a/b"), stem("a%2Fb"));
    }
}
