//! What clients were told against what is on disk, once nobody writes any more.

use crate::backups::Backups;
use crate::ledger::{Given, Ledger, Outcome};
use crate::post::Letter;
use crate::trouble::Done;
use crate::vanish::RELEASE_AFTER_S;
use crate::world::World;
use frontdesk::model::agent::AgentRef;
use frontdesk::model::chat::{Actor, Audience, Author, Chat, Command, Context, Event, EventBody, Status, decide};
use frontdesk::model::ids::{AgentId, ChatId, CommandId};
use frontdesk::store::ChatStore as _;
use frontdesk::store::sqlite::SqliteStore;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::mpsc;
use uuid::Uuid;

/// Commands that say something, and so have an order.
const SAYING: [&str; 3] = ["start", "send", "view_page"];
/// A server that has handed a letter over notes that within this time, unless it cannot.
const NOTED_WITHIN: Duration = Duration::from_secs(2);

/// One chat on disk.
pub struct Kept {
    pub state: Chat,
    pub log: Vec<Event>,
    /// The log as clients would get it.
    frames: Vec<Value>,
}

/// How much there was to compare.
#[derive(Debug, Default)]
pub struct Compared {
    pub chats: usize,
    pub events: usize,
    pub acked: usize,
    pub held: usize,
    pub released: usize,
    pub mailed: usize,
    pub mailed_again: usize,
    pub backups: usize,
}

/// Every promise that was broken, in sentences.
pub async fn judge(
    world: &World,
    data: &Path,
    letters: &[Letter],
    done: &Done,
    backups: &Backups,
) -> (Compared, Vec<String>) {
    let mut broken = world.ledger.broken.lock().unwrap().clone();
    let kept = read(data, world.last_chat.load(Ordering::Relaxed)).await;
    let mut compared =
        Compared { chats: kept.len(), events: kept.values().map(|chat| chat.log.len()).sum(), ..Compared::default() };
    compared.acked = commands(&world.ledger, &kept, &mut broken);
    order(&world.ledger, &mut broken);
    compared.held = views(world, &kept, &mut broken);
    compared.released = releases(world, &kept, &mut broken);
    (compared.mailed, compared.mailed_again) = mails(letters, done, &kept, &mut broken);
    compared.backups = backups.judge(&kept, &mut broken).await;
    (compared, broken)
}

/// All chats up to a number, and some more, should there be some that nobody was told of.
pub async fn read(data: &Path, last: i64) -> BTreeMap<i64, Kept> {
    let (sender, _commits) = mpsc::channel(1);
    let store = SqliteStore::open(&data.join("frontdesk.db"), sender).await.expect("the database");
    let mut kept = BTreeMap::new();
    for id in 1..=last + 50 {
        let Some(state) = store.chat(ChatId(id)).await.expect("a state") else { continue };
        let log = store.events(ChatId(id), Audience::Agents, 0, 1_000_000).await.expect("a log");
        let frames = log.iter().map(|event| serde_json::to_value(event).expect("an event")).collect();
        kept.insert(id, Kept { state, log, frames });
    }
    store.close().await;
    kept
}

/// Every acknowledged command is in the log exactly once, where the answer said, or had nothing to do there; and nothing
/// else is.
fn commands(ledger: &Ledger, kept: &BTreeMap<i64, Kept>, broken: &mut Vec<String>) -> usize {
    let mut found: HashMap<Uuid, Vec<(i64, i64)>> = HashMap::new();
    for (chat, kept) in kept {
        for (index, event) in kept.log.iter().enumerate() {
            if event.seq != index as i64 + 1 {
                broken.push(format!("The log of chat {chat} has {} in place {}.", event.seq, index + 1));
            }
            let by_house = event.by == Author::System && matches!(event.body, EventBody::Released { .. });
            if let Some(command) = event.command.filter(|_| !by_house) {
                found.entry(command.0).or_default().push((*chat, event.seq));
            }
        }
    }
    let given = ledger.given.lock().unwrap();
    let mut acked = 0;
    for (id, given) in &*given {
        let places = found.remove(id).unwrap_or_default();
        let (kind, whose) = (given.kind(), &given.whose);
        match &given.outcome {
            None => broken.push(format!("{kind} of {whose} was never answered.")),
            Some(Outcome::Acked { chat, seq }) => {
                acked += 1;
                let is_there = places == [(*chat, *seq)];
                // One that was answered so may still be carried out when a lost copy of it, or a repeated one, comes.
                let at_most_once = matches!(&places[..], [] | [_]);
                if !(is_there || at_most_once && had_nothing_to_do(given, *id, kept, *chat, *seq)) {
                    broken.push(format!(
                        "{kind} of {whose} was acknowledged as event {seq} of chat {chat}, but is on disk as {places:?}."
                    ));
                }
            }
            // A chat that was not free when one copy of this came may have been when a lost one did.
            Some(Outcome::Refused(_)) if kind == "accept" && given.may_come_late && places.len() <= 1 => {}
            Some(Outcome::Refused(why)) if !places.is_empty() => {
                broken.push(format!("{kind} of {whose} was refused ({why}), but is on disk."));
            }
            Some(Outcome::Refused(_)) => {}
        }
    }
    for (id, places) in found {
        broken.push(format!("On disk there is {id} at {places:?}, which nobody ever gave."));
    }
    acked
}

