//! The rules of a client's outbox: what goes next, what an answer means, and how long to wait. Pure, so that the
//! simulator runs the same rules; signals, storage and timers are in `ui/outbox.rs`.

use super::Millis;
use super::attachment::Attachment;
use super::chat::{Ack, Actor, Chat, Command, Context, Side, foresee};
use super::error::{ApiError, Refusal};
use super::ids::{ChatId, CommandId};
use super::text::RichText;
use serde::{Deserialize, Serialize};

/// The first wait after a failure; it doubles each time, and half of it is chance.
const FIRST_WAIT_MS: f64 = 500.0;
/// The longest wait.
const LONGEST_WAIT_MS: f64 = 8_000.0;
/// The longest wait that a server can ask for.
const LONGEST_NAMED_MS: Millis = 60_000;

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outgoing {
    pub id: CommandId,
    pub chat: ChatId,
    pub at: Millis,
    pub text: RichText,
    /// Stored files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// Whose it is.
    pub side: Side,
    #[serde(default)]
    pub state: OutgoingState,
}

/// How far a message is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutgoingState {
    #[default]
    Sending,
    /// On the server's disk; its event has not come back yet.
    Sent,
    /// The server will not take it; why, in the language of its writer.
    Failed(String),
}

impl Outgoing {
    /// The command that carries it.
    pub fn command(&self) -> Command {
        let attachments = self.attachments.iter().map(|file| file.id).collect();
        Command::Send { text: self.text.clone(), attachments }
    }

    /// Whether the rules take it, as far as the copy at hand tells. `max_files` is how many one message can have.
    ///
    /// # Errors
    /// The [`Refusal`] of the rules.
    pub fn check(&self, chat: &Chat, actor: Actor, max_files: usize) -> Result<(), Refusal> {
        let attachments = self.attachments.clone();
        let context = Context { attachments, max_files, ..Context::new(actor, self.at, self.id) };
        foresee(chat, self.command(), &context).map(|_| ())
    }
}

/// When the next message is written, given those on their way and what the clock says: after all of them, also when the
/// clock has jumped back. Its id is made of this time, and [`in_order`] sorts by the ids.
pub fn written_at(messages: &[Outgoing], now: Millis) -> Millis {
    messages.iter().map(|message| message.at + 1).fold(now, Millis::max)
}

/// The messages that an earlier page left, in the order in which they go.
pub fn in_order(messages: &mut [Outgoing]) {
    // They are few and mostly in order; a general sort is two kilobytes of every visitor's download.
    for end in 1..messages.len() {
        let mut at = end;
        while at > 0 && messages[at - 1].id > messages[at].id {
            messages.swap(at - 1, at);
            at -= 1;
        }
    }
}

/// The message that goes next: one at a time, so that they arrive as they were written.
pub fn next(messages: &[Outgoing]) -> Option<&Outgoing> {
    messages.iter().find(|message| message.state == OutgoingState::Sending)
}

/// What an answer means for the message.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It is on the server's disk: storage may forget it.
    Sent,
    /// Nobody knows, or not now: once more, under the same id.
    Again,
    /// It will not be taken as things are. `keep`: storage remembers that. Whoever has to log in again finds it on its
    /// way; what is refused waits for its writer.
    Failed { error: ApiError, keep: bool },
}

/// What the answer to a message means.
pub fn verdict(answer: Result<Ack, ApiError>) -> Verdict {
    match answer {
        Ok(_) => Verdict::Sent,
        Err(error) if error.is_passing() => Verdict::Again,
        Err(error) => {
            let keep = error != ApiError::NotLoggedIn;
            Verdict::Failed { error, keep }
        }
    }
}

/// How long to wait after so many failures in a row; `chance` is from 0 to 1.
pub fn wait_ms(failures: u32, chance: f64) -> u32 {
    let wait = (FIRST_WAIT_MS * f64::from(1 << failures.min(6))).min(LONGEST_WAIT_MS);
    (wait * (0.5 + chance / 2.0)) as u32
}

/// The same after this error: not before the time that the server names, a minute at most.
pub fn wait_after(error: &ApiError, failures: u32, chance: f64) -> u32 {
    let named = match error {
        ApiError::TooMany { retry_after_ms } | ApiError::Busy { retry_after_ms } => *retry_after_ms,
        _ => 0,
    };
    wait_ms(failures, chance).max(named.clamp(0, LONGEST_NAMED_MS) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_told_when_to_come_back_does_not_come_before() {
        assert_eq!(wait_after(&ApiError::Unreachable, 1, 1.0), wait_ms(1, 1.0));
        assert_eq!(wait_after(&ApiError::TooMany { retry_after_ms: 20_000 }, 1, 0.0), 20_000);
        assert_eq!(wait_after(&ApiError::Busy { retry_after_ms: 10 }, 1, 0.0), wait_ms(1, 0.0));
        assert_eq!(wait_after(&ApiError::Busy { retry_after_ms: Millis::MAX }, 1, 0.0), 60_000);
        assert_eq!(wait_after(&ApiError::Busy { retry_after_ms: -1 }, 9, 1.0), 8_000);
    }

    #[test]
    fn messages_keep_their_order_over_a_reload_although_the_clock_jumps_back() {
        let mut messages: Vec<Outgoing> = Vec::new();
        for (now, random) in [(9_000, 9), (9_000, 1), (4_000, 5), (4_001, 0)] {
            let at = written_at(&messages, now);
            messages.push(Outgoing {
                id: CommandId::from_parts(at, [random; 10]),
                chat: ChatId(1),
                at,
                text: RichText::from_typed(&format!("number {}", messages.len())),
                attachments: Vec::new(),
                side: Side::Visitor,
                state: OutgoingState::Sending,
            });
        }
        let written = messages.clone();
        messages.reverse();
        in_order(&mut messages);
        assert_eq!(messages, written);
        assert_eq!(written_at(&[], 4_000), 4_000);
    }
}
