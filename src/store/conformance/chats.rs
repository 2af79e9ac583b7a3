//! Stories of chats.

use super::{Bench, agent, fresh_id, send, start, stories};
use crate::model::agent::Role;
use crate::model::chat::{Actor, Audience, Chat, Command, EventBody, Status};
use crate::model::error::Refusal;
use crate::model::ids::{AgentId, ChatId};
use crate::store::{List, Page, Target, TransactError};

stories!(
    what_is_acknowledged_can_be_read,
    a_command_given_twice_is_carried_out_once_and_answered_alike,
    a_command_id_of_somebody_else_is_refused,
    a_visitor_has_one_live_chat_at_a_time,
    of_many_who_accept_at_once_exactly_one_wins,
    commands_given_together_are_all_stored_in_order,
    the_projection_is_the_fold_of_the_log,
    a_visitor_is_never_given_what_is_for_agents,
    lists_are_paged_from_the_latest_change_back,
    the_earlier_chats_of_a_visitor_are_theirs_alone,
    unknown_chats_are_not_found,
);

async fn what_is_acknowledged_can_be_read(bench: Bench) {
    let (visitor, chat) = bench.waiting_chat(1).await;
    let ack = bench.give(Target::Existing(chat), Actor::Visitor(visitor), fresh_id(), send("Anybody?")).await.unwrap();
    let events = bench.store.events(chat, Audience::Agents, 0, 100).await.unwrap();
    assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert_eq!(events.last().unwrap().seq, ack.seq);
    assert_eq!(bench.store.latest_chat_of(visitor).await.unwrap(), Some((chat, Status::Waiting)));
    let mut commits = bench.commits.lock().await;
    assert_eq!(commits.try_recv().unwrap().events.len(), 4);
    let second = commits.try_recv().unwrap();
    assert_eq!((second.events[0].seq, second.prev_public), (5, 4));
}

async fn a_command_given_twice_is_carried_out_once_and_answered_alike(bench: Bench) {
    let visitor = bench.visitor(1).await;
    let id = fresh_id();
    let first = bench.give(Target::New(visitor), Actor::Visitor(visitor), id, start("Hi")).await.unwrap();
    let again = bench.give(Target::New(visitor), Actor::Visitor(visitor), id, start("Hi")).await.unwrap();
    assert_eq!(first, again);

    let (id, target) = (fresh_id(), Target::Existing(first.chat));
    let (a, b) = tokio::join!(
        bench.give(target, Actor::Visitor(visitor), id, send("once")),
        bench.give(target, Actor::Visitor(visitor), id, send("once")),
    );
    assert_eq!(a.unwrap(), b.unwrap());
    bench.give(target, Actor::Visitor(visitor), fresh_id(), Command::End).await.unwrap();
    let late = bench.give(target, Actor::Visitor(visitor), id, send("once")).await;
    assert!(late.is_ok(), "also when a new message would be refused by now");

    let events = bench.store.events(first.chat, Audience::Agents, 0, 100).await.unwrap();
    let texts = events.iter().filter(|event| matches!(event.body, EventBody::Message { .. })).count();
    assert_eq!(texts, 2);
    assert_eq!(bench.commits.lock().await.len(), 3, "a repeated command is not announced again");
}

async fn a_command_id_of_somebody_else_is_refused(bench: Bench) {
    let (one, chat) = bench.waiting_chat(1).await;
    let (two, other) = bench.waiting_chat(2).await;
    let id = fresh_id();
    bench.give(Target::Existing(chat), Actor::Visitor(one), id, send("mine")).await.unwrap();
    for (target, actor) in [
        (Target::Existing(other), Actor::Visitor(two)),
        (Target::Existing(chat), Actor::Visitor(two)),
        (Target::Existing(chat), agent(1)),
        (Target::New(two), Actor::Visitor(two)),
    ] {
        let answer = bench.give(target, actor, id, send("mine")).await;
        assert!(matches!(answer, Err(TransactError::Refused(Refusal::CommandReused))), "{answer:?}");
    }
}

async fn a_visitor_has_one_live_chat_at_a_time(bench: Bench) {
    let visitor = bench.visitor(1).await;
    let begin = || bench.give(Target::New(visitor), Actor::Visitor(visitor), fresh_id(), start("Hi"));
    let (a, b) = tokio::join!(begin(), begin());
    let (won, lost) = if a.is_ok() { (a, b) } else { (b, a) };
    let chat = won.unwrap().chat;
    assert!(matches!(lost, Err(TransactError::Refused(Refusal::AlreadyChatting { chat: live })) if live == chat));
    bench.give(Target::Existing(chat), Actor::Visitor(visitor), fresh_id(), Command::End).await.unwrap();
    assert!(begin().await.unwrap().chat > chat);
}

async fn of_many_who_accept_at_once_exactly_one_wins(bench: Bench) {
    let owner = bench.agent("a@example.com", Role::Agent).await.id;
    let (_, chat) = bench.waiting_chat(1).await;
    let rival = AgentId(owner.0 + 1);
    let answers = futures::future::join_all((0..8).map(|i| {
        let who = if i % 2 == 0 { owner } else { rival };
        bench.give(Target::Existing(chat), agent(who.0), fresh_id(), Command::Accept)
    }))
    .await;
    // The first in the queue wins, in all of that agent's windows; the other is told who, each time.
    for (i, answer) in answers.into_iter().enumerate() {
        match answer {
            Ok(_) => assert_eq!(i % 2, 0),
            Err(TransactError::Refused(Refusal::AcceptedBy { by })) => assert_eq!((i % 2, by.as_str()), (1, "Agent 1")),
            Err(other) => panic!("{other}"),
        }
    }
    let events = bench.store.events(chat, Audience::Agents, 0, 100).await.unwrap();
    assert_eq!(events.iter().filter(|event| event.body == EventBody::Accepted).count(), 1);
}

