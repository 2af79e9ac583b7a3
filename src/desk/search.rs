//! Finding chats again.

use super::{Desk, unreadable};
use crate::model::chat::ChatRow;
use crate::model::error::ApiError;
use crate::model::ids::ChatId;
use crate::model::pages::FOUND_PER_PAGE;

/// Earlier chats of a visitor that are shown.
const EARLIER: u32 = 20;
/// Longest search that is read, in characters.
const MAX_WORDS_CHARS: usize = 200;

/// A chat and what was said around the hits, in pieces; `true` for a hit.
pub type FoundChat = (ChatRow, Vec<(String, bool)>);

impl Desk {
    /// Ended chats in which all these words were said, latest first.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when they cannot be read.
    pub async fn search_chats(&self, words: &str, before: Option<ChatId>) -> Result<Vec<FoundChat>, ApiError> {
        let words: String = words.chars().take(MAX_WORDS_CHARS).collect();
        let found = self.store().search(&words, before, FOUND_PER_PAGE).await.map_err(unreadable)?;
        Ok(found.into_iter().map(|found| (found.row, pieces(&found.snippet))).collect())
    }

    /// The chats that the visitor of this chat had before it, latest first.
    ///
    /// # Errors
    /// [`ApiError::NoSuchChat`].
    pub async fn earlier_chats(&self, chat: ChatId) -> Result<Vec<ChatRow>, ApiError> {
        let found = self.store().chat(chat).await.map_err(unreadable)?.ok_or(ApiError::NoSuchChat)?;
        match found.visitor {
            Some(visitor) => self.store().chats_of(visitor.id, chat, EARLIER).await.map_err(unreadable),
            None => Ok(Vec::new()),
        }
    }
}

/// Parts a snippet at its marks: hits stand between U+0001 and U+0002.
fn pieces(snippet: &str) -> Vec<(String, bool)> {
    let mut pieces = Vec::new();
    for (i, part) in snippet.split('\u{1}').enumerate() {
        match part.split_once('\u{2}') {
            Some((hit, rest)) if i > 0 => {
                pieces.push((hit.to_owned(), true));
                pieces.push((rest.to_owned(), false));
            }
            _ => pieces.push((part.replace('\u{2}', ""), false)),
        }
    }
    pieces.retain(|(text, _)| !text.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_are_pieces_of_their_own() {
        let own = |text: &str, hit| (text.to_owned(), hit);
        assert_eq!(
            pieces("the \u{1}lamp\u{2} and \u{1}light\u{2}"),
            [own("the ", false), own("lamp", true), own(" and ", false), own("light", true)]
        );
        assert_eq!(pieces("no \u{2}hit"), [own("no hit", false)]);
    }
}
