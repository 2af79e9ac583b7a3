//! What people were promised: each command that was given, and each answer that came.

use crate::world::World;
use frontdesk::model::chat::{Ack, Actor, Command};
use frontdesk::model::ids::{ChatId, CommandId};
use std::collections::BTreeMap;

/// A broken promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which one, in a word.
    pub rule: &'static str,
    pub what: String,
}

#[derive(Default)]
pub struct Ledger {
    pub given: BTreeMap<CommandId, Given>,
    /// Messages in the order in which each page took them into its outbox.
    pub written: Vec<Written>,
}

/// A command as it was given.
pub struct Given {
    pub page: usize,
    pub actor: Actor,
    pub chat: Option<ChatId>,
    pub command: Command,
    /// The answer that it got first.
    pub ack: Option<Ack>,
}

pub struct Written {
    pub page: usize,
    pub chat: ChatId,
    pub id: CommandId,
    pub text: String,
    /// It was refused once: it is no longer in the order of the others.
    pub failed: bool,
}

impl World {
    /// A command is given.
    pub fn give(&mut self, page: usize, id: CommandId, chat: Option<ChatId>, command: &Command) {
        let actor = self.pages[page].actor.clone();
        self.ledger.given.insert(id, Given { page, actor, chat, command: command.clone(), ack: None });
    }

    /// A command is acknowledged: so it is on disk, and every answer is the first one.
    pub fn acknowledged(&mut self, page: usize, id: CommandId, ack: Ack) {
        self.counts.acknowledged += 1;
        let who = self.pages[page].whose;
        let Some(given) = self.ledger.given.get_mut(&id) else { return };
        let first = *given.ack.get_or_insert(ack);
        let what = format!("{who} is told that {} is stored as {}/{}", kind(&given.command), ack.chat, ack.seq);
        match self.disk.commands.get(&id) {
            // What changed nothing at first is decided again when it is repeated, and may then do something.
            Some(_) if may_change_nothing(&given.command) => {}
            Some(recorded) if (recorded.chat, recorded.seq) != (ack.chat, ack.seq) => {
                let there = format!("{}/{}", recorded.chat, recorded.seq);
                self.broken("first answer", format!("{what}, but it was stored as {there}"));
            }
            Some(_) if first != ack => {
                self.broken("first answer", format!("{what}, and was told {}/{} before", first.chat, first.seq));
            }
            Some(_) => {}
            // It changed nothing: whether that is so is looked at in the end.
            None => {
                if self.disk.chats.get(&ack.chat).is_none_or(|chat| chat.last_seq < ack.seq) {
                    self.broken("acknowledged is stored", format!("{what}, which is not on disk"));
                }
            }
        }
    }

    /// A message of an outbox is refused.
    pub fn refused(&mut self, id: CommandId) {
        for written in self.ledger.written.iter_mut().filter(|written| written.id == id) {
            written.failed = true;
        }
    }
}

/// Whether the rules may answer such a command with no event at all.
pub fn may_change_nothing(command: &Command) -> bool {
    !matches!(
        command,
        Command::Start { .. }
            | Command::Send { .. }
            | Command::ViewPage { .. }
            | Command::LeaveMessage { .. }
            | Command::CreateTicket { .. }
            | Command::RequestTranscript { .. }
            | Command::Block { .. }
    )
}

/// The name of a command.
pub fn kind(command: &Command) -> String {
    format!("{command:?}").split([' ', '{']).next().unwrap_or_default().to_owned()
}
