//! What a page sends, and what it does with the answers. As `ui/outbox.rs`, with the same rules of what goes next and
//! what an answer means.

use crate::node::{Body, Reply};
use crate::page::{Outbox, Page, Wake, Why};
use crate::plan::Ms;
use crate::sabotage::Sabotage;
use crate::world::World;
use frontdesk::model::chat::{Ack, Command, Event, refresh_rows, take_rows};
use frontdesk::model::error::{ApiError, Refusal};
use frontdesk::model::ids::{ChatId, CommandId};
use frontdesk::model::outbox::{self, Outgoing, OutgoingState, Verdict, wait_ms};

/// Who is told that something went wrong presses the button again.
const AGAIN_MS: Ms = 700;

impl World {
    pub fn fresh_id(&mut self, page: usize) -> CommandId {
        self.fresh_id_at(page, self.page_time(page))
    }

    pub fn fresh_id_at(&mut self, page: usize, at: Ms) -> CommandId {
        let mut random = [0; 10];
        self.pages[page].rng.fill(&mut random);
        CommandId::from_parts(at, random)
    }

    pub fn open_outbox(&mut self, page: usize) {
        let stored = self.storage.get(&self.pages[page].storage_key());
        let mut messages: Vec<Outgoing> = stored.into_iter().flat_map(|all| all.values().cloned()).collect();
        outbox::in_order(&mut messages);
        let number = self.fresh_number();
        self.pages[page].outbox = Some(Outbox { number, messages, sending: false, failures: 0 });
        self.poke(page);
    }

    /// Puts a message into storage.
    pub fn keep(&mut self, page: usize, message: Outgoing) {
        if self.sabotage != Some(Sabotage::ForgetOutbox) {
            let key = self.pages[page].storage_key();
            self.storage.entry(key).or_default().insert(message.id, message);
        }
    }

    fn forget(&mut self, page: usize, id: CommandId) {
        let key = self.pages[page].storage_key();
        self.storage.entry(key).or_default().remove(&id);
    }

    /// These are in the log: what they were shown for is now the event's.
    pub fn settle(&mut self, page: usize, news: &[Event]) {
        for id in news.iter().filter_map(|event| event.command) {
            let Some(outbox) = &mut self.pages[page].outbox else { return };
            if outbox.messages.iter().any(|message| message.id == id) {
                outbox.messages.retain(|message| message.id != id);
                self.forget(page, id);
            }
        }
    }

    /// A reason to send what waits now.
    pub fn poke(&mut self, page: usize) {
        let Some(outbox) = &mut self.pages[page].outbox else { return };
        if outbox.sending {
            return;
        }
        let again = outbox.failures > 0;
        let Some(message) = outbox::next(&outbox.messages).cloned() else { return };
        outbox.sending = true;
        let (mut id, number) = (message.id, outbox.number);
        if again && self.sabotage == Some(Sabotage::NewIdPerTry) {
            id = self.fresh_id(page);
        }
        let (chat, command, actor) = (Some(message.chat), Box::new(message.command()), self.pages[page].actor.clone());
        self.call(page, Why::Outbox(Box::new(message), number), Body::Command { chat, id, command, actor });
    }

    /// What the loop of `ui/outbox.rs` does with an answer.
    fn outbox_answered(&mut self, page: usize, message: Outgoing, number: u64, answer: Result<Ack, ApiError>) {
        let id = message.id;
        if let Ok(ack) = answer {
            self.acknowledged(page, id, ack);
        }
        let verdict = outbox::verdict(answer);
        let state = match &verdict {
            Verdict::Sent => {
                self.forget(page, id);
                OutgoingState::Sent
            }
            Verdict::Again => OutgoingState::Sending,
            Verdict::Failed { error, keep } => {
                self.refused(id);
                let state = OutgoingState::Failed(error.to_string());
                if *keep {
                    self.keep(page, Outgoing { state: state.clone(), ..message });
                }
                state
            }
        };
        let Page { outbox, rng, .. } = &mut self.pages[page];
        let Some(outbox) = outbox.as_mut().filter(|outbox| outbox.number == number) else { return };
        outbox.sending = false;
        if verdict == Verdict::Again {
            outbox.failures += 1;
            let wait = wait_ms(outbox.failures, rng.f64());
            return self.wake_after(page, wait.into(), Wake::Outbox);
        }
        if verdict == Verdict::Sent {
            outbox.failures = 0;
        }
        if let Some(message) = outbox.messages.iter_mut().find(|message| message.id == id) {
            message.state = state;
        }
        self.poke(page);
    }

