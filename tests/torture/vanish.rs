//! An agent who vanishes: their console is killed, and so they lose the chat that they answer. Others take it, and who comes
//! back is told. Meanwhile another one stays with a single chat, which is theirs by being there alone.

use crate::chance::Chance;
use crate::http::Caller;
use crate::live::View;
use crate::visitor;
use crate::world::{Client, World};
use frontdesk::desk::now;
use serde_json::{Value, json};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Seconds after which an agent without a console loses their chats: the least that an admin may set.
pub const RELEASE_AFTER_S: u32 = 5;
/// An agent takes a waiting chat within this time.
const ACCEPTED_WITHIN: Duration = Duration::from_secs(20);
/// And it is taken from one who is gone within this time: a disk that takes nothing makes everybody's time begin anew.
const RELEASED_WITHIN: Duration = Duration::from_secs(30);
/// Longer than anybody keeps a chat who is not there. Whoever accepts another has their time prolonged with it.
const STAYS_FOR: Duration = Duration::from_secs(RELEASE_AFTER_S as u64 + 5);
/// Who came back is told within this time.
const TOLD_WITHIN: Duration = Duration::from_secs(20);
/// A chat that is about to be ended when it should last may end all the same.
const TRIES: u32 = 5;

/// One agent stays with a chat, another vanishes from one, until others have that.
pub async fn one(world: &World, mut chance: Chance) {
    for _ in 0..TRIES {
        let Some((client, kept)) = accepted(world, &mut chance).await else { continue };
        let since = Instant::now();
        let stays = owner(&client.desk.view(kept));
        *world.busy.lock().unwrap() = stays;
        let is_told = another(world, &mut chance).await;
        if stays.is_some() {
            tokio::time::sleep_until((since + STAYS_FOR).into()).await;
        }
        // Should it have been taken from them, the verdict says so.
        let stayed = owner(&client.desk.view(kept)) == stays;
        world.stayed.fetch_add(u64::from(stays.is_some() && stayed), Ordering::Relaxed);
        *world.busy.lock().unwrap() = None;
        visitor::leaves(world, client, kept, &mut chance).await;
        if is_told {
            return;
        }
    }
    world.ledger.broken("No agent could vanish from a chat.".into());
}

/// Whether another agent vanished from a chat, and was told so.
async fn another(world: &World, chance: &mut Chance) -> bool {
    let Some((client, chat)) = accepted(world, chance).await else { return false };
    let is_told = vanish(world, &client, chat).await;
    visitor::leaves(world, client, chat, chance).await;
    is_told
}

/// A visitor whose chat an agent has accepted; it lasts until the visitor ends it.
async fn accepted(world: &World, chance: &mut Chance) -> Option<(Client, i64)> {
    let number = world.visitors.fetch_add(1, Ordering::Relaxed);
    let (client, chat) = visitor::comes(world, number, chance).await?;
    world.lasting.lock().unwrap().insert(chat);
    if !client.desk.sees(chat, ACCEPTED_WITHIN, |view| owner(view).is_some() || view.has_ended).await {
        world.ledger.broken(format!("Nobody accepted chat {chat}."));
    }
    Some((client, chat))
}

/// Whether the chat was taken from its agent, or should have been: it did not end before.
async fn vanish(world: &World, client: &Client, chat: i64) -> bool {
    let desk = &client.desk;
    let Some(agent) = owner(&desk.view(chat)).filter(|agent| !world.is_busy(*agent)) else { return false };
    let since = now();
    world.gone.send_replace(Some(agent));
    let is_taken = |view: &View| has(view, "released") || view.has_ended;
    let in_time = desk.sees(chat, RELEASED_WITHIN, is_taken).await;
    let was_taken = has(&desk.view(chat), "released");
    if !in_time {
        world.ledger.broken(format!("Chat {chat} stays with agent {agent}, who is gone."));
    }
    if was_taken && !desk.sees(chat, ACCEPTED_WITHIN, |view| owner(view).is_some() || view.has_ended).await {
        world.ledger.broken(format!("Nobody accepted chat {chat}, which was taken from agent {agent}."));
    }
    world.absences.lock().unwrap().push((agent, since, now()));
    world.gone.send_replace(None);
    if was_taken && !is_told(world, agent, chat).await {
        world.ledger.broken(format!("Agent {agent} is not told that chat {chat} was taken from them."));
    }
    was_taken || !in_time
}

/// Whether who came back finds the chat among those that were taken.
async fn is_told(world: &World, agent: u64, chat: i64) -> bool {
    let session = &world.sessions[agent as usize - 1];
    let identity = ("cookie", format!("frontdesk_session={session}"));
    let caller = Caller { addr: world.addr, identity, ip: format!("192.0.2.{agent}") };
    let began = Instant::now();
    while began.elapsed() < TOLD_WITHIN {
        if let Ok((200, me)) = caller.call("/api/agent/me", &json!({})).await {
            let released = me["released"].as_array();
            return released.is_some_and(|taken| taken.iter().any(|taken| taken["chat"] == chat));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    false
}

/// Who answers the chat now, as far as is seen.
fn owner(view: &View) -> Option<u64> {
    let change = |event: &&Value| matches!(event["body"]["type"].as_str(), Some("accepted" | "released" | "ended"));
    let last = view.events.iter().rev().find(change)?;
    (last["body"]["type"] == "accepted").then(|| last["by"]["agent"]["id"].as_u64()).flatten()
}

fn has(view: &View, kind: &str) -> bool {
    view.events.iter().any(|event| event["body"]["type"] == kind)
}
