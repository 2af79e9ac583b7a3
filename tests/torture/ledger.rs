//! What every client was told, in one book: the other half of the comparison is the disk.

use crate::chance::Chance;
use crate::http::Caller;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use uuid::Uuid;

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server said that it is on disk.
    Acked { chat: i64, seq: i64 },
    /// A rule said no; the answer's `refusal`, or its `error`.
    Refused(Value),
}

/// A command that was given.
#[derive(Clone, Debug)]
pub struct Given {
    /// Whose it is, for sentences and for the order: one client gives its commands one after the other.
    pub whose: String,
    /// Missing at the start of one.
    pub chat: Option<i64>,
    pub command: Value,
    /// Missing while it is not known.
    pub outcome: Option<Outcome>,
    /// An answer was lost on the way: what was sent may still be carried out later.
    pub may_come_late: bool,
}

impl Given {
    pub fn kind(&self) -> &str {
        self.command["type"].as_str().unwrap_or_default()
    }
}

#[derive(Default)]
pub struct Ledger {
    pub given: Mutex<HashMap<Uuid, Given>>,
    /// The commands of each client in the order in which they were answered.
    pub in_order: Mutex<HashMap<String, Vec<Uuid>>>,
    /// Promises that were broken while clients looked.
    pub broken: Mutex<Vec<String>>,
    pub lost_answers: AtomicU64,
    pub not_stored: AtomicU64,
    pub repeated: AtomicU64,
}

impl Ledger {
    pub fn broken(&self, sentence: String) {
        self.broken.lock().unwrap().push(sentence);
    }

    /// Gives a command until there is an answer, as the protocol asks, and notes it.
    pub async fn give(
        &self,
        caller: &Caller,
        whose: &str,
        path: &str,
        chat: Option<i64>,
        command: Value,
        chance: &mut Chance,
    ) -> Outcome {
        let id = Uuid::now_v7();
        let (whose, given) = (whose.to_owned(), command.clone());
        let given = Given { whose: whose.clone(), chat, command: given, outcome: None, may_come_late: false };
        self.given.lock().unwrap().insert(id, given);
        let mut body = json!({ "chat": chat, "id": id, "command": command });
        if command["type"] == "start" {
            body["introduction"] = json!({ "data": { "plan": "secret plan" } });
        }
        let (outcome, lost) = self.until_answered(caller, path, &body, chance).await;
        // A client that did not hear the answer says it again.
        if matches!(outcome, Outcome::Acked { .. }) && chance.percent(10) {
            let (again, _) = self.until_answered(caller, path, &body, chance).await;
            count(&self.repeated);
            let says_something = matches!(command["type"].as_str(), Some("start" | "send" | "view_page"));
            if says_something && again != outcome {
                self.broken(format!("{id} was answered with {outcome:?}, and then with {again:?}"));
            }
        }
        if let Some(given) = self.given.lock().unwrap().get_mut(&id) {
            given.outcome = Some(outcome.clone());
            given.may_come_late = lost;
        }
        self.in_order.lock().unwrap().entry(whose).or_default().push(id);
        outcome
    }

    /// The last event of each chat that was acknowledged so far.
    pub fn acked_so_far(&self) -> HashMap<i64, i64> {
        let mut last = HashMap::new();
        for given in self.given.lock().unwrap().values() {
            if let Some(Outcome::Acked { chat, seq }) = given.outcome {
                let known = last.entry(chat).or_default();
                *known = seq.max(*known);
            }
        }
        last
    }

    /// The answer that counts, and whether there was one before it that did not arrive.
    async fn until_answered(&self, caller: &Caller, path: &str, body: &Value, chance: &mut Chance) -> (Outcome, bool) {
        let mut lost = false;
        loop {
            match caller.call(path, body).await {
                Ok((200, answer)) => {
                    if let (Some(chat), Some(seq)) = (answer["chat"].as_i64(), answer["seq"].as_i64()) {
                        return (Outcome::Acked { chat, seq }, lost);
                    }
                    self.broken(format!("{path} answered 200 with {answer}"));
                }
                Ok((507, _)) => count(&self.not_stored),
                // Throttled, or the server could not read just now.
                Ok((429 | 500 | 503, _)) => {}
                Ok((_, answer)) if answer["error"] == "refused" => {
                    return (Outcome::Refused(answer["refusal"].clone()), lost);
                }
                Ok((status, answer)) => {
                    self.broken(format!("{path} answered {status} with {answer} to {body}"));
                    return (Outcome::Refused(answer["error"].clone()), lost);
                }
                Err(_) => {
                    count(&self.lost_answers);
                    lost = true;
                }
            }
            tokio::time::sleep(Duration::from_millis(chance.between(20, 120))).await;
        }
    }
}

fn count(times: &AtomicU64) {
    times.fetch_add(1, Ordering::Relaxed);
}
