//! The outbox: messages that the server has not acknowledged. Kept in the browser's storage, so that they survive a
//! reload, a crash and a night offline; sent in order, again and again, under the id they were given when written.

use super::browser::{chance, now, random, spawn_local, storage};
use super::state::*;
use crate::model::attachment::Attachment;
use crate::model::chat::{Ack, Actor, Chat, Command};
use crate::model::error::{ApiError, Refusal};
use crate::model::ids::{ChatId, CommandId};
use crate::model::json;
use crate::model::outbox::{Verdict, in_order, next, verdict, wait_ms, written_at};
use crate::model::text::RichText;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::future::LocalBoxFuture;
use futures::{FutureExt as _, StreamExt as _, select_biased};
use gloo_timers::future::TimeoutFuture;
use std::rc::Rc;

pub use crate::model::outbox::{Outgoing, OutgoingState};

type Send = dyn Fn(ChatId, CommandId, Command) -> LocalBoxFuture<'static, Result<Ack, ApiError>>;

/// The messages on their way. Copied freely.
#[derive(Clone, Copy)]
pub struct Outbox {
    pub messages: RwSignal<Vec<Outgoing>>,
    prefix: StoredValue<String>,
    work: StoredValue<UnboundedSender<()>>,
}

impl Outbox {
    /// The outbox of `whose` writes, with what an earlier page left; `send` is the call that carries a command.
    pub fn open(
        whose: &str,
        send: impl Fn(ChatId, CommandId, Command) -> LocalBoxFuture<'static, Result<Ack, ApiError>> + 'static,
    ) -> Self {
        let prefix = format!("frontdesk.outbox.{whose}.");
        let mut messages: Vec<Outgoing> =
            storage::all(&prefix).iter().filter_map(|kept| json::read(kept)).collect();
        in_order(&mut messages);
        let (work, wanted) = unbounded();
        let _ = work.unbounded_send(());
        let outbox = Outbox {
            messages: RwSignal::new(messages),
            prefix: StoredValue::new(prefix),
            work: StoredValue::new(work),
        };
        spawn_local(run(outbox, Rc::new(send), wanted));
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

    /// A reason to try now: the connection is back.
    pub fn poke(&self) {
        self.work.with_value(|work| {
            let _ = work.unbounded_send(());
        });
    }

    fn keep(&self, message: &Outgoing) {
        if let Ok(json) = serde_json::to_string(message) {
            storage::set(&self.key(message.id), &json);
        }
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

async fn run(outbox: Outbox, send: Rc<Send>, mut wanted: UnboundedReceiver<()>) {
    let mut failures = 0;
    while wanted.next().await.is_some() {
        while let Some(message) = outbox.next() {
            match verdict(send(message.chat, message.id, message.command()).await) {
                Verdict::Sent => {
                    failures = 0;
                    storage::remove(&outbox.key(message.id));
                    outbox.set_state(message.id, OutgoingState::Sent);
                }
                Verdict::Again => {
                    failures += 1;
                    while wanted.try_recv().is_ok() {}
                    select_biased! {
                        () = TimeoutFuture::new(wait_ms(failures, chance())).fuse() => {}
                        _ = wanted.next() => {}
                    }
                }
                Verdict::Failed { state, keep } => {
                    outbox.set_state(message.id, state.clone());
                    if keep {
                        outbox.keep(&Outgoing { state, ..message });
                    }
                }
            }
        }
    }
}
