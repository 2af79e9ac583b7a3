//! Rich text: a typed tree, so that no HTML from a user exists anywhere and nothing has to be sanitised (M5).

mod plain;
mod span;
#[cfg(test)]
pub(super) mod tests;

pub use span::{Inline, Span, is_link};

use super::error::Refusal;
use serde::{Deserialize, Serialize};

/// Longest accepted message, in characters.
pub const MAX_MESSAGE_CHARS: usize = 10_000;
/// Most blocks of one message, those inside others included.
pub const MAX_BLOCKS: usize = 1_000;
/// Most spans of one message.
pub const MAX_SPANS: usize = 2_000;
/// Deepest nesting of blocks.
pub const MAX_DEPTH: usize = 8;
/// Longest accepted link, in characters.
pub const MAX_LINK_CHARS: usize = 2_000;

/// The text of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RichText {
    pub blocks: Vec<Block>,
}

/// One block of rich text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A paragraph; a line feed in its text is a line break.
    Paragraph(Inline),
    /// Items, each of blocks.
    BulletList(Vec<Vec<Block>>),
    /// Items, each of blocks, counted from 1.
    OrderedList(Vec<Vec<Block>>),
    Quote(Vec<Block>),
    /// Lines as they are.
    Code(String),
}

impl Block {
    /// The text of this block alone, and the blocks inside it.
    fn parts(&self) -> (Vec<&str>, Vec<&Block>) {
        match self {
            Block::Paragraph(inline) => (inline.spans.iter().map(|span| span.text.as_str()).collect(), Vec::new()),
            Block::Code(code) => (vec![code], Vec::new()),
            Block::Quote(blocks) => (Vec::new(), blocks.iter().collect()),
            Block::BulletList(items) | Block::OrderedList(items) => (Vec::new(), items.iter().flatten().collect()),
        }
    }
}

impl RichText {
    /// Reads typed text: blank lines part paragraphs, single line feeds stay line breaks, white space at both ends goes.
    pub fn from_typed(typed: &str) -> Self {
        let mut before = ' ';
        let clean = |c: char| {
            let ends_line = std::mem::replace(&mut before, c) == '\r';
            match c {
                '\n' if ends_line => None,
                '\r' => Some('\n'),
                '\n' | '\t' => Some(c),
                c => Some(c).filter(|c| !c.is_control()),
            }
        };
        let clean: String = typed.chars().filter_map(clean).collect();
        let mut blocks: Vec<Block> = Vec::new();
        let mut paragraph = String::new();
        for line in clean.trim().split('\n') {
            if line.trim().is_empty() {
                if !paragraph.is_empty() {
                    blocks.push(Block::Paragraph(Inline::plain(std::mem::take(&mut paragraph))));
                }
            } else {
                if !paragraph.is_empty() {
                    paragraph.push('\n');
                }
                paragraph.push_str(line.trim_end());
            }
        }
        if !paragraph.is_empty() {
            blocks.push(Block::Paragraph(Inline::plain(paragraph)));
        }
        RichText { blocks }
    }

    /// Whether there is nothing to read.
    pub fn is_blank(&self) -> bool {
        !self.any_text(&mut |text| !text.trim().is_empty())
    }

    /// One line of at most `max` characters for lists and notices.
    pub fn preview(&self, max: usize) -> String {
        let mut line = String::new();
        let mut chars = 0;
        let mut space = false;
        self.any_text(&mut |text| {
            for c in text.chars() {
                if c.is_whitespace() {
                    space = !line.is_empty();
                    continue;
                }
                if chars + 1 + usize::from(space) > max {
                    line.push('…');
                    return true;
                }
                if std::mem::take(&mut space) {
                    line.push(' ');
                    chars += 1;
                }
                line.push(c);
                chars += 1;
            }
            false
        });
        line
    }

    /// Shows each piece of text to `look`, with a line feed after each block, until it says that it has seen enough.
    fn any_text(&self, look: &mut dyn FnMut(&str) -> bool) -> bool {
        fn walk(blocks: &[&Block], look: &mut dyn FnMut(&str) -> bool) -> bool {
            blocks.iter().any(|block| {
                let (texts, inner) = block.parts();
                texts.iter().any(|text| look(text)) || look("\n") || walk(&inner, look)
            })
        }
        walk(&self.blocks.iter().collect::<Vec<_>>(), look)
    }

    /// Whether this may be stored, empty or not.
    ///
    /// # Errors
    /// [`Refusal::MessageTooLong`] over [`MAX_MESSAGE_CHARS`] characters, [`Refusal::MessageTooRich`] over
    /// [`MAX_BLOCKS`] blocks, [`MAX_SPANS`] spans or [`MAX_DEPTH`] levels, [`Refusal::InvalidLink`] for a link that is
    /// not of the web or of mail.
    pub fn check_bounds(&self) -> Result<(), Refusal> {
        let mut sum = Sum::default();
        sum.take(&self.blocks.iter().collect::<Vec<_>>(), 1)?;
        if sum.chars > MAX_MESSAGE_CHARS {
            Err(Refusal::MessageTooLong { chars: sum.chars, max: MAX_MESSAGE_CHARS })
        } else {
            Ok(())
        }
    }

    /// Whether this may be a message.
    ///
    /// # Errors
    /// [`Refusal::EmptyMessage`] when nothing is written; else as [`RichText::check_bounds`].
    pub fn check(&self) -> Result<(), Refusal> {
        self.check_bounds()?;
        if self.is_blank() { Err(Refusal::EmptyMessage) } else { Ok(()) }
    }
}

#[derive(Default)]
struct Sum {
    chars: usize,
    blocks: usize,
    spans: usize,
}

impl Sum {
    fn take(&mut self, blocks: &[&Block], depth: usize) -> Result<(), Refusal> {
        self.blocks += blocks.len();
        if (depth > MAX_DEPTH && !blocks.is_empty()) || self.blocks > MAX_BLOCKS {
            return Err(Refusal::MessageTooRich);
        }
        for block in blocks {
            if let Block::Paragraph(inline) = block {
                self.spans += inline.spans.len();
                if inline.spans.iter().filter_map(|span| span.link.as_deref()).any(|link| !is_link(link)) {
                    return Err(Refusal::InvalidLink);
                }
            }
            // An item without blocks costs as much as one with.
            if let Block::BulletList(items) | Block::OrderedList(items) = block {
                self.spans += items.len();
            }
            if self.spans > MAX_SPANS {
                return Err(Refusal::MessageTooRich);
            }
            let (texts, inner) = block.parts();
            self.chars += texts.iter().map(|text| text.chars().count()).sum::<usize>();
            self.take(&inner, depth + 1)?;
        }
        Ok(())
    }
}
