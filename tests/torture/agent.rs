//! Agents: they take chats before each other, answer, and end some.

use crate::chance::Chance;
use crate::http::Caller;
use crate::ledger::Outcome;
use crate::live::END_SEEN_WITHIN;
use crate::world::{Client, World};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};

const COMMAND: &str = "/api/agent/command";
/// Chats that an agent follows; the server allows 20.
const MOST_FOLLOWED: usize = 15;
/// What agents of one chat may be told no for: another was quicker, or it has ended.
const FAIR: [&str; 4] = ["accepted_by", "not_your_chat", "chat_ended", "not_accepted"];

/// Works until `stop`.
pub async fn run(
    world: Arc<World>,
    number: u64,
    session: String,
    stop: tokio::sync::watch::Receiver<bool>,
    mut chance: Chance,
) {
    let caller = Caller {
        addr: world.addr,
        identity: ("cookie", format!("frontdesk_session={session}")),
        ip: format!("192.0.2.{number}"),
    };
    let mut client = Client::connect(&world, caller, format!("agent {number}"), None, chance.branch(1));
    while !*stop.borrow() {
        if world.is_gone(number) {
            client.vanish().await;
            world.until_back(number).await;
            client.come_back(chance.branch(2));
        }
        let Ok((200, me)) = client.caller.call("/api/agent/me", &json!({})).await else {
            tokio::time::sleep(Duration::from_millis(chance.between(50, 200))).await;
            continue;
        };
        let own = me["agent"]["id"].clone();
        let rows: Vec<Value> = me["live"].as_array().cloned().unwrap_or_default();
        let followed = followed(&client, &rows, &own);
        client.follow(followed.clone());
        for row in &rows {
            let chat = row["id"].as_i64().unwrap_or_default();
            let command = match row["status"].as_str() {
                Some("waiting") if !world.is_busy(number) => waiting(&mut chance),
                Some("open") if row["agent"]["id"] == own => open(&client, chat, &mut chance),
                _ => None,
            };
            let command = command.filter(|command| command["type"] != "end" || !world.lasts(chat));
            if let Some(command) = command {
                give(&world, &client, chat, command, &mut chance).await;
            }
        }
        tokio::time::sleep(Duration::from_millis(chance.between(10, 120))).await;
    }
    // What it follows at the end comes to its end there, too.
    let followed: Vec<i64> = client.desk.followed.lock().unwrap().clone();
    let until = Instant::now() + END_SEEN_WITHIN;
    for chat in followed {
        if !client.sees_end(chat, until.saturating_duration_since(Instant::now())).await {
            world.ledger.broken(format!("{} never saw the end of chat {chat}", client.whose));
        }
    }
    client.leave().await;
}

/// The agent's own chats, and those followed before whose end has not been seen.
fn followed(client: &Client, rows: &[Value], own: &Value) -> Vec<i64> {
    let mut chats: Vec<i64> = client.desk.followed.lock().unwrap().clone();
    chats.retain(|chat| !client.desk.view(*chat).has_ended);
    for row in rows.iter().filter(|row| row["agent"]["id"] == *own || row["status"] == "waiting") {
        let chat = row["id"].as_i64().unwrap_or_default();
        if !chats.contains(&chat) && chats.len() < MOST_FOLLOWED {
            chats.push(chat);
        }
    }
    chats
}

fn waiting(chance: &mut Chance) -> Option<Value> {
    match chance.below(100) {
        0..60 => Some(json!({ "type": "accept" })),
        60..70 => Some(json!({ "type": "dismiss" })),
        _ => None,
    }
}

fn open(client: &Client, chat: i64, chance: &mut Chance) -> Option<Value> {
    match chance.below(100) {
        0..50 => {
            let said = format!("answer {} of {}", chance.draw(), client.whose);
            Some(json!({ "type": "send", "text": [{ "paragraph": said }] }))
        }
        50..70 => Some(json!({ "type": "mark_read", "up_to": client.desk.view(chat).cursor })),
        70..76 => Some(json!({ "type": "mark_delivered", "up_to": client.desk.view(chat).cursor })),
        76..80 => Some(json!({ "type": "set_labels", "labels": [] })),
        80..85 => Some(json!({ "type": "end" })),
        _ => None,
    }
}

async fn give(world: &World, client: &Client, chat: i64, command: Value, chance: &mut Chance) {
    let outcome = world.ledger.give(&client.caller, &client.whose, COMMAND, Some(chat), command, chance).await;
    if let Outcome::Refused(why) = outcome
        && !why["reason"].as_str().is_some_and(|reason| FAIR.contains(&reason))
    {
        world.ledger.broken(format!("{} was refused in chat {chat}: {why}", client.whose));
    }
}
