//! Rich text as nodes. There is no HTML in it, so there is none to clean.

use crate::model::links::{Piece, pieces};
use crate::model::text::{Block, RichText};
use leptos::prelude::*;

/// Draws rich text.
pub fn draw(text: &RichText) -> impl IntoView + use<> {
    text.blocks
        .iter()
        .map(|Block::Paragraph(paragraph)| {
            let lines: Vec<AnyView> = paragraph
                .split('\n')
                .enumerate()
                .flat_map(|(i, line)| {
                    let line_break = (i > 0).then(|| view! { <br /> }.into_any());
                    line_break.into_iter().chain(pieces(line).into_iter().map(draw_piece))
                })
                .collect();
            view! { <p dir="auto">{lines}</p> }
        })
        .collect_view()
}

fn draw_piece(piece: Piece<'_>) -> AnyView {
    match piece {
        Piece::Plain(text) => text.to_owned().into_any(),
        Piece::Link { text, href } => {
            view! { <a href=href target="_blank" rel="noopener noreferrer nofollow ugc">{text.to_owned()}</a> }
                .into_any()
        }
    }
}
