//! What people wrote, as the templates are given it: for HTML a tree of plain values, for plain text lines.

use crate::model::links::{Piece, pieces};
use crate::model::text::{Block, Inline, MAX_DEPTH, RichText, Span, is_link};
use serde::Serialize;

/// What a block, an item, a link or marks weigh besides their characters, in characters. A character takes up to six
/// bytes of HTML, and so many times six is what a tag with its style takes.
const PIECE_CHARS: usize = 50;

/// A text, fit for a mail.
#[derive(Debug, Default, PartialEq, Serialize)]
pub(super) struct Words {
    pub(super) parts: Vec<Part>,
    /// The same without HTML.
    pub(super) lines: Vec<String>,
}

/// A block of a text.
#[derive(Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Part {
    /// Lines, each of pieces.
    Paragraph {
        lines: Vec<Vec<Run>>,
    },
    List {
        ordered: bool,
        items: Vec<Vec<Part>>,
    },
    Quote {
        parts: Vec<Part>,
    },
    Code {
        code: String,
    },
}

/// A piece of a line, with its marks.
#[derive(Debug, Default, PartialEq, Serialize)]
pub(super) struct Run {
    pub(super) text: String,
    pub(super) bold: bool,
    pub(super) italic: bool,
    pub(super) underline: bool,
    pub(super) strike: bool,
    pub(super) code: bool,
    pub(super) href: Option<String>,
}

/// Whether links in a text lead somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Links {
    Live,
    /// They are text like any other.
    Dead,
}

impl Words {
    /// The text with its links.
    pub(super) fn of(text: &RichText) -> Self {
        Words::drawn(tidy(&text.blocks, Links::Live, 1), Links::Live)
    }

    /// The text as a quote.
    pub(super) fn quoted(text: &RichText, links: Links) -> Self {
        Words::drawn(vec![Block::Quote(tidy(&text.blocks, links, 1))], links)
    }

    fn drawn(blocks: Vec<Block>, links: Links) -> Self {
        let text = RichText { blocks };
        let lines = text.to_plain().split('\n').map(|line| line.trim_end().to_owned()).collect();
        Words { parts: text.blocks.iter().map(|block| part(block, links)).collect(), lines }
    }
}

/// How much there is of a text, in characters: everything that makes a mail longer counts.
pub(super) fn weight(text: &RichText) -> usize {
    let mut sum = 0;
    let mut waiting: Vec<&Block> = text.blocks.iter().collect();
    while let Some(block) = waiting.pop() {
        sum += PIECE_CHARS;
        match block {
            Block::Paragraph(inline) => sum += inline.spans.iter().map(span_weight).sum::<usize>(),
            Block::Code(code) => sum += code.chars().count(),
            Block::Quote(inner) => waiting.extend(inner),
            Block::BulletList(items) | Block::OrderedList(items) => {
                sum += items.len() * PIECE_CHARS;
                waiting.extend(items.iter().flatten());
            }
        }
    }
    sum
}

fn span_weight(span: &Span) -> usize {
    let link = span.link.as_ref().map_or(0, |link| link.chars().count());
    let pieces = usize::from(!span.is_plain()) + pieces(&span.text).len().saturating_sub(1);
    span.text.chars().count() + link + pieces * PIECE_CHARS
}

/// The blocks without control characters, without links to where a link may not lead, and not deeper than a message
/// may be: what is stored was checked by the rules of its time, and what is sent has to be fit today.
fn tidy(blocks: &[Block], links: Links, depth: usize) -> Vec<Block> {
    if depth > MAX_DEPTH && !blocks.is_empty() {
        return vec![Block::Paragraph(Inline::plain("…"))];
    }
    let inside = |blocks: &[Block]| tidy(blocks, links, depth + 1);
    blocks
        .iter()
        .map(|block| match block {
            Block::Paragraph(inline) => {
                Block::Paragraph(Inline { spans: inline.spans.iter().map(|span| tidy_span(span, links)).collect() })
            }
            Block::BulletList(items) => Block::BulletList(items.iter().map(|item| inside(item)).collect()),
            Block::OrderedList(items) => Block::OrderedList(items.iter().map(|item| inside(item)).collect()),
            Block::Quote(inner) => Block::Quote(inside(inner)),
            Block::Code(code) => Block::Code(visible(code)),
        })
        .collect()
}

fn tidy_span(span: &Span, links: Links) -> Span {
    let link = span.link.clone().filter(|link| links == Links::Live && is_link(link));
    Span { text: visible(&span.text), link, ..span.clone() }
}

