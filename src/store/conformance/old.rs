//! What earlier versions wrote is read, kept, and goes on. Their rows stand in `old/`, as the code of then left them: with
//! today's types they would only prove that today's reader understands today's writer.

use super::{Bench, agent, fresh_id, send};
use crate::model::agent::AgentRef;
use crate::model::chat::{Actor, Audience, Author, Chat, Command, Event, EventBody, Status};
use crate::model::ids::{AgentId, ChatId, TicketId, VisitorId};
use crate::model::rules::Rules;
use crate::model::text::RichText;
use crate::model::ticket::{self, Ticket, TicketCommand, TicketContext, TicketEntryBody};
use crate::store::sqlite::{SqliteReader, SqliteStore};
use crate::store::{JobKind, List, NewJob, Page, Target, TokenHash};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Row, SqlitePool};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::{Mutex, mpsc};

/// The rows of each version, from the first on. A migration comes with those of the version before it.
const WRITTEN: [&str; 5] = [
    include_str!("old/1.sql"),
    include_str!("old/2.sql"),
    include_str!("old/3.sql"),
    include_str!("old/4.sql"),
    include_str!("old/5.sql"),
];

/// Kinds of events, and the version that first wrote them.
const KINDS: [(&str, i64); 20] = [
    ("started", 1),
    ("visit_recorded", 1),
    ("page_viewed", 1),
    ("accepted", 1),
    ("dismissed", 1),
    ("message", 1),
    ("delivered", 1),
    ("read", 1),
    ("ended", 1),
    ("department_changed", 2),
    ("labels_changed", 2),
    ("email_entered", 2),
    ("ticket_created", 2),
    ("blocked", 2),
    ("block_lifted", 2),
    ("rated", 2),
    ("transcript_requested", 2),
    ("released", 3),
    ("data_told", 3),
    ("identified", 5),
];

/// When those rows were written, in milliseconds.
const THEN: i64 = 1_764_000_000_000;
const EVE: AgentId = AgentId(1);
const BOB: AgentId = AgentId(2);

fn versions() -> impl Iterator<Item = (i64, &'static str)> {
    (1..).zip(WRITTEN)
}

/// A file of this version.
async fn written(path: &Path, version: i64, rows: &'static str) -> SqlitePool {
    let pool = SqliteStore::create_as_of(path, version).await;
    sqlx::raw_sql(rows).execute(&pool).await.unwrap();
    pool
}

/// A store that was opened on a file of this version.
async fn upgraded(version: i64, rows: &'static str) -> Bench {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("test.db");
    written(&path, version, rows).await.close().await;
    let (sender, commits) = mpsc::channel(1_000);
    let store = SqliteStore::open(&path, sender).await.unwrap();
    Bench { store: Arc::new(store), commits: Mutex::new(commits), directory: Arc::new(directory) }
}

impl Bench {
    /// What `frontdesk check` says.
    async fn wrong(&self) -> Vec<String> {
        let mut said = Vec::new();
        let mut reader = SqliteReader::open(&self.directory.path().join("test.db")).await.unwrap();
        let checked = reader.check(&mut |sentence| said.push(sentence)).await.unwrap();
        reader.close().await;
        assert!(checked.chats >= 5 && checked.events >= 30 && checked.jobs >= 3, "{checked:?}");
        said
    }

    async fn all_chats(&self) -> Vec<Chat> {
        let mut chats = Vec::new();
        for id in 1.. {
            let Some(chat) = self.store.chat(ChatId(id)).await.unwrap() else { break };
            chats.push(chat);
        }
        chats
    }

    async fn log(&self, chat: ChatId) -> Vec<Event> {
        self.store.events(chat, Audience::Agents, 0, 1_000).await.unwrap()
    }
}

