//! What clients were told against what is on disk, once nobody writes any more.

use crate::ledger::{Ledger, Outcome};
use crate::world::World;
use frontdesk::model::chat::{Audience, Chat, Event, Status};
use frontdesk::model::ids::ChatId;
use frontdesk::store::ChatStore as _;
use frontdesk::store::sqlite::SqliteStore;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::atomic::Ordering;
use tokio::sync::mpsc;
use uuid::Uuid;

/// Commands that say something new each time, so that one that was acknowledged is in the log.
const SAYING: [&str; 3] = ["start", "send", "view_page"];

/// One chat on disk.
struct Kept {
    state: Chat,
    log: Vec<Event>,
    /// The log as clients would get it.
    frames: Vec<Value>,
}

/// How much there was to compare.
#[derive(Debug, Default)]
pub struct Compared {
    pub chats: usize,
    pub events: usize,
    pub acked: usize,
    pub mails: usize,
    pub held: usize,
}

/// Every promise that was broken, in sentences.
pub async fn judge(world: &World, data: &Path) -> (Compared, Vec<String>) {
    let mut broken = world.ledger.broken.lock().unwrap().clone();
    let kept = read(data, world.last_chat.load(Ordering::Relaxed)).await;
    let mut compared =
        Compared { chats: kept.len(), events: kept.values().map(|chat| chat.log.len()).sum(), ..Compared::default() };
    compared.acked = commands(&world.ledger, &kept, &mut broken);
    order(&world.ledger, &mut broken);
    compared.held = views(world, &kept, &mut broken);
    compared.mails = mails(data, &kept, &mut broken);
    (compared, broken)
}

async fn read(data: &Path, last: i64) -> BTreeMap<i64, Kept> {
    let (sender, _commits) = mpsc::channel(1);
    let store = SqliteStore::open(&data.join("frontdesk.db"), sender).await.expect("the database");
    let mut kept = BTreeMap::new();
    // Some more, should there be chats that nobody was told of.
    for id in 1..=last + 50 {
        let Some(state) = store.chat(ChatId(id)).await.expect("a state") else { continue };
        let log = store.events(ChatId(id), Audience::Agents, 0, 1_000_000).await.expect("a log");
        let frames = log.iter().map(|event| serde_json::to_value(event).expect("an event")).collect();
        kept.insert(id, Kept { state, log, frames });
    }
    store.close().await;
    kept
}

/// Every acknowledged command is in the log exactly once, where the answer said, and nothing else is.
fn commands(ledger: &Ledger, kept: &BTreeMap<i64, Kept>, broken: &mut Vec<String>) -> usize {
    let mut found: HashMap<Uuid, Vec<(i64, i64)>> = HashMap::new();
    for (chat, kept) in kept {
        for (index, event) in kept.log.iter().enumerate() {
            if event.seq != index as i64 + 1 {
                broken.push(format!("The log of chat {chat} has {} in place {}.", event.seq, index + 1));
            }
            if let Some(command) = event.command {
                found.entry(command.0).or_default().push((*chat, event.seq));
            }
        }
    }
    let given = ledger.given.lock().unwrap();
    let mut acked = 0;
    for (id, given) in &*given {
        let places = found.remove(id).unwrap_or_default();
        match &given.outcome {
            None => broken.push(format!("{} of {} was never answered.", given.kind, given.whose)),
            Some(Outcome::Acked { chat, seq }) => {
                acked += 1;
                let is_there = places == [(*chat, *seq)];
                let changed_nothing = places.is_empty() && !SAYING.contains(&&*given.kind);
                if !is_there && !changed_nothing {
                    broken.push(format!(
                        "{} of {} was acknowledged as event {seq} of chat {chat}, but is on disk as {places:?}.",
                        given.kind, given.whose
                    ));
                }
            }
            Some(Outcome::Refused(why)) if !places.is_empty() => {
                broken.push(format!("{} of {} was refused ({why}), but is on disk.", given.kind, given.whose));
            }
            Some(Outcome::Refused(_)) => {}
        }
    }
    for (id, places) in found {
        broken.push(format!("On disk there is {id} at {places:?}, which nobody ever gave."));
    }
    acked
}

/// What one client gave one after the other is in that order.
fn order(ledger: &Ledger, broken: &mut Vec<String>) {
    let given = ledger.given.lock().unwrap();
    for (whose, ids) in &*ledger.in_order.lock().unwrap() {
        let mut last: HashMap<i64, i64> = HashMap::new();
        for id in ids {
            let Some(given) = given.get(id).filter(|given| SAYING.contains(&&*given.kind)) else { continue };
            if let Some(Outcome::Acked { chat, seq }) = given.outcome
                && last.insert(chat, seq).is_some_and(|before| before >= seq)
            {
                broken.push(format!("What {whose} wrote in chat {chat} is not in the order of writing: {seq}."));
            }
        }
    }
}

/// What every client holds is the beginning of what it may see, without a gap; whoever saw the end has all up to it.
fn views(world: &World, kept: &BTreeMap<i64, Kept>, broken: &mut Vec<String>) -> usize {
    let mut held = 0;
    for (is_visitor, whose, desk) in &*world.held.lock().unwrap() {
        let audience = if *is_visitor { Audience::Visitor } else { Audience::Agents };
        for (chat, view) in &*desk.views.lock().unwrap() {
            let Some(kept) = kept.get(chat) else {
                broken.push(format!("{whose} holds chat {chat}, which is not on disk."));
                continue;
            };
            let visible = kept.log.iter().zip(&kept.frames).filter(|(event, _)| event.body.is_for(audience));
            let visible: Vec<&Value> = visible.map(|(_, frame)| frame).collect();
            if view.events.len() > visible.len() || !view.events.iter().zip(&visible).all(|(held, kept)| held == *kept)
            {
                broken.push(format!("{whose} holds another chat {chat} than the disk."));
            }
            held += view.events.len();
        }
    }
    held
}

/// Exactly one transcript for each ended chat that an agent had and whose visitor gave an email; none without an email or
/// an end.
fn mails(data: &Path, kept: &BTreeMap<i64, Kept>, broken: &mut Vec<String>) -> usize {
    let mut letters: BTreeMap<i64, usize> = BTreeMap::new();
    for entry in std::fs::read_dir(data.join("mail")).expect("the mails") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        let number = name.strip_prefix("transcript-").and_then(|rest| rest.strip_suffix(".eml"));
        match number.and_then(|number| number.parse().ok()) {
            Some(chat) => *letters.entry(chat).or_default() += 1,
            // What a kill left of a letter that was being written.
            None if name.starts_with('.') && name.ends_with(".tmp") => {}
            None => broken.push(format!("There is a mail that nobody should get: {name}.")),
        }
    }
    let sent = letters.len();
    for (id, kept) in kept {
        let count = letters.remove(id).unwrap_or(0);
        let has_ended = kept.state.status == Status::Ended;
        let has_email = kept.state.visitor.as_ref().is_some_and(|visitor| visitor.email.is_some());
        let range = match (has_ended && has_email, kept.state.was_accepted()) {
            (true, true) => 1..=1,
            // Of chats that no agent had not all are mailed.
            (true, false) => 0..=1,
            (false, _) => 0..=0,
        };
        if !range.contains(&count) {
            broken.push(format!("Chat {id} has {count} transcripts instead of {range:?}."));
        }
        if !has_ended {
            broken.push(format!("Chat {id} was left open: {:?}.", kept.state.status));
        }
    }
    for chat in letters.keys() {
        broken.push(format!("There is a transcript of chat {chat}, which is not on disk."));
    }
    sent
}
