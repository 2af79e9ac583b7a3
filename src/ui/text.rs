//! Rich text as nodes. There is no HTML in it, so there is none to clean.

use crate::model::links::{Piece, pieces};
use crate::model::text::{Block, Inline, MAX_DEPTH, RichText, Span, is_link};
use leptos::prelude::*;

/// Draws rich text.
pub fn draw(text: &RichText) -> impl IntoView + use<> {
    draw_blocks(&text.blocks, 1)
}

/// What is nested deeper than the rules allow is left out.
fn draw_blocks(blocks: &[Block], depth: usize) -> Vec<AnyView> {
    if depth > MAX_DEPTH {
        return Vec::new();
    }
    let items = |items: &[Vec<Block>]| {
        items.iter().map(|item| view! { <li>{draw_blocks(item, depth + 1)}</li> }.into_any()).collect::<Vec<_>>()
    };
    blocks
        .iter()
        .map(|block| match block {
            Block::Paragraph(inline) => view! { <p dir="auto">{draw_inline(inline)}</p> }.into_any(),
            Block::BulletList(all) => view! { <ul dir="auto">{items(all)}</ul> }.into_any(),
            Block::OrderedList(all) => view! { <ol dir="auto">{items(all)}</ol> }.into_any(),
            Block::Quote(inner) => {
                view! { <blockquote dir="auto">{draw_blocks(inner, depth + 1)}</blockquote> }.into_any()
            }
            Block::Code(code) => view! { <pre><code>{code.clone()}</code></pre> }.into_any(),
        })
        .collect()
}

fn draw_inline(inline: &Inline) -> AnyView {
    together(inline.spans.iter().map(draw_span).collect())
}

/// Several views, or the only one without anything around it: there are many messages.
fn together(mut views: Vec<AnyView>) -> AnyView {
    match views.len() {
        1 => views.remove(0),
        _ => views.into_any(),
    }
}

/// A span with its marks around it; a link is the outermost.
fn draw_span(span: &Span) -> AnyView {
    let link = span.link.as_deref().filter(|link| is_link(link));
    let mut drawn = if span.code || link.is_some() {
        draw_lines(&span.text)
    } else {
        together(pieces(&span.text).into_iter().map(draw_piece).collect())
    };
    if span.code {
        drawn = view! { <code>{drawn}</code> }.into_any();
    }
    if span.strike {
        drawn = view! { <s>{drawn}</s> }.into_any();
    }
    if span.underline {
        drawn = view! { <u>{drawn}</u> }.into_any();
    }
    if span.italic {
        drawn = view! { <em>{drawn}</em> }.into_any();
    }
    if span.bold {
        drawn = view! { <strong>{drawn}</strong> }.into_any();
    }
    match link {
        Some(link) => draw_link(link.to_owned(), drawn),
        None => drawn,
    }
}

fn draw_piece(piece: Piece<'_>) -> AnyView {
    match piece {
        Piece::Plain(text) => draw_lines(text),
        Piece::Link { text, href } if is_link(&href) => draw_link(href, text.to_owned().into_any()),
        Piece::Link { text, .. } => text.to_owned().into_any(),
    }
}

/// Text with its line breaks.
fn draw_lines(text: &str) -> AnyView {
    let line = |(i, line): (usize, &str)| {
        let line = line.to_owned();
        if i == 0 { line.into_any() } else { view! { <br /> {line} }.into_any() }
    };
    together(text.split('\n').enumerate().map(line).collect())
}

fn draw_link(href: String, shown: AnyView) -> AnyView {
    view! { <a href=href target="_blank" rel="noopener noreferrer nofollow ugc">{shown}</a> }.into_any()
}