#[test]
fn each_earlier_version_has_left_rows_with_every_kind_of_event_that_it_knew() {
    let migrations = SqliteStore::migrations();
    assert!(migrations.len() <= WRITTEN.len() + 1, "a migration needs the rows of the version before it, in old/");
    for (version, rows) in versions() {
        for (kind, since) in KINDS {
            let is_there = rows.contains(&format!(r#",{{"type":"{kind}""#));
            assert_eq!(is_there, since <= version, "{kind} in the rows of version {version}");
        }
    }
}

#[tokio::test]
async fn nothing_of_what_an_earlier_version_wrote_is_unknown_or_lost_to_the_reader() {
    for (version, rows) in versions() {
        let directory = tempfile::tempdir().unwrap();
        let old = written(&directory.path().join("test.db"), version, rows).await;
        keeps::<(Author, EventBody)>(&old, "events", "body").await;
        keeps::<Chat>(&old, "chats", "state").await;
        keeps::<JobKind>(&old, "outbox", "payload").await;
        if version > 1 {
            keeps::<Ticket>(&old, "tickets", "state").await;
            keeps::<(Author, TicketEntryBody)>(&old, "ticket_entries", "body").await;
            keeps::<Rules>(&old, "settings WHERE key = 'rules'", "value").await;
        }
        old.close().await;
    }
}

/// Reads each of these, writes it again, and looks whether all is there that was: a field with another name, or one that is
/// no more, would be dropped without a word, since new ones have defaults.
async fn keeps<T: Serialize + DeserializeOwned>(old: &SqlitePool, table: &str, column: &str) {
    let rows = sqlx::query(AssertSqlSafe(format!("SELECT {column} FROM {table}"))).fetch_all(old).await.unwrap();
    assert!(!rows.is_empty(), "{table} is empty");
    for row in rows {
        let text: &str = row.get(0);
        let then: Value = serde_json::from_str(text).unwrap();
        let read: T = serde_json::from_str(text).unwrap_or_else(|error| panic!("{table}: {error}: {text}"));
        let now = serde_json::to_value(read).unwrap();
        if let Some(lost) = lost(&then, &now) {
            panic!("{table}: {lost} is read as another: {text}");
        }
    }
}

/// The first thing that was there then and is not now.
fn lost(then: &Value, now: &Value) -> Option<String> {
    match (then, now) {
        (Value::Object(then), Value::Object(now)) => then.iter().find_map(|(name, value)| {
            let found = now.get(name).map_or_else(|| Some(String::new()), |now| lost(value, now))?;
            Some(format!(".{name}{found}"))
        }),
        (Value::Array(then), Value::Array(now)) if then.len() == now.len() => {
            then.iter().zip(now).enumerate().find_map(|(i, (then, now))| Some(format!("[{i}]{}", lost(then, now)?)))
        }
        _ => (then != now).then(String::new),
    }
}

#[tokio::test]
async fn what_an_earlier_version_knew_is_known_after_the_upgrade() {
    for (version, rows) in versions() {
        let bench = upgraded(version, rows).await;
        let store = &bench.store;
        assert_eq!(bench.wrong().await, [""; 0], "from version {version}");

        assert_eq!(store.session(TokenHash([1; 32]), THEN).await.unwrap().map(|agent| agent.id), Some(EVE));
        assert_eq!(store.agents().await.unwrap().iter().map(|agent| agent.id).collect::<Vec<_>>(), [BOB, EVE]);
        assert_eq!(store.visitor(TokenHash([3; 32])).await.unwrap(), Some(VisitorId(3)));
        let found = store.search("irel", None, 10).await.unwrap();
        assert_eq!(found.iter().map(|found| found.row.id).collect::<Vec<_>>(), [ChatId(1)]);
        let chats = bench.all_chats().await;
        let ended = chats.iter().filter(|chat| chat.status == Status::Ended).count();
        assert_eq!(store.search("hello", None, 100).await.unwrap().len(), ended);

        // Whoever answers a chat is looked after.
        let owners: BTreeSet<AgentId> = chats
            .iter()
            .filter(|chat| chat.status == Status::Open)
            .map(|chat| chat.agent.clone().unwrap().id)
            .collect();
        let leases: BTreeSet<AgentId> = store.lapsed_leases(i64::MAX, 10).await.unwrap().into_iter().collect();
        assert!(!owners.is_empty() && leases.is_superset(&owners), "from version {version}");
        let released = store.released_chats(BOB, 10).await.unwrap();
        assert_eq!(released.len(), if version < 3 { 0 } else { 2 });

        let blocked = store.active_blocks(THEN + 3_600_000).await.unwrap();
        assert_eq!(
            blocked.iter().map(|block| block.visitor.0).collect::<Vec<_>>(),
            if version < 2 { vec![] } else { vec![4] }
        );
        assert_eq!(store.labels().await.unwrap().len(), if version < 2 { 0 } else { 2 });
        assert_eq!(store.sites().await.unwrap().len(), usize::from(version >= 4));
        let (due, parked) = store.count_jobs().await.unwrap();
        let leased = store.lease_jobs(i64::MAX - 1, i64::MAX, 100).await.unwrap();
        assert_eq!((leased.len() as i64, parked), (due, 1));
    }
}

#[tokio::test]
async fn chats_of_an_earlier_version_go_on_to_their_end_and_after_it() {
    for (version, rows) in versions() {
        let bench = upgraded(version, rows).await;
        for before in bench.all_chats().await {
            let log = bench.log(before.id).await;
            match before.status {
                Status::Ended => after_the_end(&bench, &before).await,
                _ => to_the_end(&bench, &before).await,
            }
            let grown = bench.log(before.id).await;
            assert_eq!(grown[..log.len()], log, "what was there stays as it was");
            assert!(grown.len() > log.len());
        }
        let gone_on = bench.store.search("farewell", None, 100).await.unwrap();
        assert_eq!(gone_on.len(), if version < 3 { 2 } else { 5 }, "from version {version}");
        assert!(bench.store.rows(List::Live, Page { before: None, limit: 10 }).await.unwrap().is_empty());
        assert_eq!(bench.wrong().await, [""; 0], "from version {version}");
    }
}

/// Somebody answers, both sides say and read something, and the visitor ends it.
async fn to_the_end(bench: &Bench, before: &Chat) {
    let (chat, visitor) = (Target::Existing(before.id), Actor::Visitor(before.visitor.clone().unwrap().id));
    let owner = before.agent.clone().map_or_else(|| agent(BOB.0), Actor::Agent);
    for (actor, command) in [
        (&owner, Command::Accept),
        (&owner, send("Still there?")),
        (&visitor, Command::MarkRead { up_to: 99 }),
        (&visitor, send("Farewell")),
        (&owner, Command::MarkRead { up_to: 99 }),
    ] {
        bench.give(chat, actor.clone(), fresh_id(), command).await.unwrap();
    }
    let mails = vec![format!("transcript-{}", before.id)];
    bench.give_with_jobs(chat, visitor, fresh_id(), Command::End, mails).await.unwrap();
    let after = bench.store.chat(before.id).await.unwrap().unwrap();
    assert_eq!((after.status, after.messages), (Status::Ended, before.messages + 2));
    assert!(after.visitor_side.unread.is_empty() && after.agents_side.unread.is_empty());
}

/// The visitor changes their mind about it, and wants it by mail.
async fn after_the_end(bench: &Bench, before: &Chat) {
    let (chat, visitor) = (Target::Existing(before.id), Actor::Visitor(before.visitor.clone().unwrap().id));
    let rate = Command::Rate { helpful: true, comment: "After all".into() };
    bench.give(chat, visitor.clone(), fresh_id(), rate).await.unwrap();
    let request = Command::RequestTranscript { email: "new@example.org".into() };
    let mails = vec![format!("transcript-{}-{}", before.id, before.last_seq + 2)];
    bench.give_with_jobs(chat, visitor, fresh_id(), request, mails).await.unwrap();
}

#[tokio::test]
async fn tickets_of_an_earlier_version_are_answered() {
    for (version, rows) in versions().skip(1) {
        let bench = upgraded(version, rows).await;
        let entries = bench.store.ticket_entries(TicketId(1), 0, 100).await.unwrap();
        assert_eq!(entries.len(), 9);
        let by = AgentRef { id: EVE, name: "Eve".into(), photo: None };
        let context = TicketContext { by, now: THEN, agent: None, department: None, labels: vec![] };
        let reply = TicketCommand::Reply { text: RichText::from_typed("Yours"), status: None };
        let change = Box::new(move |ticket: &mut Ticket| {
            let entries = ticket::commit(ticket, reply, &context)?;
            let kind = JobKind::TicketReply { ticket: TicketId(1), entry: 10 };
            Ok((entries, vec![NewJob { kind, chat: None, dedup: "ticket-1-10".into(), at: THEN }]))
        });
        let answered = bench.store.change_ticket(TicketId(1), fresh_id(), change).await.unwrap();
        assert_eq!((answered.last_seq, answered.assignee.map(|agent| agent.id)), (10, Some(BOB)));
        let grown = bench.store.ticket_entries(TicketId(1), 0, 100).await.unwrap();
        assert_eq!(grown[..9], entries);
        // The next one has a number that no other had.
        assert_eq!(bench.store.next_ticket().await.unwrap(), TicketId(4));
        assert_eq!(bench.wrong().await, [""; 0], "from version {version}");
    }
}
