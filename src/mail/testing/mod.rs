//! What the tests of this room share.

pub(super) mod smtp_server;

use super::Letter;
use crate::model::visitor::Email;

/// A letter like any other.
pub(super) fn letter() -> Letter {
    Letter {
        to: Email::parse("ada@example.com").unwrap(),
        subject: "Your chat with Shop (#1042)".into(),
        text: "Hello".into(),
        html: "<p>Hello</p>".into(),
        message_id: "<transcript-1042@shop.example>".into(),
    }
}

/// A mail as a mail program reads it: headers unfolded, bodies decoded.
pub(super) struct ParsedMail {
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
    pub(super) parts: Vec<ParsedMail>,
}

impl ParsedMail {
    /// The value of the one header of this name.
    pub(super) fn header(&self, name: &str) -> &str {
        let mut found = self.headers.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name));
        let (_, value) = found.next().unwrap_or_else(|| panic!("no {name}"));
        assert!(found.next().is_none(), "{name} twice");
        value
    }
}

/// Reads a mail; anything it does not know is a failure of the test.
pub(super) fn parse_mail(bytes: &[u8]) -> ParsedMail {
    parse(std::str::from_utf8(bytes).unwrap())
}

fn parse(mail: &str) -> ParsedMail {
    assert!(!mail.replace("\r\n", "").contains(['\r', '\n']), "lines end with CRLF");
    let (head, body) = mail.split_once("\r\n\r\n").expect("a blank line after the headers");
    let headers: Vec<(String, String)> = head
        .replace("\r\n ", " ")
        .split("\r\n")
        .map(|line| line.split_once(':').map(|(n, v)| (n.into(), v.trim().into())).expect(line))
        .collect();
    let mut parsed = ParsedMail { headers, body: body.into(), parts: vec![] };
    if let Some((_, boundary)) = parsed
        .headers
        .iter()
        .find(|(name, _)| name == "Content-Type")
        .and_then(|(_, value)| value.split_once("boundary=\""))
    {
        let boundary = format!("--{}", boundary.trim_end_matches('"'));
        let mut parts = body.split(&boundary).skip(1).collect::<Vec<_>>();
        assert_eq!(parts.pop().map(str::trim_end), Some("--"), "the last boundary ends the mail");
        parsed.parts = parts.into_iter().map(|part| parse(part.strip_prefix("\r\n").unwrap())).collect();
    } else {
        assert_eq!(parsed.header("Content-Transfer-Encoding"), "quoted-printable");
        parsed.body = quoted_printable(body);
    }
    parsed
}

fn quoted_printable(body: &str) -> String {
    let joined = body.replace("=\r\n", "");
    let mut pieces = joined.split('=');
    let mut bytes = pieces.next().unwrap().as_bytes().to_vec();
    for piece in pieces {
        bytes.push(u8::from_str_radix(&piece[..2], 16).expect("two digits after ="));
        bytes.extend_from_slice(&piece.as_bytes()[2..]);
    }
    String::from_utf8(bytes).unwrap()
}