async fn commands_given_together_are_all_stored_in_order(bench: Bench) {
    let mut chats = Vec::new();
    for number in 1..=5 {
        chats.push(bench.waiting_chat(number).await);
    }
    let sends = (0..200).map(|i| {
        let (visitor, chat) = chats[i % 5];
        bench.give(Target::Existing(chat), Actor::Visitor(visitor), fresh_id(), send(&format!("message {i}")))
    });
    let acks = futures::future::join_all(sends).await;
    for (i, ack) in acks.into_iter().enumerate() {
        let ack = ack.unwrap();
        let events = bench.store.events(ack.chat, Audience::Visitor, ack.seq - 1, 1).await.unwrap();
        let EventBody::Message { text, .. } = &events[0].body else { panic!("not a message: {:?}", events[0]) };
        assert_eq!(text.to_plain(), format!("message {i}"));
    }
    for (_, chat) in chats {
        let events = bench.store.events(chat, Audience::Agents, 0, 1_000).await.unwrap();
        assert_eq!(events.len(), 44);
        assert!(events.iter().enumerate().all(|(i, event)| event.seq == i as i64 + 1));
    }
}

async fn the_projection_is_the_fold_of_the_log(bench: Bench) {
    let owner = bench.agent("a@example.com", Role::Agent).await.id;
    let (visitor, chat) = bench.waiting_chat(1).await;
    let target = Target::Existing(chat);
    for (actor, command) in [
        (agent(owner.0), Command::Dismiss),
        (agent(owner.0), Command::Accept),
        (agent(owner.0), send("Hello")),
        (Actor::Visitor(visitor), Command::MarkRead { up_to: 100 }),
        (Actor::Visitor(visitor), Command::ViewPage { page: Default::default() }),
        (Actor::Visitor(visitor), send("Thanks")),
        (Actor::Visitor(visitor), Command::End),
    ] {
        bench.give(target, actor, fresh_id(), command).await.unwrap();
        let mut fold = Chat::new(chat);
        for event in bench.store.events(chat, Audience::Agents, 0, 100).await.unwrap() {
            fold.apply(&event);
        }
        assert_eq!(bench.store.chat(chat).await.unwrap(), Some(fold));
    }
}

async fn a_visitor_is_never_given_what_is_for_agents(bench: Bench) {
    let (visitor, chat) = bench.waiting_chat(1).await;
    let page = Command::ViewPage { page: Default::default() };
    bench.give(Target::Existing(chat), Actor::Visitor(visitor), fresh_id(), page).await.unwrap();
    bench.give(Target::Existing(chat), Actor::Visitor(visitor), fresh_id(), send("still here")).await.unwrap();
    let seen = bench.store.events(chat, Audience::Visitor, 0, 100).await.unwrap();
    assert_eq!(seen.iter().map(|event| event.seq).collect::<Vec<_>>(), [1, 4, 6]);
    assert!(seen.iter().all(|event| event.body.is_for(Audience::Visitor)));
    let page = bench.store.events(chat, Audience::Visitor, 1, 1).await.unwrap();
    assert_eq!(page[0].seq, 4);
}

async fn lists_are_paged_from_the_latest_change_back(bench: Bench) {
    let mut chats = Vec::new();
    for number in 1..=7 {
        chats.push(bench.waiting_chat(number).await.1);
    }
    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let page = bench.store.rows(List::Live, Page { before, limit: 3 }).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some((last.updated_at, last.id));
        seen.extend(page.into_iter().map(|row| row.id));
    }
    chats.reverse();
    assert_eq!(seen, chats);
    assert_eq!(bench.store.rows(List::Waiting, Page { before: None, limit: 50 }).await.unwrap().len(), 7);
    assert!(bench.store.rows(List::Ended, Page { before: None, limit: 50 }).await.unwrap().is_empty());
    assert!(bench.store.rows(List::Mine(AgentId(1)), Page { before: None, limit: 50 }).await.unwrap().is_empty());
}

async fn the_earlier_chats_of_a_visitor_are_theirs_alone(bench: Bench) {
    let mut own = Vec::new();
    for _ in 0..4 {
        let (visitor, chat) = bench.waiting_chat(1).await;
        bench.give(Target::Existing(chat), Actor::Visitor(visitor), fresh_id(), Command::End).await.unwrap();
        bench.waiting_chat(own.len() as u8 + 2).await;
        own.push((visitor, chat));
    }
    let (visitor, last) = own.pop().unwrap();
    let earlier = bench.store.chats_of(visitor, last, 2).await.unwrap();
    assert_eq!(earlier.iter().map(|row| row.id).collect::<Vec<_>>(), [own[2].1, own[1].1]);
    let first = bench.store.chats_of(visitor, own[1].1, 2).await.unwrap();
    assert_eq!(first.iter().map(|row| row.id).collect::<Vec<_>>(), [own[0].1]);
}

async fn unknown_chats_are_not_found(bench: Bench) {
    assert_eq!(bench.store.chat(ChatId(99)).await.unwrap(), None);
    let answer = bench.give(Target::Existing(ChatId(99)), agent(1), fresh_id(), send("Hi")).await;
    assert!(matches!(answer, Err(TransactError::NoSuchChat)));
}

#[tokio::test]
async fn what_is_asked_whether_it_can_be_written_says_so_as_often_as_asked() {
    let bench = Bench::sqlite().await;
    for _ in 0..3 {
        bench.store.check().await.unwrap();
    }
}
