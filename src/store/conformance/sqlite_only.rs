//! What holds for the SQLite file alone.

use super::{Bench, fresh_id, send};
use crate::model::chat::{Actor, Audience, Chat, Command};
use crate::model::ids::{AgentId, ChatId, TicketId};
use crate::store::sqlite::{SqliteReader, SqliteStore};
use crate::store::{
    ChatStore as _, LeaseStore as _, OutboxStore as _, PeopleStore as _, SettingsStore as _, StoreError, Target,
    TicketStore as _, TransactError,
};
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use std::task::Poll;
use tokio::sync::mpsc;

#[tokio::test]
async fn a_full_disk_acknowledges_nothing_and_goes_on_when_there_is_room() {
    let (bench, store) = Bench::sqlite_with_store().await;
    let (visitor, chat) = bench.waiting_chat(1).await;
    let before = bench.store.events(chat, Audience::Agents, 0, 10_000).await.unwrap();
    store.limit_pages(1).await;
    let mut refused = 0;
    let big = "x".repeat(9_000);
    for _ in 0..5 {
        match bench.give(Target::Existing(chat), Actor::Visitor(visitor), fresh_id(), send(&big)).await {
            Err(TransactError::Store(StoreError::NotWritable(_))) => refused += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(refused, 5);
    assert_eq!(bench.store.events(chat, Audience::Agents, 0, 10_000).await.unwrap(), before);
    store.limit_pages(1_000_000).await;
    bench.give(Target::Existing(chat), Actor::Visitor(visitor), fresh_id(), send("room again")).await.unwrap();
    let state = bench.store.chat(chat).await.unwrap().unwrap();
    assert_eq!((state.messages, state.last_seq), (2, before.len() as i64 + 1), "nothing of what was refused is left");
}

#[tokio::test]
async fn a_batch_that_is_rolled_back_leaves_no_trace_in_what_follows() {
    let (bench, store) = Bench::sqlite_with_store().await;
    let (visitor, chat) = bench.waiting_chat(1).await;
    store.limit_pages(1).await;
    // Small ones find room in half-full pages, a big one does not, and takes its whole batch with it.
    let big = "x".repeat(9_000);
    let texts = ["a", "b", &big, "c", "d", &big, "e"];
    let given = texts.map(|text| bench.give(Target::Existing(chat), Actor::Visitor(visitor), fresh_id(), send(text)));
    let answers = futures::future::join_all(given).await;
    let stored: Vec<&str> =
        texts.into_iter().zip(&answers).filter(|(_, answer)| answer.is_ok()).map(|(text, _)| text).collect();
    assert_eq!(stored, ["a", "b", "c", "d", "e"]);
    let log = bench.store.events(chat, Audience::Agents, 0, 100).await.unwrap();
    assert!(log.iter().enumerate().all(|(i, event)| event.seq == i as i64 + 1), "a gap: {log:?}");
    let mut fold = Chat::new(chat);
    log.iter().for_each(|event| fold.apply(event));
    assert_eq!(bench.store.chat(chat).await.unwrap(), Some(fold));
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_opening_the_file_again() {
    let bench = Bench::sqlite().await;
    let (_, chat) = bench.waiting_chat(1).await;
    let path = bench.directory.path().join("test.db");
    let (sender, _commits) = mpsc::channel(10);
    let again = SqliteStore::open(&path, sender).await.unwrap();
    assert_eq!(again.events(chat, Audience::Agents, 0, 10).await.unwrap().len(), 4);
}

#[tokio::test]
async fn a_database_of_a_newer_frontdesk_is_refused_with_a_sentence() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("test.db");
    let (sender, _commits) = mpsc::channel(10);
    let store = SqliteStore::open(&path, sender.clone()).await.unwrap();
    store.pretend_newer(9_999).await;
    store.close().await;
    let error = SqliteStore::open(&path, sender).await.expect_err("a refusal");
    assert!(matches!(error, StoreError::NewerSchema { found: 9_999, .. }), "{error}");
    assert!(error.to_string().contains("newer Frontdesk"));
}

#[tokio::test]
async fn what_is_no_database_is_refused_with_a_sentence() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("test.db");
    std::fs::write(&path, "these are not the pages you are looking for, by far not".repeat(50)).unwrap();
    let (sender, _commits) = mpsc::channel(10);
    let error = SqliteStore::open(&path, sender).await.expect_err("a refusal");
    assert!(error.to_string().contains("cannot be opened"), "{error}");
}

#[tokio::test]
async fn who_gives_up_waiting_for_the_lock_leaves_nothing_behind() {
    let bench = Bench::sqlite().await;
    let (visitor, chat) = bench.waiting_chat(1).await;
    let other = sqlx::sqlite::SqliteConnectOptions::new().filename(bench.directory.path().join("test.db"));
    let mut other = sqlx::ConnectOptions::connect(&other).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let gave_up = tokio::time::timeout(std::time::Duration::from_millis(50), bench.store.check()).await;
    assert!(gave_up.is_err(), "the lock is held by another process");
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    for text in ["one", "two"] {
        bench.give(Target::Existing(chat), Actor::Visitor(visitor), fresh_id(), send(text)).await.unwrap();
    }
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.expect("nobody holds the lock any more");
}

#[tokio::test]
async fn a_chat_that_finds_no_room_to_end_in_goes_on_and_ends_later() {
    let (bench, store) = Bench::sqlite_with_store().await;
    let (visitor, chat) = bench.waiting_chat(1).await;
    let words: String = (0..1_500).map(|i| format!("w{i} ")).collect();
    for _ in 0..3 {
        bench.give(Target::Existing(chat), Actor::Visitor(visitor), fresh_id(), send(&words)).await.unwrap();
    }
    let before = store.chat(chat).await.unwrap();
    store.limit_pages(1).await;
    let end = || bench.give(Target::Existing(chat), Actor::Visitor(visitor), fresh_id(), Command::End);
    // What search is given is large, and written when the transaction is committed.
    assert!(matches!(end().await, Err(TransactError::Store(StoreError::NotWritable(_)))));
    assert_eq!(store.chat(chat).await.unwrap(), before);
    store.limit_pages(1_000_000).await;
    assert!(store.search("w1499", None, 10).await.unwrap().is_empty());
    end().await.unwrap();
    assert_eq!(store.search("w1499", None, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_file_of_the_first_frontdesk_is_brought_up_to_date_and_its_ended_chats_are_found() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("test.db");
    let first = SqliteStore::create_as_of(&path, 1).await;
    for row in [
        "agents (id, email, name, role, password_hash, created_at) VALUES (1, 'a@x.de', 'Eve', 'admin', 'hash', 1)",
        "departments (id, name) VALUES (1, 'Sales')",
        "visitors (id, token_hash, created_at) VALUES (1, zeroblob(32), 1)",
        "outbox (kind, payload, dedup, due_at, created_at) VALUES ('transcript', '{}', 'old', 1, 1)",
    ] {
        sqlx::query(sqlx::AssertSqlSafe(format!("INSERT INTO {row}"))).execute(&first).await.unwrap();
    }
    let asked = r#"["visitor",{"type":"message","text":
        [{"paragraph":"Do you ship"},{"paragraph":"a \u0001lamp\u0002 \"to go\"?\nThanks"}]}]"#;
    let answered = r#"[{"agent":{"id":1,"name":"Eve"}},{"type":"message","text":[{"paragraph":"To Ireland, yes."}]}]"#;
    first_chat(&first, 1, "ended", "\"Ada\"", &[asked, answered]).await;
    first_chat(&first, 2, "ended", "null", &[]).await;
    first_chat(&first, 3, "waiting", "\"Ada\"", &[asked, answered]).await;
    sqlx::query("UPDATE chats SET status = 'open', agent_id = 1 WHERE id = 3").execute(&first).await.unwrap();
    first.close().await;

    let (sender, _commits) = mpsc::channel(10);
    let store = SqliteStore::open(&path, sender).await.unwrap();
    let found = store.search("lamp irel", None, 10).await.unwrap();
    assert_eq!(found.iter().map(|found| found.row.id).collect::<Vec<_>>(), [ChatId(1)], "the open one is not");
    assert_eq!(found[0].snippet, "Do you ship\na  \u{1}lamp\u{2}  \"to go\"?\nThanks\nTo \u{1}Ireland\u{2}, yes.");
    assert_eq!(store.search("ada", None, 10).await.unwrap()[0].snippet, "\u{1}Ada\u{2}");
    assert_eq!(store.events(ChatId(1), Audience::Agents, 0, 10).await.unwrap().len(), 3);
    assert!(store.agent_by_email("a@x.de").await.unwrap().is_some(), "who could log in still can");
    assert!(store.add_department("Help").await.unwrap() > store.departments().await.unwrap()[1].id);
    assert_eq!(store.count_jobs().await.unwrap(), (1, 0));
    assert_eq!(store.lapsed_leases(0, 10).await.unwrap(), [AgentId(1)], "who answered then has to show up");
    assert_eq!(store.next_ticket().await.unwrap(), TicketId(1));
}

/// A chat as the first Frontdesk wrote it: without any field of a later one, and with plain texts.
async fn first_chat(first: &sqlx::SqlitePool, id: i64, status: &str, visitor: &str, messages: &[&str]) {
    let side = r#"{"unread":[],"delivered":0,"read":0}"#;
    let state = format!(
        r#"{{"id":0,"status":"{status}","visitor":{{"id":1,"name":{visitor},"email":null}},"department":null,
        "agent":null,"dismissed_by":[],"last_seq":3,"last_public_seq":3,"started_at":1,"updated_at":1,
        "ended_at":null,"messages":2,"last_message":null,"visitor_side":{side},"agents_side":{side}}}"#
    );
    sqlx::query("INSERT INTO chats (id, visitor_id, status, last_seq, updated_at, state) VALUES ($1, 1, $2, 3, 1, $3)")
        .bind(id)
        .bind(status)
        .bind(state)
        .execute(first)
        .await
        .unwrap();
    let started = r#"["visitor",{"type":"started","visitor":{"id":1,"name":null,"email":null}}]"#;
    for (seq, body) in [started].iter().chain(messages).enumerate() {
        let sql = "INSERT INTO events (chat_id, seq, public, at, author, body) VALUES ($1, $2, 1, 1, 'visitor', $3)";
        sqlx::query(sql).bind(id).bind(seq as i64 + 1).bind(*body).execute(first).await.unwrap();
    }
}