/// Whether the rules, asked on the state of that moment, make nothing of the command.
fn had_nothing_to_do(given: &Given, id: Uuid, kept: &BTreeMap<i64, Kept>, chat: i64, seq: i64) -> bool {
    let Some(log) = kept.get(&chat).map(|kept| &kept.log).filter(|log| log.len() as i64 >= seq) else { return false };
    let mut state = Chat::new(ChatId(chat));
    log.iter().take_while(|event| event.seq <= seq).for_each(|event| state.apply(event));
    let number = given.whose.split_once(' ').and_then(|(_, number)| number.parse().ok()).unwrap_or_default();
    let actor = match &state.visitor {
        Some(visitor) if given.whose.starts_with("visitor") => Actor::Visitor(visitor.id),
        _ => Actor::Agent(AgentRef { id: AgentId(number), name: format!("Agent {number}"), photo: None }),
    };
    let context = Context::new(actor, state.updated_at, CommandId(id));
    let command = serde_json::from_value::<Command>(given.command.clone()).expect("a command");
    given.chat == Some(chat) && decide(&state, command, &context).is_ok_and(|events| events.is_empty())
}

/// What one client gave one after the other is in that order.
fn order(ledger: &Ledger, broken: &mut Vec<String>) {
    let given = ledger.given.lock().unwrap();
    for (whose, ids) in &*ledger.in_order.lock().unwrap() {
        let mut last: HashMap<i64, i64> = HashMap::new();
        for id in ids {
            let Some(given) = given.get(id).filter(|given| SAYING.contains(&given.kind())) else { continue };
            if let Some(Outcome::Acked { chat, seq }) = given.outcome
                && last.insert(chat, seq).is_some_and(|before| before >= seq)
            {
                broken.push(format!("What {whose} wrote in chat {chat} is not in the order of writing: {seq}."));
            }
        }
    }
}

/// What every client holds is the beginning of what it may see, without a gap; and all up to the end of what it followed
/// until the last.
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
        for chat in &*desk.followed.lock().unwrap() {
            let Some(kept) = kept.get(chat) else { continue };
            let visible: Vec<&Event> = kept.log.iter().filter(|event| event.body.is_for(audience)).collect();
            let end = visible.iter().position(|event| matches!(event.body, EventBody::Ended));
            let seen = desk.view(*chat).events.len();
            if end.is_none_or(|end| seen <= end) {
                broken.push(format!("{whose} holds {seen} events of chat {chat}, and not its end: {end:?}."));
            }
        }
    }
    held
}

/// Chats are taken only from agents who were gone for as long as the rules say.
fn releases(world: &World, kept: &BTreeMap<i64, Kept>, broken: &mut Vec<String>) -> usize {
    let absences = world.absences.lock().unwrap();
    let mut released = 0;
    for (chat, kept) in kept {
        for event in &kept.log {
            let EventBody::Released { agent, .. } = &event.body else { continue };
            released += 1;
            let was_gone = absences.iter().any(|(gone, from, to)| {
                let since = from + i64::from(RELEASE_AFTER_S) * 1_000;
                *gone as i64 == agent.id.0 && (since..=to + i64::from(RELEASE_AFTER_S) * 1_000).contains(&event.at)
            });
            if !was_gone {
                broken.push(format!("Chat {chat} was taken from {} at {}, who was there.", agent.name, event.at));
            }
        }
    }
    released
}

/// Each ended chat that an agent had and whose visitor gave an email is mailed to that one: always the same letter, and
/// again only when the server could not note that it was taken. None without an email or an end.
fn mails(letters: &[Letter], done: &Done, kept: &BTreeMap<i64, Kept>, broken: &mut Vec<String>) -> (usize, usize) {
    let mut of: BTreeMap<i64, Vec<&Letter>> = BTreeMap::new();
    for letter in letters {
        let name = letter.message_id.split('@').next().unwrap_or_default();
        match name.strip_prefix("transcript-").and_then(|number| number.parse().ok()) {
            Some(chat) => of.entry(chat).or_default().push(letter),
            None => broken.push(format!("There is a mail that nobody should get: {letter:?}.")),
        }
    }
    let mailed = of.len();
    let mut lapses = done.lapses.clone();
    let mut mailed_again = 0;
    for (id, kept) in kept {
        let letters = of.remove(id).unwrap_or_default();
        let has_ended = kept.state.status == Status::Ended;
        let email = kept.state.visitor.as_ref().and_then(|visitor| visitor.email.as_ref());
        let is_due = has_ended && email.is_some();
        // Of chats that no agent had not all are mailed.
        if is_due && kept.state.was_accepted() && letters.is_empty() {
            broken.push(format!("Chat {id} has no transcript."));
        }
        if !is_due && !letters.is_empty() {
            broken.push(format!("Chat {id} has a transcript that nobody should get: {letters:?}."));
        }
        for letter in &letters {
            if email.is_some_and(|email| email.as_str() != letter.to) || letter.message_id != letters[0].message_id {
                broken.push(format!("Chat {id} has a transcript that is not of it: {letter:?}."));
            }
        }
        for first in letters.iter().rev().skip(1) {
            mailed_again += 1;
            let lapse =
                lapses.iter().position(|(from, to)| first.at + NOTED_WITHIN >= *from && first.at <= *to + NOTED_WITHIN);
            match lapse {
                _ if !first.is_answered => {}
                // Of one death one letter.
                Some(lapse) if lapses[lapse].0 == lapses[lapse].1 => drop(lapses.remove(lapse)),
                Some(_) => {}
                None => broken.push(format!("Chat {id} was mailed again for no reason: {letters:?}.")),
            }
        }
        if !has_ended {
            broken.push(format!("Chat {id} was left open: {:?}.", kept.state.status));
        }
    }
    for chat in of.keys() {
        broken.push(format!("There is a transcript of chat {chat}, which is not on disk."));
    }
    (mailed, mailed_again)
}
