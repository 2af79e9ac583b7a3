//! Visitors: each starts a chat, writes, sends files, and ends it or waits for the end.

use crate::chance::Chance;
use crate::http::Caller;
use crate::ledger::Outcome;
use crate::live::END_SEEN_WITHIN;
use crate::world::{Client, World};
use hyper::body::Bytes;
use serde_json::{Value, json};
use std::sync::atomic::Ordering;
use std::time::Duration;

const COMMAND: &str = "/api/visitor/command";
/// An agent is waited for this long to end a chat.
const AGENT_ENDS_WITHIN: Duration = Duration::from_secs(3);

/// One chat after the other, each by another visitor, until the run closes.
pub async fn run(world: std::sync::Arc<World>, mut chance: Chance) {
    while !world.is_closing() {
        let number = world.visitors.fetch_add(1, Ordering::Relaxed);
        let way = chance.branch(number);
        chat(&world, number, way).await;
        chance.draw();
    }
}

/// A token as a browser makes it: 43 characters of base64url.
pub fn token(chance: &mut Chance) -> String {
    use base64::Engine as _;
    let bytes: Vec<u8> = (0..4).flat_map(|_| chance.draw().to_be_bytes()).collect();
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

async fn chat(world: &World, number: u64, mut chance: Chance) {
    let Some((client, chat)) = comes(world, number, &mut chance).await else { return };
    talk(world, &client, chat, &mut chance).await;
    if chance.percent(30) {
        client.sees_end(chat, AGENT_ENDS_WITHIN).await;
    }
    leaves(world, client, chat, &mut chance).await;
}

/// The visitor with this number starts a chat; none when nobody is there to answer it.
pub async fn comes(world: &World, number: u64, chance: &mut Chance) -> Option<(Client, i64)> {
    let token = token(chance);
    let caller = Caller {
        addr: world.addr,
        identity: ("authorization", format!("Bearer {token}")),
        ip: format!("10.{}.{}.{}", number >> 16 & 255, number >> 8 & 255, number & 255),
    };
    let whose = format!("visitor {number}");
    let email = if chance.percent(70) { format!("visitor-{number}@example.com") } else { String::new() };
    let page = json!({ "url": "https://shop.example/", "title": "Shop" });
    let start = json!({ "type": "start", "name": whose, "email": email, "text": text(&whose, "hello"), "page": page });
    let chat = match world.ledger.give(&caller, &whose, COMMAND, None, start, chance).await {
        Outcome::Acked { chat, .. } => chat,
        Outcome::Refused(why) => {
            // After a start of the server no console may be back in time.
            if why["reason"] != "nobody_available" {
                world.ledger.broken(format!("{whose} cannot start: {why}"));
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
            return None;
        }
    };
    world.heard_of(chat);
    let client = Client::connect(world, caller, whose, Some(token), chance.branch(1));
    client.follow(vec![chat]);
    Some((client, chat))
}

/// The visitor ends the chat if nobody has, sees that it has ended, and says at times how it was.
pub async fn leaves(world: &World, client: Client, chat: i64, chance: &mut Chance) {
    give(world, &client, chat, json!({ "type": "end" }), chance).await;
    if !client.sees_end(chat, END_SEEN_WITHIN).await {
        world.ledger.broken(format!("{} never saw the end of chat {chat}", client.whose));
    }
    if chance.percent(40) {
        give(world, &client, chat, json!({ "type": "rate", "helpful": true }), chance).await;
    }
    client.leave().await;
}

async fn talk(world: &World, client: &Client, chat: i64, chance: &mut Chance) {
    for turn in 0..chance.between(3, 25) {
        let command = match chance.below(100) {
            0..60 => json!({ "type": "send", "text": text(&client.whose, &format!("message {turn}")) }),
            60..72 => json!({ "type": "view_page", "page": { "url": format!("https://shop.example/{turn}") } }),
            72..88 => json!({ "type": "mark_read", "up_to": client.desk.view(chat).cursor }),
            _ => match upload(world, client, chat, turn, chance).await {
                Some(file) => json!({ "type": "send", "text": [], "attachments": [file] }),
                None => continue,
            },
        };
        let outcome = give(world, client, chat, command, chance).await;
        if let Outcome::Refused(why) = outcome {
            if why["reason"] != "chat_ended" {
                world.ledger.broken(format!("{} was refused in chat {chat}: {why}", client.whose));
            }
            return;
        }
        tokio::time::sleep(Duration::from_millis(chance.between(2, 80))).await;
    }
}

async fn give(world: &World, client: &Client, chat: i64, command: Value, chance: &mut Chance) -> Outcome {
    world.ledger.give(&client.caller, &client.whose, COMMAND, Some(chat), command, chance).await
}

/// Uploads a file as the protocol says, until it is there. None when the chat takes no more.
async fn upload(world: &World, client: &Client, chat: i64, turn: u64, chance: &mut Chance) -> Option<Value> {
    let content = Bytes::from(format!("{} wrote this in turn {turn}.\n", client.whose).repeat(40));
    let ask = json!({ "chat": chat, "name": "notes.txt", "size": content.len() });
    let id = loop {
        match client.caller.call("/api/visitor/upload", &ask).await {
            Ok((200, id)) => break id,
            Ok((409 | 403 | 422, _)) => return None,
            _ => pause(chance).await,
        }
    };
    let path = format!("/files/{}", id.as_str()?);
    loop {
        match client.caller.put(&path, content.clone()).await {
            Ok((200, file)) => {
                if file["size"] != content.len() {
                    world.ledger.broken(format!("{} was told of another file: {file}", client.whose));
                }
                return Some(id);
            }
            Ok((409 | 403 | 404, _)) => return None,
            // Also when it did not arrive whole.
            _ => pause(chance).await,
        }
    }
}

async fn pause(chance: &mut Chance) {
    tokio::time::sleep(Duration::from_millis(chance.between(20, 120))).await;
}

fn text(whose: &str, what: &str) -> Value {
    json!([{ "paragraph": format!("{what} of {whose}") }])
}