    /// Gives a command once, as most buttons do.
    pub fn once(&mut self, page: usize, chat: ChatId, command: Command) {
        let id = self.fresh_id(page);
        self.give(page, id, Some(chat), &command);
        let actor = self.pages[page].actor.clone();
        self.call(page, Why::Once(id), Body::Command { chat: Some(chat), id, command: Box::new(command), actor });
    }

    /// Sends the form that starts a chat, always under the same id.
    pub fn submit(&mut self, page: usize) {
        let Some((id, command)) = self.pages[page].form.clone() else { return };
        let actor = self.pages[page].actor.clone();
        self.call(page, Why::Form(id), Body::Command { chat: None, id, command: Box::new(command), actor });
    }

    /// An answer has come, or none will.
    pub fn answered(&mut self, page: usize, why: Why, reply: Reply) {
        match (why, reply) {
            (Why::State, Reply::State(Ok(Some(chat)))) => self.open_chat(page, chat),
            (Why::State, Reply::State(Ok(None))) => {}
            (Why::State | Why::Load, Reply::Lost | Reply::State(Err(_)) | Reply::Live(Err(_))) => {
                self.wake_after(page, AGAIN_MS, Wake::Load);
            }
            (Why::Load, Reply::Live(Ok((rows, released)))) => {
                self.pages[page].told = released;
                take_rows(&mut self.pages[page].rows, rows);
                self.open_outbox(page);
                self.pages[page].wants = true;
                self.connect(page);
            }
            (Why::Refresh(asked_at), Reply::Live(Ok((rows, released)))) => {
                if self.sabotage != Some(Sabotage::TellWhenLoaded) {
                    self.pages[page].told = released;
                }
                refresh_rows(&mut self.pages[page].rows, rows, true, &asked_at);
            }
            (Why::Refresh(_), _) if self.sabotage == Some(Sabotage::AskRowsOnce) => {}
            (Why::Refresh(_), _) => self.wake_after(page, AGAIN_MS, Wake::Refresh),
            (Why::Outbox(message, number), Reply::Command(answer)) => {
                self.outbox_answered(page, *message, number, answer);
            }
            (Why::Outbox(message, number), _) => {
                self.outbox_answered(page, *message, number, Err(ApiError::Unreachable));
            }
            (Why::Form(id), Reply::Command(answer)) => self.form_answered(page, id, answer),
            (Why::Form(id), _) => self.form_answered(page, id, Err(ApiError::Unreachable)),
            (Why::Once(id), Reply::Command(answer)) => match answer {
                Ok(ack) => self.acknowledged(page, id, ack),
                Err(ApiError::Refused { refusal: Refusal::Blocked { .. } }) => self.kept_out(page),
                Err(_) => {}
            },
            _ => {}
        }
    }

    fn form_answered(&mut self, page: usize, id: CommandId, answer: Result<Ack, ApiError>) {
        if self.pages[page].form.as_ref().is_none_or(|(own, _)| *own != id) {
            return;
        }
        match answer {
            Err(error) if error.is_passing() => self.wake_after(page, AGAIN_MS, Wake::Form),
            Ok(ack) => {
                self.acknowledged(page, id, ack);
                self.pages[page].form = None;
                self.open_chat(page, ack.chat);
            }
            // Another tab of this visitor was quicker.
            Err(ApiError::Refused { refusal: Refusal::AlreadyChatting { chat } }) => {
                self.pages[page].form = None;
                self.open_chat(page, chat);
            }
            Err(ApiError::Refused { refusal: Refusal::Blocked { .. } }) => self.kept_out(page),
            Err(_) => self.pages[page].form = None,
        }
    }
}
