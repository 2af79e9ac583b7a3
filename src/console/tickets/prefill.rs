//! What a new ticket takes from its chat, to be changed by the agent.

use crate::model::chat::{Author, EntryKind};
use crate::ui::conversation::Followed;
use leptos::prelude::*;

/// Longest subject that is taken from a message, in characters.
const SUBJECT_CHARS: usize = 80;
/// Longest description that is taken from a chat, in characters: leaves room below the most that a text may have.
const DESCRIPTION_CHARS: usize = 8_000;

/// The visitor's first words.
pub fn subject(followed: Followed) -> String {
    messages(followed, |by, text, _| (*by == Author::Visitor).then(|| text.preview(SUBJECT_CHARS)))
        .into_iter()
        .find(|subject| !subject.is_empty())
        .unwrap_or_default()
}

/// What was said, each message after its author's name; of a long chat the end.
pub fn description(followed: Followed) -> String {
    let visitor = followed.chat.with_untracked(|chat| chat.visitor_name().to_owned());
    let said = messages(followed, |by, text, files| {
        let name = match by {
            Author::Agent(agent) => &agent.name,
            _ => &visitor,
        };
        let text = Some(text.to_plain()).filter(|text| !text.trim().is_empty());
        let files = files.iter().map(|name| format!("[{name}]"));
        let parts: Vec<String> = text.into_iter().chain(files).collect();
        Some(format!("{name}: {}", parts.join("\n")))
    });
    last_of(&said, DESCRIPTION_CHARS)
}

fn messages(
    followed: Followed,
    read: impl Fn(&Author, &crate::model::text::RichText, &[String]) -> Option<String>,
) -> Vec<String> {
    followed.lines.with_untracked(|lines| {
        let read_line = |entry: &crate::model::chat::Entry| match &entry.kind {
            EntryKind::Message { text, attachments, .. } => {
                let files: Vec<String> = attachments.iter().map(|file| file.name.clone()).collect();
                read(&entry.by, text, &files)
            }
            _ => None,
        };
        lines.iter().filter_map(|line| line.entry.with_untracked(read_line)).collect()
    })
}

/// As many of the last messages as have room in `max` characters, each on a new line; of a single longer one its end.
fn last_of(said: &[String], max: usize) -> String {
    let mut chars = 0;
    let fitting = said
        .iter()
        .rev()
        .take_while(|message| {
            chars += message.chars().count() + 1;
            chars <= max
        })
        .count();
    let kept = said[said.len() - fitting..].join("\n");
    match said.last() {
        Some(last) if fitting == 0 => {
            let cut = last.chars().count().saturating_sub(max);
            format!("…{}", last.chars().skip(cut).collect::<String>())
        }
        _ if fitting < said.len() => format!("…\n{kept}"),
        _ => kept,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_chat_the_end_is_kept() {
        let said = ["Ada: one".to_owned(), "Ben: two".to_owned(), "Ada: three".to_owned()];
        assert_eq!(last_of(&said, 100), "Ada: one\nBen: two\nAda: three");
        assert_eq!(last_of(&said, 22), "…\nBen: two\nAda: three");
        assert_eq!(last_of(&said, 5), "…three");
        assert_eq!(last_of(&[], 5), "");
    }
}
