//! A file of each earlier Frontdesk is brought up to date with all that is in it.

use super::rows::{fill, tables};
use super::{fresh_id, send};
use crate::model::chat::{Actor, Audience, Context, commit};
use crate::model::ids::{ChatId, VisitorId};
use crate::store::sqlite::{SqliteReader, SqliteStore};
use crate::store::{ChatStore as _, Decision, PeopleStore as _, StoreError, Target, Transact};
use sqlx::{AssertSqlSafe, Row, SqlitePool};
use std::collections::BTreeMap;
use std::path::Path;
use tokio::sync::mpsc;

#[tokio::test]
async fn a_file_of_each_earlier_frontdesk_is_brought_up_to_date_with_all_that_is_in_it() {
    let versions = SqliteStore::migrations();
    assert!(versions.len() > 1);
    for version in versions {
        upgrade_from(version).await;
    }
}

async fn upgrade_from(version: i64) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("test.db");
    let old = SqliteStore::create_as_of(&path, version).await;
    fill(&old, version).await;
    let before = counts(&old).await;
    let names = |log: &[crate::model::chat::Event]| serde_json::to_string(log).unwrap();
    old.close().await;

    let (sender, _commits) = mpsc::channel(10);
    let store = SqliteStore::open(&path, sender).await.unwrap();
    assert_eq!(wrong(&path).await, [""; 0], "from version {version}");
    let after = counts(&SqlitePool::connect_with(options(&path)).await.unwrap()).await;
    for (table, count) in before {
        assert!(after.get(&table) >= Some(&count), "from version {version} rows of {table} were lost");
    }
    // What was there goes on.
    assert!(store.agent_by_email("a@x.de").await.unwrap().is_some(), "who could log in still can");
    let found = store.search("irel", None, 10).await.unwrap();
    assert_eq!(found.iter().map(|found| found.row.id).collect::<Vec<_>>(), [ChatId(1)]);
    let log = store.events(ChatId(2), Audience::Agents, 0, 100).await.unwrap();
    let context = Context::new(Actor::Visitor(VisitorId(2)), 1_000, fresh_id());
    let transact = Transact {
        target: Target::Existing(ChatId(2)),
        command: context.command,
        actor: context.actor.clone(),
        decide: Box::new(move |chat| {
            Ok(Decision { events: commit(chat, send("Still?"), &context)?, ..Decision::default() })
        }),
    };
    let ack = store.transact(transact).await.unwrap();
    assert_eq!(ack.seq, log.len() as i64 + 1);
    let grown = store.events(ChatId(2), Audience::Agents, 0, 100).await.unwrap();
    assert_eq!(names(&grown[..log.len()]), names(&log));
    assert_eq!(wrong(&path).await, [""; 0], "from version {version}, later");
    store.close().await;
}

#[tokio::test]
async fn a_file_that_no_server_has_brought_up_to_date_is_not_checked_but_can_be_copied() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("test.db");
    let old = SqliteStore::create_as_of(&path, 1).await;
    fill(&old, 1).await;
    old.close().await;
    let mut reader = SqliteReader::open(&path).await.unwrap();
    let error = reader.check(&mut |_| {}).await.unwrap_err();
    assert!(matches!(error, StoreError::OlderSchema { found: 1, .. }), "{error}");
    let copy = directory.path().join("copy.db");
    reader.copy_to(&copy).await.unwrap();
    let mut copy = SqliteReader::open(&copy).await.unwrap();
    assert_eq!(copy.schema().await.unwrap(), 1);
    assert_eq!(copy.counts().await.unwrap(), reader.counts().await.unwrap());
    assert!(copy.counts().await.unwrap().chats > 0 && copy.files(None, 10).await.unwrap().is_empty());
}

async fn wrong(path: &Path) -> Vec<String> {
    let mut said = Vec::new();
    let mut reader = SqliteReader::open(path).await.unwrap();
    let checked = reader.check(&mut |sentence| said.push(sentence)).await.unwrap();
    reader.close().await;
    assert!(checked.chats > 0 && checked.events > 0 && checked.jobs > 0);
    said
}

async fn counts(pool: &SqlitePool) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    for table in tables(pool).await {
        let sql = AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        counts.insert(table, sqlx::query(sql).fetch_one(pool).await.unwrap().get(0));
    }
    counts
}

fn options(path: &Path) -> sqlx::sqlite::SqliteConnectOptions {
    sqlx::sqlite::SqliteConnectOptions::new().filename(path)
}