#[tokio::test]
async fn what_was_counted_while_the_file_was_small_does_not_slow_it_down_later() {
    let (bench, store) = Bench::sqlite_with_store().await;
    bench.waiting_chat(1).await;
    store.analyze().await;
    store.close().await;
    let (sender, _commits) = mpsc::channel(10);
    let store = SqliteStore::open(&bench.directory.path().join("test.db"), sender).await.unwrap();
    let plan = store.plan_of_hits().await;
    assert!(plan.iter().any(|step| step.contains("SEARCH c USING INTEGER PRIMARY KEY")), "{plan:?}");
}

#[tokio::test]
async fn while_the_disk_hangs_what_is_too_much_is_refused_at_once_and_afterwards_all_goes_on() {
    let (bench, store) = Bench::sqlite_with_store().await;
    let (visitor, chat) = bench.waiting_chat(1).await;
    let hangs = store.hang().await;
    let give = |id| bench.give(Target::Existing(chat), Actor::Visitor(visitor), id, send("Still there?"));
    let ids: Vec<_> = (0..6_000).map(|_| fresh_id()).collect();
    let (mut refused, mut waiting) = (Vec::new(), FuturesUnordered::new());
    for id in &ids {
        let mut given = Box::pin(give(*id));
        match futures::poll!(&mut given) {
            Poll::Ready(Err(TransactError::Store(StoreError::Busy))) => refused.push(*id),
            Poll::Ready(other) => panic!("{other:?}"),
            Poll::Pending => waiting.push(given),
        }
    }
    assert!(refused.len() > 1_000, "{} of {} were refused", refused.len(), ids.len());
    drop(hangs);
    while let Some(stored) = waiting.next().await {
        stored.unwrap();
    }
    for id in refused.iter().take(100) {
        give(*id).await.unwrap();
    }
    let stored = ids.len() - refused.len() + 100;
    let state = bench.store.chat(chat).await.unwrap().unwrap();
    assert_eq!(state.messages as usize, stored + 1, "each is there once, and the first message of all");
}

