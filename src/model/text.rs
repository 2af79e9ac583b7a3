//! Rich text: a typed tree, so that no HTML from a user exists anywhere and nothing has to be sanitised.
//!
//! A visitor's message and today's replies are paragraphs of plain text; marks, lists and the rest of M5 are further
//! variants of the same tree.

use super::error::Refusal;
use serde::{Deserialize, Serialize};

/// Longest accepted message, in characters.
pub const MAX_MESSAGE_CHARS: usize = 10_000;
/// Most paragraphs of one message.
pub const MAX_BLOCKS: usize = 1_000;

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
    Paragraph(String),
}

impl RichText {
    /// Reads typed text: blank lines part paragraphs, single line feeds stay line breaks, white space at both ends goes.
    pub fn from_typed(typed: &str) -> Self {
        let clean: String = typed
            .replace("\r\n", "\n")
            .replace('\r', "\n")
            .chars()
            .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
            .collect();
        let mut blocks: Vec<Block> = Vec::new();
        let mut paragraph = String::new();
        for line in clean.trim().split('\n') {
            if line.trim().is_empty() {
                if !paragraph.is_empty() {
                    blocks.push(Block::Paragraph(std::mem::take(&mut paragraph)));
                }
            } else {
                if !paragraph.is_empty() {
                    paragraph.push('\n');
                }
                paragraph.push_str(line.trim_end());
            }
        }
        if !paragraph.is_empty() {
            blocks.push(Block::Paragraph(paragraph));
        }
        RichText { blocks }
    }

    /// The text alone, paragraphs parted by a blank line.
    pub fn to_plain(&self) -> String {
        let mut plain = String::new();
        for Block::Paragraph(text) in &self.blocks {
            if !plain.is_empty() {
                plain.push_str("\n\n");
            }
            plain.push_str(text);
        }
        plain
    }

    /// One line of at most `max` characters for lists and notices.
    pub fn preview(&self, max: usize) -> String {
        let mut line = String::new();
        let mut chars = 0;
        let mut space = false;
        for c in self.blocks.iter().flat_map(|Block::Paragraph(text)| text.chars().chain(['\n'])) {
            if c.is_whitespace() {
                space = !line.is_empty();
                continue;
            }
            if chars + 1 + usize::from(space) > max {
                line.push('…');
                break;
            }
            if std::mem::take(&mut space) {
                line.push(' ');
                chars += 1;
            }
            line.push(c);
            chars += 1;
        }
        line
    }

    /// Whether this may be a message.
    ///
    /// # Errors
    /// [`Refusal::EmptyMessage`] when nothing is written, [`Refusal::MessageTooLong`] over [`MAX_MESSAGE_CHARS`]
    /// characters or [`MAX_BLOCKS`] blocks.
    pub fn check(&self) -> Result<(), Refusal> {
        let chars: usize = self.blocks.iter().map(|Block::Paragraph(text)| text.chars().count()).sum();
        if self.blocks.iter().all(|Block::Paragraph(text)| text.trim().is_empty()) {
            Err(Refusal::EmptyMessage)
        } else if chars > MAX_MESSAGE_CHARS || self.blocks.len() > MAX_BLOCKS {
            Err(Refusal::MessageTooLong { chars, max: MAX_MESSAGE_CHARS })
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_text_keeps_its_lines_and_paragraphs() {
        let text = RichText::from_typed("  one\r\ntwo  \n\n\nthree\u{0}\n");
        assert_eq!(text.blocks, vec![Block::Paragraph("one\ntwo".into()), Block::Paragraph("three".into())]);
        assert_eq!(text.to_plain(), "one\ntwo\n\nthree");
    }

    #[test]
    fn a_preview_is_one_bounded_line() {
        let text = RichText::from_typed("hello   there\nyou");
        assert_eq!(text.preview(50), "hello there you");
        assert_eq!(text.preview(7), "hello t…");
        assert_eq!(text.preview(6), "hello…");
        assert_eq!(RichText::from_typed(&"ä".repeat(500)).preview(10), format!("{}…", "ä".repeat(10)));
    }

    #[test]
    fn a_message_is_neither_empty_nor_endless() {
        assert_eq!(RichText::from_typed(" \n ").check(), Err(Refusal::EmptyMessage));
        assert!(RichText::from_typed(&"x".repeat(MAX_MESSAGE_CHARS)).check().is_ok());
        assert!(matches!(
            RichText::from_typed(&"x".repeat(MAX_MESSAGE_CHARS + 1)).check(),
            Err(Refusal::MessageTooLong { chars: 10_001, max: 10_000 })
        ));
        let hostile = RichText { blocks: vec![Block::Paragraph("\u{2003} ".into())] };
        assert_eq!(hostile.check(), Err(Refusal::EmptyMessage));
    }
}
