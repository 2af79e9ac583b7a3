//! What the tests of this room share.

pub(super) mod smtp_server;

use super::{Letter, Writer};
use crate::model::text::{Block, Inline, RichText, Span};
use crate::model::visitor::Email;

/// A letter like any other.
pub(super) fn letter() -> Letter {
    Letter {
        to: Email::parse("ada@example.com").unwrap(),
        subject: "Your chat with Shop (#1042)".into(),
        text: "Hello".into(),
        html: "<p>Hello</p>".into(),
        message_id: "<transcript-1042@shop.example>".into(),
        references: Vec::new(),
        writer: Writer::Machine,
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

/// HTML without its entities.
pub(super) fn decoded(html: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#x2f;", "/"), ("&amp;", "&")]
        .iter()
        .fold(html.to_owned(), |text, (entity, character)| text.replace(entity, character))
}

/// The text of a page as a person sees it: without style sheet, tags and entities.
pub(super) fn seen(html: &str) -> String {
    let body = html.split_once("</head>").unwrap().1;
    let text: String = body.split('<').map(|piece| piece.split_once('>').map_or("", |(_, text)| text)).collect();
    decoded(&text)
}

/// This text everywhere where a text can be.
pub(super) fn everywhere(text: &str) -> RichText {
    let span = || Span { text: text.into(), ..Default::default() };
    let spans = vec![
        span(),
        Span { bold: true, ..span() },
        Span { italic: true, underline: true, ..span() },
        Span { strike: true, ..span() },
        Span { code: true, ..span() },
        Span { link: Some("https://shop.example/".into()), ..span() },
        Span { link: Some(format!("https://shop.example/{text}")), ..span() },
        Span { link: Some(format!("javascript:{text}")), ..span() },
    ];
    let paragraph = || vec![Block::Paragraph(Inline { spans: spans.clone() })];
    let items = || vec![paragraph(), vec![], vec![Block::Quote(paragraph()), Block::Code(text.into())]];
    let lists = vec![Block::BulletList(items()), Block::OrderedList(items())];
    RichText { blocks: [paragraph(), lists, vec![Block::Quote(paragraph()), Block::Code(text.into())]].concat() }
}
