//! Stories of two nodes with one database. Each remembers chats as it last saw them; whatever it believes, the database lets
//! one of two win. Who loses has stored nothing, and repeats the command, as every client does.
//!
//! Of SQLite's file the product lets one server have hold (`operations/lock.rs`). Where its locks do not hold, as on some
//! network disks, these rules still do.

use super::{Bench, fresh_id, send, start, stories};
use crate::model::agent::{AgentRef, Role};
use crate::model::chat::{Ack, Actor, Audience, Chat, Command, Event, EventBody, Status};
use crate::model::error::Refusal;
use crate::model::ids::{ChatId, CommandId, VisitorId};
use crate::store::{Lease, Target, TransactError};
use std::collections::BTreeSet;

stories!(
    a_command_that_comes_to_both_nodes_is_in_the_log_once_with_one_answer,
    of_two_nodes_that_decide_on_one_state_one_stores_nothing_and_decides_again,
    who_loses_takes_nobody_else_in_its_batch_along,
    a_visitor_who_starts_on_both_nodes_has_one_chat,
    of_two_agents_on_two_nodes_one_gets_the_chat_and_the_lease,
    a_chat_is_taken_by_one_of_two_nodes,
    who_is_seen_by_one_node_loses_nothing_to_the_other,
    a_job_is_leased_by_one_of_two_nodes,
    numbers_of_tickets_are_given_by_one_of_two_nodes,
);

/// Says something through a node, so that it remembers the chat.
async fn says(node: &Bench, visitor: VisitorId, chat: ChatId, id: CommandId) -> Result<Ack, TransactError> {
    node.give(Target::Existing(chat), Actor::Visitor(visitor), id, send("text")).await
}

/// Repeats the command when the node has lost with it.
async fn insists(node: &Bench, visitor: VisitorId, chat: ChatId, id: CommandId) -> Ack {
    match says(node, visitor, chat, id).await {
        Err(TransactError::Store(_)) => says(node, visitor, chat, id).await.unwrap(),
        answer => answer.unwrap(),
    }
}

fn has_lost(answer: &Result<Ack, TransactError>) -> bool {
    matches!(answer, Err(TransactError::Store(_)))
}

async fn log(node: &Bench, chat: ChatId) -> Vec<Event> {
    let log = node.store.events(chat, Audience::Agents, 0, 1_000).await.unwrap();
    assert!(log.iter().enumerate().all(|(i, event)| event.seq == i as i64 + 1), "a gap: {log:?}");
    let mut fold = Chat::new(chat);
    log.iter().for_each(|event| fold.apply(event));
    assert_eq!(node.store.chat(chat).await.unwrap(), Some(fold));
    log
}

fn count(log: &[Event], wanted: impl Fn(&EventBody) -> bool) -> usize {
    log.iter().filter(|event| wanted(&event.body)).count()
}

async fn a_command_that_comes_to_both_nodes_is_in_the_log_once_with_one_answer(one: Bench) {
    let other = one.another_node().await;
    let (visitor, chat) = one.waiting_chat(1).await;
    for _ in 0..10 {
        let id = fresh_id();
        let (a, b) = tokio::join!(insists(&one, visitor, chat, id), insists(&other, visitor, chat, id));
        assert_eq!(a, b);
    }
    assert_eq!(count(&log(&one, chat).await, |body| matches!(body, EventBody::Message { .. })), 1 + 10);
    let announced = one.commits.lock().await.len() + other.commits.lock().await.len();
    assert_eq!(announced, 1 + 10, "each is announced once, by the node that stored it");
}

async fn of_two_nodes_that_decide_on_one_state_one_stores_nothing_and_decides_again(one: Bench) {
    let other = one.another_node().await;
    let (visitor, chat) = one.waiting_chat(1).await;
    says(&other, visitor, chat, fresh_id()).await.unwrap();
    for (quicker, slower) in [(&one, &other), (&other, &one), (&one, &other)] {
        // The slower one still believes what the quicker one has changed meanwhile.
        let won = insists(quicker, visitor, chat, fresh_id()).await;
        let id = fresh_id();
        assert!(has_lost(&says(slower, visitor, chat, id).await));
        assert_eq!(log(slower, chat).await.len() as i64, won.seq, "nothing of it is stored");
        assert_eq!(says(slower, visitor, chat, id).await.unwrap().seq, won.seq + 1);
    }
    log(&one, chat).await;
}

async fn who_loses_takes_nobody_else_in_its_batch_along(one: Bench) {
    let other = one.another_node().await;
    let (ada, contested) = one.waiting_chat(1).await;
    let (bob, quiet) = one.waiting_chat(2).await;
    for (visitor, chat) in [(ada, contested), (bob, quiet)] {
        says(&other, visitor, chat, fresh_id()).await.unwrap();
    }
    insists(&one, ada, contested, fresh_id()).await;
    // Given together, they come into one transaction, and that is rolled back.
    let given = [(bob, quiet), (ada, contested), (bob, quiet)].map(|(who, chat)| says(&other, who, chat, fresh_id()));
    for answer in futures::future::join_all(given).await {
        answer.unwrap();
    }
    let said = |log: &[Event]| count(log, |body| matches!(body, EventBody::Message { .. }));
    assert_eq!([said(&log(&one, contested).await), said(&log(&one, quiet).await)], [4, 4]);
}