#[tokio::test]
async fn a_file_that_another_program_has_locked_is_told_as_busy_and_goes_on_afterwards() {
    let (bench, store) = Bench::sqlite_with_store().await;
    let (visitor, chat) = bench.waiting_chat(1).await;
    store.wait_for_locks(0).await;
    let other = sqlx::sqlite::SqliteConnectOptions::new().filename(bench.directory.path().join("test.db"));
    let mut other = sqlx::ConnectOptions::connect(&other).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let given =
        ["one", "two"].map(|text| bench.give(Target::Existing(chat), Actor::Visitor(visitor), fresh_id(), send(text)));
    for answer in futures::future::join_all(given).await {
        assert!(matches!(answer, Err(TransactError::Store(StoreError::Busy))), "{answer:?}");
    }
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    bench.give(Target::Existing(chat), Actor::Visitor(visitor), fresh_id(), send("three")).await.unwrap();
    assert_eq!(bench.store.chat(chat).await.unwrap().unwrap().messages, 2);
}

#[tokio::test]
async fn nobody_waits_for_a_copy() {
    let bench = Bench::sqlite().await;
    let (visitor, chat) = bench.waiting_chat(1).await;
    // So much that copying takes as long as many messages.
    for part in 0..20 {
        bench.store.set_setting(&format!("filler {part}"), &"x".repeat(1_000_000)).await.unwrap();
    }
    let mut during = Vec::new();
    for copy in 0..5 {
        let mut reader = SqliteReader::open(&bench.directory.path().join("test.db")).await.unwrap();
        let target = bench.directory.path().join(format!("{copy}.db"));
        let mut copying = std::pin::pin!(reader.copy_to(&target));
        let mut stored = 0;
        loop {
            let given = bench.give(Target::Existing(chat), Actor::Visitor(visitor), fresh_id(), send("meanwhile"));
            tokio::select! {
                copied = &mut copying => break copied.unwrap(),
                answer = given => { answer.unwrap(); stored += 1 }
            }
        }
        during.push(stored);
    }
    during.sort_unstable();
    // Most of them: one may have been over before the first message was.
    assert!(during[2] >= 10, "{during:?} messages were stored while copies were made");
}
