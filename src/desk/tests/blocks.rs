use super::*;
use crate::model::block::BLOCK_MS;
use crate::model::chat::{Actor, Context, commit};
use crate::store::{Decision, Target, Transact};
use futures::FutureExt as _;

fn from(ip: &str) -> Connection {
    Connection { ip: ip.into(), user_agent: String::new() }
}

async fn start_from(house: &House, visitor: VisitorId, ip: &str) -> Result<ChatId, ApiError> {
    house.reception.get_or_init(|| house.sit_down("reception@example.com")).await;
    house.desk.visitor_command(visitor, from(ip), None, id(), start("")).await.map(|ack| ack.chat)
}

async fn block(house: &House, chat: ChatId, address: bool) {
    let agent = house.agent(&format!("g{chat}@example.com")).await;
    let command = Command::Block { reason: "Insults".into(), address };
    house.desk.agent_command(&agent, chat, id(), command).await.unwrap();
}

fn is_blocked(answer: &Result<ChatId, ApiError>) -> bool {
    matches!(answer, Err(ApiError::Refused { refusal: Refusal::Blocked { until } }) if *until > now() + BLOCK_MS - 60_000)
}

#[tokio::test]
async fn a_blocked_visitor_is_kept_out_at_every_door() {
    let house = house().await;
    let token = crate::auth::token::new_token().unwrap();
    let eve = house.desk.ensure_visitor(&token, "::1").await.unwrap();
    let chat = start_from(&house, eve, "192.0.2.9").await.unwrap();
    let viewer = Viewer::Visitor(eve);
    let (connection, _queue) = house.desk.hub().connect(viewer.clone());
    house.desk.hub().follow(&connection, chat);
    assert!(!house.desk.is_blocked(&viewer, "192.0.2.9"));

    block(&house, chat, false).await;
    assert!(is_blocked(&start_from(&house, eve, "192.0.2.9").await));
    let sent = house.desk.visitor_command(eve, from("198.51.100.1"), Some(chat), id(), send("hey")).await;
    assert!(matches!(sent, Err(ApiError::Refused { refusal: Refusal::Blocked { .. } })));
    let rated = Command::Rate { helpful: false, comment: String::new() };
    assert!(house.desk.visitor_command(eve, from("198.51.100.1"), Some(chat), id(), rated).await.is_err());
    assert!(house.desk.is_blocked(&viewer, "198.51.100.1"));
    // The open socket is told to look, and then is not welcome any more.
    tokio::time::timeout(std::time::Duration::from_secs(5), connection.revoked.notified()).await.unwrap();
    let text = RichText::from_typed("Let me in");
    let nobody = crate::model::identity::Introduction::default();
    let left =
        house.desk.leave_message(Some(eve), &from("::1"), &nobody, id(), "Eve", "eve@example.com", None, text).await;
    assert!(matches!(left, Err(ApiError::Refused { refusal: Refusal::Blocked { .. } })));
    // Others at the same address are welcome.
    let ada = house.visitor(1).await;
    assert!(start_from(&house, ada, "192.0.2.9").await.is_ok());
}

#[tokio::test]
async fn a_block_takes_effect_also_when_whoever_gave_it_has_hung_up() {
    let house = house().await;
    let eve = house.visitor(1).await;
    let chat = start_from(&house, eve, "192.0.2.9").await.unwrap();
    let (connection, _queue) = house.desk.hub().connect(Viewer::Visitor(eve));
    house.desk.hub().follow(&connection, chat);
    let agent = house.agent("grace@example.com").await;
    let command = Command::Block { reason: "Insults".into(), address: false };
    // The writer has the command, and nobody waits for its answer.
    assert!(house.desk.agent_command(&agent, chat, id(), command).now_or_never().is_none());
    tokio::time::timeout(std::time::Duration::from_secs(5), connection.revoked.notified()).await.unwrap();
    assert!(is_blocked(&start_from(&house, eve, "192.0.2.9").await));
}

#[tokio::test]
async fn a_chat_that_waited_for_the_writer_while_its_visitor_was_blocked_ends_also_when_the_visitor_has_hung_up() {
    let house = house().await;
    let eve = house.visitor(1).await;
    let chat = start_from(&house, eve, "192.0.2.9").await.unwrap();
    // What the rules may know was looked up before the block, and is committed after it, with nobody waiting.
    let context = Context::new(Actor::Visitor(eve), now(), id());
    block(&house, chat, false).await;
    let transact = Transact {
        target: Target::New(eve),
        command: context.command,
        actor: context.actor.clone(),
        decide: Box::new(move |chat| {
            Ok(Decision { events: commit(chat, start(""), &context)?, ..Decision::default() })
        }),
    };
    let slipped_in = house.desk.store().transact(transact).await.unwrap().chat;
    let ended = async {
        while house.desk.store().chat(slipped_in).await.unwrap().unwrap().status.is_live() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(5), ended).await.unwrap();
}