async fn a_visitor_who_starts_on_both_nodes_has_one_chat(one: Bench) {
    let other = one.another_node().await;
    for number in 1..=5 {
        let visitor = one.visitor(number).await;
        assert_eq!(other.visitor(number).await, visitor);
        let begin = async |node: &Bench| {
            node.give(Target::New(visitor), Actor::Visitor(visitor), fresh_id(), start("Hi")).await
        };
        let (a, b) = tokio::join!(begin(&one), begin(&other));
        let (won, lost) = if a.is_ok() { (a, b) } else { (b, a) };
        let chat = won.unwrap().chat;
        assert!(
            matches!(lost, Err(TransactError::Refused(Refusal::AlreadyChatting { chat: live })) if live == chat),
            "{lost:?}"
        );
    }
}

async fn accept(node: &Bench, chat: ChatId, agent: &AgentRef) -> Result<Ack, TransactError> {
    let lease = Lease::Granted { agent: agent.id, until: 5_000 };
    node.give_leased(chat, Actor::Agent(agent.clone()), 1_000, Command::Accept, lease).await
}

async fn of_two_agents_on_two_nodes_one_gets_the_chat_and_the_lease(one: Bench) {
    let other = one.another_node().await;
    let [a, b] = [one.agent("a@x.de", Role::Agent).await, one.agent("b@x.de", Role::Agent).await];
    let (visitor, chat) = one.waiting_chat(1).await;
    // From here on both remember it as waiting.
    says(&other, visitor, chat, fresh_id()).await.unwrap();
    insists(&one, visitor, chat, fresh_id()).await;
    accept(&one, chat, &a).await.unwrap();
    assert!(has_lost(&accept(&other, chat, &b).await), "it decided on a chat that waits");
    assert_eq!(one.lapsed(i64::MAX).await, [a.id], "with its event its lease is not stored either");
    let refused = accept(&other, chat, &b).await;
    assert!(
        matches!(&refused, Err(TransactError::Refused(Refusal::AcceptedBy { by })) if *by == a.name),
        "{refused:?}"
    );
    assert_eq!(count(&log(&one, chat).await, |body| *body == EventBody::Accepted), 1);
}

async fn a_chat_is_taken_by_one_of_two_nodes(one: Bench) {
    let other = one.another_node().await;
    let a = one.agent("a@x.de", Role::Agent).await;
    let chat = one.open_chat(1, &a, 2_000).await;
    // The round of each node finds it, at one time.
    let (_, _) = tokio::join!(one.take(chat, a.id, 3_000), other.take(chat, a.id, 3_000));
    // And the next.
    for node in [&one, &other] {
        node.take(chat, a.id, 3_000).await.unwrap();
    }
    let log = log(&one, chat).await;
    assert_eq!(count(&log, |body| matches!(body, EventBody::Released { .. })), 1);
    assert_eq!(one.store.released_chats(a.id, 10).await.unwrap().len(), 1, "and its agent is told of it once");
}

async fn who_is_seen_by_one_node_loses_nothing_to_the_other(one: Bench) {
    let other = one.another_node().await;
    let a = one.agent("a@x.de", Role::Agent).await;
    let chat = one.open_chat(1, &a, 2_000).await;
    assert_eq!(other.lapsed(3_000).await, [a.id], "the other node finds the lease that has run out");
    one.store.renew_leases(&[a.id], 9_000).await.unwrap();
    other.take(chat, a.id, 3_000).await.unwrap();
    assert_eq!(one.store.chat(chat).await.unwrap().unwrap().status, Status::Open, "the agent is there");
    log(&other, chat).await;
}

async fn a_job_is_leased_by_one_of_two_nodes(one: Bench) {
    let other = one.another_node().await;
    let (visitor, chat) = one.waiting_chat(1).await;
    let jobs = (0..20).map(|number| format!("job {number}")).collect();
    let (target, actor) = (Target::Existing(chat), Actor::Visitor(visitor));
    one.give_with_jobs(target, actor, fresh_id(), Command::End, jobs).await.unwrap();
    let mut leased = Vec::new();
    for _ in 0..3 {
        let lease = |node: &Bench| {
            let store = node.store.clone();
            async move { store.lease_jobs(1_000, 5_000, 4).await.unwrap() }
        };
        let (a, b) = tokio::join!(lease(&one), lease(&other));
        leased.extend([a, b].concat().into_iter().map(|job| job.dedup));
    }
    assert_eq!(leased.len(), 20);
    assert_eq!(leased.into_iter().collect::<BTreeSet<_>>().len(), 20);
}

async fn numbers_of_tickets_are_given_by_one_of_two_nodes(one: Bench) {
    let other = one.another_node().await;
    let mut given = BTreeSet::new();
    for _ in 0..10 {
        let (a, b) = tokio::join!(one.store.next_ticket(), other.store.next_ticket());
        given.extend([a.unwrap(), b.unwrap()]);
    }
    assert_eq!(given.len(), 20);
}