/// The text without control characters, but with its line feeds and tabs.
fn visible(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// A tidy block as it is drawn.
fn part(block: &Block, links: Links) -> Part {
    let inside = |blocks: &[Block]| blocks.iter().map(|block| part(block, links)).collect::<Vec<_>>();
    let list = |ordered, items: &[Vec<Block>]| {
        let items = items.iter().map(|item| inside(item)).collect();
        Part::List { ordered, items }
    };
    match block {
        Block::Paragraph(inline) => Part::Paragraph { lines: lines(inline, links) },
        Block::BulletList(items) => list(false, items),
        Block::OrderedList(items) => list(true, items),
        Block::Quote(inner) => Part::Quote { parts: inside(inner) },
        Block::Code(code) => Part::Code { code: code.clone() },
    }
}

fn lines(inline: &Inline, links: Links) -> Vec<Vec<Run>> {
    let mut lines: Vec<Vec<Run>> = Vec::new();
    for span in &inline.spans {
        for (i, text) in span.text.split('\n').enumerate() {
            if i > 0 || lines.is_empty() {
                lines.push(Vec::new());
            }
            if let Some(line) = lines.last_mut() {
                line.extend(runs(text, span, links));
            }
        }
    }
    lines
}

/// A piece of one line; addresses in it become links, unless it is one already or is code.
fn runs(text: &str, span: &Span, links: Links) -> Vec<Run> {
    let run = |text: &str, href: Option<String>| Run {
        text: text.to_owned(),
        bold: span.bold,
        italic: span.italic,
        underline: span.underline,
        strike: span.strike,
        code: span.code,
        href,
    };
    if span.link.is_some() || span.code || links == Links::Dead {
        return if text.is_empty() { Vec::new() } else { vec![run(text, span.link.clone())] };
    }
    pieces(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Plain(text) => run(text, None),
            Piece::Link { text, href } => run(text, Some(href)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraph(span: Span) -> RichText {
        RichText { blocks: vec![Block::Paragraph(Inline { spans: vec![span] })] }
    }

    fn hrefs(words: &Words) -> Vec<&str> {
        let [Part::Paragraph { lines }] = &words.parts[..] else { panic!("{words:?}") };
        lines.iter().flatten().filter_map(|run| run.href.as_deref()).collect()
    }

    #[test]
    fn a_link_leads_only_where_a_link_may() {
        for bad in ["javascript:alert(1)", "data:text/html,x", "//a.example", "", "https://a.example/\r\nBcc: x"] {
            let span = Span { text: "here".into(), link: Some(bad.into()), ..Default::default() };
            let words = Words::of(&paragraph(span));
            assert!(hrefs(&words).is_empty(), "{bad}");
            assert_eq!(words.lines, ["here"]);
        }
        let span = Span { text: "here".into(), link: Some("https://a.example/".into()), ..Default::default() };
        let words = Words::of(&paragraph(span));
        assert_eq!(hrefs(&words), ["https://a.example/"]);
        assert_eq!(words.lines, ["here (https://a.example/)"]);
    }

    #[test]
    fn addresses_become_links_with_the_marks_around_them_but_not_in_code() {
        let text = "see www.a.example now";
        let bold = Words::of(&paragraph(Span { text: text.into(), bold: true, ..Default::default() }));
        assert_eq!(hrefs(&bold), ["https://www.a.example"]);
        let code = Words::of(&paragraph(Span { text: text.into(), code: true, ..Default::default() }));
        assert!(hrefs(&code).is_empty());
    }

    #[test]
    fn dead_links_are_text() {
        let span = Span { text: "www.a.example".into(), link: Some("https://b.example".into()), ..Default::default() };
        let words = Words::quoted(&paragraph(span), Links::Dead);
        assert_eq!(words.lines, ["> www.a.example"]);
        assert!(!format!("{words:?}").contains("http"));
    }

    #[test]
    fn what_is_deeper_than_a_message_may_be_is_left_out() {
        let mut block = Block::Paragraph(Inline::plain("the core"));
        for i in 0..200 {
            block = if i % 2 == 0 { Block::Quote(vec![block]) } else { Block::BulletList(vec![vec![block]]) };
        }
        let text = RichText { blocks: vec![block] };
        assert_eq!(Words::of(&text).lines, ["- > - > - > - > …"]);
        assert!(weight(&text) > 200 * PIECE_CHARS);
    }

    #[test]
    fn what_makes_a_mail_long_has_weight() {
        let link = Span { text: "x".into(), link: Some("https://a.example".repeat(10)), ..Default::default() };
        assert_eq!(weight(&paragraph(link)), 1 + 170 + 2 * PIECE_CHARS);
        assert_eq!(weight(&RichText::from_typed("www.a.example www.b.example")), 27 + 3 * PIECE_CHARS);
        assert_eq!(weight(&RichText { blocks: vec![Block::BulletList(vec![vec![]; 5])] }), 6 * PIECE_CHARS);
    }
}
