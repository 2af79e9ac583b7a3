//! Labels: coloured words on chats and tickets.

use super::error::Refusal;
use super::ids::LabelId;
use serde::{Deserialize, Serialize};

/// Longest accepted name of a label, in characters.
pub const MAX_NAME_CHARS: usize = 40;
/// Most labels on one chat or ticket.
pub const MAX_LABELS: usize = 20;
/// Labels have one of this many colours, counted from 1.
pub const COLORS: u8 = 8;

/// A label as mentioned on a chat: with the name and colour that it had then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    pub id: LabelId,
    pub name: String,
    /// 1 to [`COLORS`].
    pub color: u8,
}

/// A name as it is kept: on one line, without white space at its ends.
///
/// # Errors
/// [`Refusal::InvalidName`] when nothing is left, or more than [`MAX_NAME_CHARS`] characters.
pub fn clean_name(typed: &str) -> Result<String, Refusal> {
    let name: String = typed.trim().chars().filter(|c| !c.is_control()).collect();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS {
        Err(Refusal::InvalidName { max: MAX_NAME_CHARS })
    } else {
        Ok(name)
    }
}
