//! Rich text as plain text: for mails without HTML, for search, and for people who copy it.

use super::{Block, Inline, RichText};

impl RichText {
    /// The text alone: paragraphs parted by a blank line, lists with their marks, quotes with `> `, links with their
    /// address.
    pub fn to_plain(&self) -> String {
        let mut lines = Vec::new();
        blocks(&self.blocks, "", &mut lines);
        lines.join("\n")
    }
}

/// Writes blocks as lines that all begin with `indent`, a blank line between two blocks.
fn blocks(all: &[Block], indent: &str, lines: &mut Vec<String>) {
    for (i, block) in all.iter().enumerate() {
        if i > 0 {
            lines.push(indent.trim_end().to_owned());
        }
        match block {
            Block::Paragraph(inline) => {
                lines.extend(plain(inline).split('\n').map(|line| format!("{indent}{line}")));
            }
            Block::Code(code) => lines.extend(code.split('\n').map(|line| format!("{indent}    {line}"))),
            Block::Quote(inner) => blocks(inner, &format!("{indent}> "), lines),
            Block::BulletList(items) => list(items, indent, lines, |_| "- ".to_owned()),
            Block::OrderedList(items) => list(items, indent, lines, |i| format!("{}. ", i + 1)),
        }
    }
}

/// The mark stands on each item's first line, the others are moved in as far.
fn list(items: &[Vec<Block>], indent: &str, lines: &mut Vec<String>, mark: impl Fn(usize) -> String) {
    for (i, item) in items.iter().enumerate() {
        let mark = mark(i);
        let deeper = format!("{indent}{}", " ".repeat(mark.len()));
        let first = lines.len();
        blocks(item, &deeper, lines);
        match lines.get_mut(first) {
            Some(line) => *line = format!("{indent}{mark}{}", line.get(deeper.len()..).unwrap_or_default()),
            None => lines.push(format!("{indent}{mark}").trim_end().to_owned()),
        }
    }
}

fn plain(inline: &Inline) -> String {
    let mut text = String::new();
    for span in &inline.spans {
        text.push_str(&span.text);
        if let Some(link) = &span.link
            && link.strip_prefix("mailto:").unwrap_or(link).trim_end_matches('/')
                != span.text.trim().trim_end_matches('/')
        {
            text.push_str(&format!(" ({link})"));
        }
    }
    text
}
