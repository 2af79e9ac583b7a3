//! What holds for the SQLite file alone.

use super::{Bench, fresh_id, send};
use crate::model::chat::{Actor, Audience, Chat};
use crate::store::sqlite::SqliteStore;
use crate::store::{ChatStore as _, StoreError, Target, TransactError};
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
