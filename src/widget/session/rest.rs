//! What was written for a chat that is over and did not get there: it goes on where the visitor writes now. That is the
//! form for a new chat, or the chat that goes on.

use super::files::{FILES, listed};
use super::kept::Kept;
use super::token::fingerprint;
use super::{Open, Session};
use crate::model::attachment::Attachment;
use crate::model::chat::Command;
use crate::model::ids::ChatId;
use crate::model::text::RichText;
use crate::ui::browser::{spawn_local, storage};
use crate::ui::draft::joined;
use crate::ui::outbox::{Outbox, Outgoing};
use crate::ui::state::*;
use crate::widget::form::{self, written};

impl Session {
    /// Under what the browser keeps a draft of this visitor.
    pub(super) fn draft_key(self, name: &str) -> String {
        format!("frontdesk.draft.v{}.{name}", self.whose())
    }

    fn whose(self) -> String {
        self.token.with_value(|token| token.as_deref().map(fingerprint)).unwrap_or_default()
    }

    /// What is on its way, of all chats of the visitor. What an earlier page left is sent under its old names: it may have
    /// arrived, though nobody was there to hear it.
    pub(super) fn outbox(self) -> Outbox {
        if let Some(outbox) = self.outbox.get_value() {
            return outbox;
        }
        let send = move |chat, id, command| Box::pin(self.call(Some(chat), id, command)) as _;
        let outbox = Outbox::open(&format!("v{}", self.whose()), send);
        self.outbox.set_value(Some(outbox));
        watch(move || {
            outbox.messages.with(|_| ());
            untrack(|| self.gather());
        });
        outbox
    }

    /// Takes what was written for chats that are over from where it is kept. Once it is known which chat goes on, and not
    /// before the first message of a new one has arrived or come to nothing.
    pub(super) fn gather(self) {
        if !self.has_standing() || self.fresh.waits().is_some() {
            return;
        }
        let here = self.open.get_untracked().map(|open| open.followed.id);
        let Some(failed) = self.outbox().take_failed(here) else { return };
        let mut rest = String::new();
        for message in failed {
            rest = below(rest, &in_words(&message));
        }
        let prefix = self.draft_key("");
        for (key, draft) in storage::all(&prefix) {
            let Some(chat) = chat_of(&key, &prefix).filter(|chat| Some(*chat) != here) else { continue };
            if key.ends_with(".instead") {
                let kept = Kept::new();
                kept.open(key);
                spawn_local(self.take_message_left(chat, kept));
            } else if key.ends_with(FILES) {
                storage::remove(&key);
                rest = naming(rest, &listed(&draft));
            } else if !is_of_the_end(&key) {
                storage::remove(&key);
                rest = joined(&rest, &draft);
            }
        }
        self.bring(&rest);
    }

    /// What was to be left in place of a chat: it may have been, though nobody heard so.
    async fn take_message_left(self, chat: ChatId, kept: Kept) {
        if let Some((id, words)) = kept.attempt() {
            let text = RichText::from_typed(&words.message);
            let command = Command::LeaveMessage { name: words.name.clone(), email: words.email.clone(), text };
            match self.call(Some(chat), id, command).await {
                Ok(_) => kept.sent(&words),
                Err(error) if error.is_passing() => return,
                Err(_) => {}
            }
        }
        self.bring(&kept.take_message());
    }

    /// Goes on with these words where the visitor writes.
    pub(super) fn bring(self, rest: &str) {
        if rest.trim().is_empty() {
            return;
        }
        let live = self.open.get_untracked().filter(is_live);
        if let Some(open) = live {
            let draft = joined(rest, &open.draft.text.get_untracked());
            return open.draft.set(draft);
        }
        self.fresh.fill(|filled| filled.message = joined(rest, &filled.message));
        self.form.rest.set(true);
        form::prefill(self);
    }

    /// What stands in the form for a new chat is said in the one that goes on, which another window has started: all but
    /// what it was started with.
    pub fn come_along(self) {
        let Some(open) = self.open.get_untracked().filter(is_live) else { return };
        if open.followed.current.get_untracked() {
            let (more, said) = (self.fresh.take_message(), written(open));
            if joined(&said, &more) != said {
                open.draft.join(&more);
            }
        }
    }

    /// The ended chat for whose rating or transcript something was typed and not sent.
    pub(super) fn unfinished(self) -> Option<ChatId> {
        let prefix = self.draft_key("");
        for (key, _) in storage::all(&prefix) {
            if is_of_the_end(&key) {
                return chat_of(&key, &prefix);
            }
        }
        None
    }
}

/// For which chat this key keeps something; nothing for the form that starts one.
fn chat_of(key: &str, prefix: &str) -> Option<ChatId> {
    let name = key.strip_prefix(prefix)?;
    name.split_once('.').map_or(name, |(chat, _)| chat).parse().ok().map(ChatId)
}

fn is_of_the_end(key: &str) -> bool {
    key.ends_with(".comment") || key.ends_with(".to")
}

fn is_live(open: &Open) -> bool {
    open.followed.chat.with_untracked(|chat| chat.status.is_live())
}

/// A message as text.
fn in_words(message: &Outgoing) -> String {
    naming(message.text.to_plain(), &message.attachments)
}

/// Files belong to the chat that is over: below these words they are named.
pub(super) fn naming(mut words: String, files: &[Attachment]) -> String {
    for file in files {
        words = below(words, &("📎 ".to_owned() + &file.name));
    }
    words
}

fn below(above: String, text: &str) -> String {
    if above.is_empty() { text.to_owned() } else { above + "\n" + text }
}
