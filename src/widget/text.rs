//! Rich text as elements. There is no HTML in it, so there is none to clean.

use super::dom::{El, Node, el};
use crate::model::links::{Piece, pieces};
use crate::model::text::{Block, Inline, MAX_DEPTH, RichText, Span, is_link};

/// Draws rich text.
pub fn draw(text: &RichText) -> Node {
    blocks(&text.blocks, 1)
}

/// What is nested deeper than the rules allow is left out.
fn blocks(all: &[Block], depth: usize) -> Node {
    if depth > MAX_DEPTH {
        return Node::Nothing;
    }
    let list = |tag: &'static str, items: &[Vec<Block>]| {
        let items = items.iter().map(|item| el("li").with(blocks(item, depth + 1)));
        el(tag).with(super::together(items))
    };
    let drawn = all.iter().map(|block| {
        let element = match block {
            Block::Paragraph(text) => el("p").with(inline(text)),
            Block::BulletList(items) => list("ul", items),
            Block::OrderedList(items) => list("ol", items),
            Block::Quote(inner) => el("blockquote").with(blocks(inner, depth + 1)),
            Block::Code(code) => return el("pre").with(el("code").text(code.clone())),
        };
        element.set("dir", "auto")
    });
    super::together(drawn)
}

fn inline(inline: &Inline) -> Node {
    Node::Many(inline.spans.iter().map(span).collect())
}

/// A span with its marks around it; a link is the outermost.
fn span(span: &Span) -> Node {
    let link = span.link.as_deref().filter(|link| is_link(link));
    let mut drawn = if span.code || link.is_some() {
        lines(&span.text)
    } else {
        Node::Many(pieces(&span.text).into_iter().map(piece).collect())
    };
    let marks =
        [(span.code, "code"), (span.strike, "s"), (span.underline, "u"), (span.italic, "em"), (span.bold, "strong")];
    for (_, tag) in marks.into_iter().filter(|(on, _)| *on) {
        drawn = el(tag).with(drawn).into();
    }
    match link {
        Some(link) => anchor(link.to_owned(), drawn).into(),
        None => drawn,
    }
}

fn piece(piece: Piece<'_>) -> Node {
    match piece {
        Piece::Plain(text) => lines(text),
        Piece::Link { text, href } if is_link(&href) => anchor(href, Node::Text(text.to_owned().into())).into(),
        Piece::Link { text, .. } => Node::Text(text.to_owned().into()),
    }
}

/// Text with its line breaks.
fn lines(text: &str) -> Node {
    let mut all = Vec::new();
    for (i, line) in text.split('\n').enumerate() {
        if i > 0 {
            all.push(el("br").into());
        }
        all.push(Node::Text(line.to_owned().into()));
    }
    Node::Many(all)
}

fn anchor(href: String, shown: Node) -> El {
    el("a").set("href", href).set("target", "_blank").set("rel", "noopener noreferrer nofollow ugc").with(shown)
}
