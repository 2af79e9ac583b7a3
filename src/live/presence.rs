//! Where visitors are: the best of what their connections say.

use crate::model::ids::ChatId;
use crate::model::live::Presence;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The visitors' connections per chat.
#[derive(Default)]
pub struct PresenceBook {
    chats: Mutex<HashMap<ChatId, HashMap<u64, Presence>>>,
}

impl PresenceBook {
    /// Notes what a connection says (`None`: it is closed). Returns the chat's presence when that changed it.
    pub fn note(&self, chat: ChatId, connection: u64, presence: Option<Presence>) -> Option<Presence> {
        let mut chats = self.chats.lock().unwrap_or_else(PoisonError::into_inner);
        let before = best(chats.get(&chat));
        match presence {
            Some(presence) => {
                chats.entry(chat).or_default().insert(connection, presence);
            }
            None => {
                if let Some(connections) = chats.get_mut(&chat) {
                    connections.remove(&connection);
                    if connections.is_empty() {
                        chats.remove(&chat);
                    }
                }
            }
        }
        let after = best(chats.get(&chat));
        (before != after).then_some(after)
    }

    /// Where the visitor of this chat is.
    pub fn of(&self, chat: ChatId) -> Presence {
        best(self.chats.lock().unwrap_or_else(PoisonError::into_inner).get(&chat))
    }
}

fn best(connections: Option<&HashMap<u64, Presence>>) -> Presence {
    match connections {
        None => Presence::Gone,
        Some(all) if all.values().any(|presence| *presence == Presence::Here) => Presence::Here,
        Some(_) => Presence::Away,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_is_where_their_best_window_is() {
        let book = PresenceBook::default();
        let chat = ChatId(1);
        assert_eq!(book.of(chat), Presence::Gone);
        assert_eq!(book.note(chat, 1, Some(Presence::Away)), Some(Presence::Away));
        assert_eq!(book.note(chat, 2, Some(Presence::Here)), Some(Presence::Here));
        assert_eq!(book.note(chat, 1, Some(Presence::Here)), None);
        assert_eq!(book.note(chat, 2, None), None);
        assert_eq!(book.note(chat, 1, None), Some(Presence::Gone));
    }
}
