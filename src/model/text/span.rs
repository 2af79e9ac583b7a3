//! Text in a line: spans with marks.

use super::MAX_LINK_CHARS;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;

/// The text of a paragraph. In JSON one span without marks is a string, everything else a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inline {
    pub spans: Vec<Span>,
}

/// Text with the same marks. In JSON a string when it has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub text: String,
    pub bold: bool,
    pub italic: bool,
    pub underline: bool,
    pub strike: bool,
    pub code: bool,
    /// An address that [`is_link`] accepts.
    pub link: Option<String>,
}

impl Inline {
    /// Text without marks.
    pub fn plain(text: impl Into<String>) -> Self {
        Inline { spans: vec![Span { text: text.into(), ..Default::default() }] }
    }
}

impl Span {
    /// Whether it has no marks.
    pub fn is_plain(&self) -> bool {
        !(self.bold || self.italic || self.underline || self.strike || self.code) && self.link.is_none()
    }
}

/// Whether this may be the target of a link: `http`, `https`, `mailto` or `tel`, and at most [`MAX_LINK_CHARS`] long.
pub fn is_link(address: &str) -> bool {
    let known = ["http://", "https://", "mailto:", "tel:"]
        .iter()
        .any(|scheme| address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    known && address.chars().count() <= MAX_LINK_CHARS && !address.contains(|c: char| c.is_control() || c == ' ')
}

/// A span with marks, as it is written.
#[derive(Serialize, Deserialize)]
struct Marked {
    text: String,
    #[serde(default, skip_serializing_if = "is_false")]
    bold: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    italic: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    underline: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    strike: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    code: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

fn is_false(mark: &bool) -> bool {
    !mark
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_plain() {
            return serializer.serialize_str(&self.text);
        }
        let Span { text, bold, italic, underline, strike, code, link } = self.clone();
        Marked { text, bold, italic, underline, strike, code, link }.serialize(serializer)
    }
}

impl Serialize for Inline {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.spans[..] {
            [] => serializer.serialize_str(""),
            [span] if span.is_plain() => serializer.serialize_str(&span.text),
            spans => serializer.collect_seq(spans),
        }
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SpanVisitor)
    }
}

impl<'de> Deserialize<'de> for Inline {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(InlineVisitor)
    }
}

struct SpanVisitor;

impl<'de> Visitor<'de> for SpanVisitor {
    type Value = Span;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, with or without marks")
    }

    fn visit_str<E>(self, text: &str) -> Result<Span, E> {
        Ok(Span { text: text.to_owned(), ..Default::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Span, A::Error> {
        let Marked { text, bold, italic, underline, strike, code, link } =
            Marked::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Span { text, bold, italic, underline, strike, code, link })
    }
}

struct InlineVisitor;

impl<'de> Visitor<'de> for InlineVisitor {
    type Value = Inline;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a list of texts")
    }

    fn visit_str<E>(self, text: &str) -> Result<Inline, E> {
        Ok(if text.is_empty() { Inline::default() } else { Inline::plain(text) })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Inline, A::Error> {
        Ok(Inline { spans: Vec::deserialize(SeqAccessDeserializer::new(seq))? })
    }
}