#[tokio::test]
async fn a_chat_that_waits_ends_in_the_name_of_the_agent_whose_block_it_is() {
    let house = house().await;
    let (eve, mallory, other) = (house.visitor(1).await, house.visitor(2).await, house.visitor(3).await);
    let earlier = start_from(&house, eve, "192.0.2.9").await.unwrap();
    block(&house, earlier, false).await;
    let chat = start_from(&house, mallory, "198.51.100.1").await.unwrap();
    let waiting = start_from(&house, other, "198.51.100.1").await.unwrap();
    block(&house, chat, true).await;
    let by = async |chat, wanted: fn(&EventBody) -> bool| {
        let events = house.desk.store().events(chat, Audience::Agents, 0, 100).await.unwrap();
        events.into_iter().find(|event| wanted(&event.body)).unwrap().by
    };
    let blocked = by(chat, |body| matches!(body, EventBody::Blocked { .. })).await;
    assert_eq!(by(waiting, |body| *body == EventBody::Ended).await, blocked);
}

#[tokio::test]
async fn an_address_that_is_blocked_too_stops_everybody_there_and_nobody_elsewhere() {
    let house = house().await;
    let (eve, ada, bob) = (house.visitor(1).await, house.visitor(2).await, house.visitor(3).await);
    let chat = start_from(&house, eve, "2001:db8:1:2::5").await.unwrap();
    block(&house, chat, true).await;
    assert!(is_blocked(&start_from(&house, ada, "2001:db8:1:2:ffff::9").await), "the same /64");
    assert!(start_from(&house, bob, "2001:db8:1:3::5").await.is_ok());
    assert!(is_blocked(&start_from(&house, eve, "203.0.113.1").await), "the visitor, wherever they are");
}

#[tokio::test]
async fn the_last_address_is_the_one_of_the_latest_connection() {
    let house = house().await;
    let token = crate::auth::token::new_token().unwrap();
    let eve = house.desk.ensure_visitor(&token, "192.0.2.9").await.unwrap();
    let chat = start_from(&house, eve, "192.0.2.9").await.unwrap();
    house.desk.identify(Some(&token), None, "198.51.100.7").await.unwrap();
    block(&house, chat, true).await;
    assert!(house.desk.blocked_until(None, "198.51.100.7").is_some());
    assert!(house.desk.blocked_until(None, "192.0.2.9").is_none());
}

#[tokio::test]
async fn a_block_is_listed_with_who_and_why_and_can_be_lifted() {
    let house = house().await;
    let eve = house.visitor(1).await;
    let chat = start_from(&house, eve, "192.0.2.9").await.unwrap();
    block(&house, chat, true).await;
    let plain = house.agent("plain@example.com").await;
    let refused = house.desk.agent_command(&plain, chat, id(), Command::LiftBlock).await;
    assert_eq!(refused, Err(ApiError::NotAllowed), "lifting is for admins");
    let mut admin = house.agent("admin@example.com").await;
    admin.role = Role::Admin;
    let listed = house.desk.blocks(None).await.unwrap();
    let [only] = &listed[..] else { panic!("one block, but {}", listed.len()) };
    assert_eq!((only.reason.as_str(), only.by.name.as_str(), only.chat), ("Insults", "Grace", chat));
    assert_eq!(only.address.as_deref(), Some("192.0.2.9"));
    house.desk.lift_block(&admin, only.id, id()).await.unwrap();
    assert!(start_from(&house, eve, "192.0.2.9").await.is_ok());
    let listed = house.desk.blocks(None).await.unwrap();
    assert_eq!(listed[0].lifted.as_ref().map(|(by, _)| by.id), Some(admin.id));
    let log = house.desk.store().events(chat, Audience::Agents, 0, 100).await.unwrap();
    assert!(log.iter().any(|event| event.body == EventBody::BlockLifted), "a line stays in the chat");
}

#[tokio::test]
async fn others_at_a_blocked_address_do_not_leave_an_agent_waiting() {
    let house = house().await;
    let (eve, ada, bob) = (house.visitor(1).await, house.visitor(2).await, house.visitor(3).await);
    let hers = start_from(&house, ada, "192.0.2.9").await.unwrap();
    let elsewhere = start_from(&house, bob, "192.0.2.10").await.unwrap();
    let chat = start_from(&house, eve, "192.0.2.9").await.unwrap();
    block(&house, chat, true).await;
    assert_eq!(house.desk.live_chat_of(ada).await.unwrap(), None, "chat {hers} has ended");
    assert_eq!(house.desk.live_chat_of(bob).await.unwrap(), Some(elsewhere));
}

#[tokio::test]
async fn a_block_of_an_unknown_address_says_so() {
    let house = house().await;
    let eve = house.visitor(1).await;
    let chat = house.chat(eve, "").await;
    let agent = house.agent("g@example.com").await;
    let command = Command::Block { reason: "Insults".into(), address: true };
    assert_eq!(house.desk.agent_command(&agent, chat, id(), command).await, Err(Refusal::AddressNotKnown.into()));
}
