//! The outbox: messages that the server has not acknowledged. Kept in the browser's storage, so that they survive a
//! reload, a crash and a night offline; sent in order, again and again, under the id they were given when written.

use super::browser::{chance, now, random, spawn_local, storage};
use super::state::*;
use super::words::say;
use crate::model::attachment::Attachment;
use crate::model::chat::{Ack, Actor, Chat, Command};
use crate::model::error::{ApiError, Refusal};
use crate::model::ids::{ChatId, CommandId};
use crate::model::json;
use crate::model::outbox::{Verdict, in_order, next, verdict, wait_ms, written_at};
use crate::model::text::RichText;
use futures::future::LocalBoxFuture;
use gloo_timers::callback::Timeout;
use std::rc::Rc;

pub use crate::model::outbox::{Outgoing, OutgoingState};

type Send = dyn Fn(ChatId, CommandId, Command) -> LocalBoxFuture<'static, Result<Ack, ApiError>>;

/// The messages on their way. Copied freely.
#[derive(Clone, Copy)]
pub struct Outbox {
    pub messages: RwSignal<Vec<Outgoing>>,
    prefix: StoredValue<String>,
    work: StoredValue<Work, LocalStorage>,
}

struct Work {
    send: Rc<Send>,
    /// Something is being sent.
    runs: bool,
    /// Calls in a row that came to nothing.
    failures: u32,
    /// Runs out when it is time to try again.
    again: Option<Timeout>,
}

impl Outbox {
    /// The outbox of `whose` writes, with what an earlier page left; `send` is the call that carries a command.
    pub fn open(
        whose: &str,
        send: impl Fn(ChatId, CommandId, Command) -> LocalBoxFuture<'static, Result<Ack, ApiError>> + 'static,
    ) -> Self {
        let prefix = format!("frontdesk.outbox.{whose}.");
        let mut messages: Vec<Outgoing> =
            storage::all(&prefix).iter().filter_map(|(_, kept)| json::read(kept)).collect();
        in_order(&mut messages);
        let outbox = Outbox {
            messages: RwSignal::new(messages),
            prefix: StoredValue::new(prefix),
            work: StoredValue::new_local(Work { send: Rc::new(send), runs: false, failures: 0, again: None }),
        };
        outbox.poke();
        outbox
    }

    /// Shows the message at once and sends it. The rules are asked first, on the copy at hand: what they refuse is not
    /// taken, and stays where it was typed. `max_files` is how many one message can have.
    ///
    /// # Errors
    /// The [`Refusal`] of the rules.
    pub fn send(
        &self,
        chat: &Chat,
        actor: Actor,
        text: RichText,
        attachments: Vec<Attachment>,
        max_files: usize,
    ) -> Result<(), Refusal> {
        let at = self.messages.with_untracked(|messages| written_at(messages, now()));
        let message = Outgoing {
            id: CommandId::from_parts(at, random()),
            chat: chat.id,
            at,
            text,
            attachments,
            side: actor.side(),
            state: OutgoingState::Sending,
        };
        message.check(chat, actor, max_files)?;
        self.keep(&message);
        self.messages.update(|messages| messages.push(message));
        self.poke();
        Ok(())
    }

    /// These commands are in the log: what they were shown for is now the event's.
    pub fn settle(&self, commands: &[CommandId]) {
        let known = self.messages.with_untracked(|messages| messages.iter().any(|m| commands.contains(&m.id)));
        if known {
            for id in commands {
                storage::remove(&self.key(*id));
            }
            self.messages.update(|messages| messages.retain(|message| !commands.contains(&message.id)));
        }
    }

    /// Tries a failed message again.
    pub fn retry(&self, id: CommandId) {
        self.set_state(id, OutgoingState::Sending);
        self.poke();
    }

    /// Forgets a failed message.
    pub fn discard(&self, id: CommandId) {
        storage::remove(&self.key(id));
        self.messages.update(|messages| messages.retain(|message| message.id != id));
    }

    /// Takes out what failed of all chats but this one. Nothing while some of it is on its way: it may arrive.
    pub fn take_failed(&self, but: Option<ChatId>) -> Option<Vec<Outgoing>> {
        let (mut failed, mut goes) = (Vec::new(), false);
        self.messages.with_untracked(|messages| {
            for message in messages.iter().filter(|message| Some(message.chat) != but) {
                match message.state {
                    OutgoingState::Sending => goes = true,
                    OutgoingState::Sent => {}
                    OutgoingState::Failed(_) => failed.push(message.clone()),
                }
            }
        });
        if goes {
            return None;
        }
        for message in &failed {
            self.discard(message.id);
        }
        Some(failed)
    }

    /// Sends what is there, now: it was just written, or the connection is back.
    pub fn poke(&self) {
        let runs = self.work.try_update_value(|work| {
            work.again = None;
            std::mem::replace(&mut work.runs, true)
        });
        if runs == Some(false) {
            spawn_local(run(*self));
        }
    }

    fn keep(&self, message: &Outgoing) {
        storage::set(&self.key(message.id), &json::write(message));
    }

    fn next(&self) -> Option<Outgoing> {
        self.messages.with_untracked(|messages| next(messages).cloned())
    }

    fn set_state(&self, id: CommandId, state: OutgoingState) {
        self.messages.update(|messages| {
            if let Some(message) = messages.iter_mut().find(|message| message.id == id) {
                message.state = state;
            }
        });
    }

    fn key(&self, id: CommandId) -> String {
        self.prefix.with_value(|prefix| format!("{prefix}{id}"))
    }
}

/// Sends one message after the other. After a failure that may pass it ends, and is begun anew after a while.
async fn run(outbox: Outbox) {
    let mut wait = None;
    while let Some(message) = outbox.next() {
        let Some(send) = outbox.work.try_with_value(|work| work.send.clone()) else { return };
        match verdict(send(message.chat, message.id, message.command()).await) {
            Verdict::Sent => {
                let _ = outbox.work.try_update_value(|work| work.failures = 0);
                storage::remove(&outbox.key(message.id));
                outbox.set_state(message.id, OutgoingState::Sent);
            }
            Verdict::Again => {
                let failures = outbox.work.try_update_value(|work| {
                    work.failures += 1;
                    work.failures
                });
                wait = Some(wait_ms(failures.unwrap_or(1), chance()));
                break;
            }
            Verdict::Failed { error, keep } => {
                let state = OutgoingState::Failed(say(&error));
                outbox.set_state(message.id, state.clone());
                // Another page of its writer may have taken it out meanwhile.
                if keep && storage::get(&outbox.key(message.id)).is_some() {
                    outbox.keep(&Outgoing { state, ..message });
                }
            }
        }
    }
    let _ = outbox.work.try_update_value(|work| {
        work.runs = false;
        work.again = wait.map(|wait| Timeout::new(wait, move || outbox.poke()));
    });
}
