//! Rows of every table, as a Frontdesk of some version wrote them.

use crate::model::agent::AgentRef;
use crate::model::attachment::Attachment;
use crate::model::chat::{Audience, Author, Chat, Event, EventBody};
use crate::model::ids::{AgentId, ChatId, CommandId, FileId, LabelId, TicketId, VisitorId};
use crate::model::label::Label;
use crate::model::text::RichText;
use crate::model::ticket::{NewTicket, TicketEntryBody, TicketRef, TicketStatus};
use crate::model::visitor::{Connection, Email, PageView, Visit, VisitorCard};
use crate::store::author_key;
use sqlx::{AssertSqlSafe, Row, SqlitePool};
use uuid::Uuid;

/// The file that chat 3 has in a message.
pub const FILE: FileId = FileId(Uuid::from_u128(0x0190_1234_5678_7abc_8def_0123_4567_89ab));
/// Its size in bytes.
pub const FILE_BYTES: u64 = 10;

/// Rows of tables without a log, each for the first version of its table; they count as written then. A table that comes
/// later gets a line here.
const ROWS: [&str; 19] = [
    "agents (id, email, name, role, password_hash, created_at) VALUES (1, 'a@x.de', 'Eve', 'admin', 'hash', 1)",
    "departments (id, name) VALUES (1, 'Sales')",
    "agent_departments (agent_id, department_id) VALUES (1, 1)",
    "sessions (token_hash, agent_id, created_at, expires_at) VALUES (x'01', 1, 1, 9000000000000)",
    "setup_links (token_hash, expires_at) VALUES (x'02', 9000000000000)",
    "visitors (id, token_hash, created_at) VALUES (1, zeroblob(32), 1), (2, randomblob(32), 1)",
    "outbox (kind, payload, dedup, state, due_at, created_at) VALUES \
     ('transcript', '{\"kind\":\"transcript\",\"to\":\"ada@example.com\"}', 'transcript-1', 'done', 1, 1)",
    "outbox (kind, chat_id, payload, dedup, due_at, created_at) VALUES \
     ('transcript', NULL, '{\"kind\":\"transcript\",\"to\":\"ada@example.com\"}', 'transcript-3', 1, 1)",
    "outbox (kind, payload, dedup, due_at, created_at) VALUES \
     ('test_mail', '{\"kind\":\"test_mail\",\"to\":\"ada@example.com\"}', 'ticket-1-3', 1, 1)",
    "labels (id, name, color) VALUES (1, 'urgent', 2)",
    "sites (id, key, name, origins, color, greeting, away) VALUES (1, 'shop', 'Shop', '[]', '', '', '')",
    "site_departments (site_id, department_id) VALUES (1, 1)",
    "settings (key, value) VALUES ('rules', '{}')",
    "blocks (visitor_id, name, address, reason, agent_id, agent_name, chat_id, at, until) VALUES \
     (1, 'Ada', NULL, 'Spam', 1, 'Eve', 3, 7, 9)",
    "chat_search (rowid, visitor, text) VALUES (1, 'Ada ada@example.com', 'Do you ship? To Ireland, yes.')",
    "chat_search (rowid, visitor, text) VALUES (3, 'Ada ada@example.com', 'Look: lamp.png')",
    "ticket_search (rowid, subject, requester, text) VALUES (1, 'Lamp', 'Ada ada@example.com', 'It is dark. Light!')",
    "owner_leases (agent_id, expires_at) VALUES (1, 1)",
    "released_chats (agent_id, chat_id, at) VALUES (1, 1, 1)",
];

/// Fills a database that has the schema of a version.
///
/// # Panics
/// When a table has no row afterwards: it needs a line above.
pub async fn fill(pool: &SqlitePool, version: i64) {
    let tables = tables(pool).await;
    let has = |name: &str| tables.iter().any(|table| table == name);
    sqlx::query("PRAGMA foreign_keys = off").execute(pool).await.unwrap();
    for row in ROWS.iter().filter(|row| has(row.split(' ').next().unwrap())) {
        sqlx::query(AssertSqlSafe(format!("INSERT INTO {row}"))).execute(pool).await.unwrap();
    }
    chat(pool, version, 1, 1, ended()).await;
    chat(pool, version, 2, 2, waiting()).await;
    if has("files") {
        chat(pool, version, 3, 1, with_everything()).await;
        sqlx::query(
            "INSERT INTO files (id, chat_id, author, name, size, mime, width, height, stored, attached, created_at) \
             VALUES ($1, 3, 'visitor', 'lamp.png', $2, 'image/png', 1, 1, 1, 1, 1)",
        )
        .bind(FILE.0)
        .bind(FILE_BYTES as i64)
        .execute(pool)
        .await
        .unwrap();
    }
    if has("tickets") {
        ticket(pool).await;
    }
    for table in &tables {
        let count = sqlx::query(AssertSqlSafe(format!("SELECT count(*) FROM {table}"))).fetch_one(pool).await.unwrap();
        assert!(count.get::<i64, _>(0) > 0, "the story of upgrades has no row for the table {table}: add one above");
    }
}

/// The tables of ours: without those that the search keeps for itself.
pub async fn tables(pool: &SqlitePool) -> Vec<String> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' \
               AND name NOT LIKE '%search_%' AND name <> '_sqlx_migrations'";
    sqlx::query(sql).fetch_all(pool).await.unwrap().iter().map(|row| row.get(0)).collect()
}

fn eve() -> Author {
    Author::Agent(AgentRef { id: AgentId(1), name: "Eve".into(), photo: None })
}

fn started(visitor: i64) -> Vec<(Author, EventBody)> {
    let email = Email::parse("ada@example.com").ok();
    let visitor = VisitorCard { id: VisitorId(visitor), name: Some("Ada".into()), email, proven: None };
    vec![
        (Author::Visitor, EventBody::Started { visitor, department: None }),
        (
            Author::Visitor,
            EventBody::VisitRecorded { connection: Connection::default(), visit: Visit::default(), site: None },
        ),
        (Author::Visitor, EventBody::PageViewed { page: PageView::default() }),
    ]
}

fn says(by: Author, text: &str) -> (Author, EventBody) {
    (by, EventBody::Message { text: RichText::from_typed(text), attachments: vec![] })
}

fn waiting() -> Vec<(Author, EventBody)> {
    let mut events = started(2);
    let data = serde_json::from_str(r#"{"plan":"pro","seats":"3"}"#).unwrap();
    events.push((Author::Visitor, EventBody::DataTold { data }));
    events.push(says(Author::Visitor, "Hello?"));
    events.push((eve(), EventBody::Dismissed));
    events
}

/// With every kind of event that the first Frontdesk knew.
fn ended() -> Vec<(Author, EventBody)> {
    let mut events = started(1);
    events.push(says(Author::Visitor, "Do you ship?"));
    events.push((eve(), EventBody::Accepted));
    events.push((eve(), EventBody::Delivered { up_to: 4 }));
    events.push((eve(), EventBody::Read { up_to: 4 }));
    events.push(says(eve(), "To Ireland, yes."));
    events.push((Author::Visitor, EventBody::Ended));
    events
}

/// With what came with the second Frontdesk.
fn with_everything() -> Vec<(Author, EventBody)> {
    let file = Attachment {
        id: FILE,
        name: "lamp.png".into(),
        mime: "image/png".into(),
        size: FILE_BYTES,
        width: Some(1),
        height: Some(1),
    };
    let label = Label { id: LabelId(1), name: "urgent".into(), color: 2 };
    let ticket = TicketRef { id: TicketId(1), subject: "Lamp".into() };
    let mut events = started(1);
    events.push((Author::Visitor, EventBody::Message { text: RichText::from_typed("Look:"), attachments: vec![file] }));
    events.push((eve(), EventBody::Accepted));
    events.push((eve(), EventBody::LabelsChanged { labels: vec![label] }));
    events.push((eve(), EventBody::Blocked { until: 9, reason: "Spam".into(), address: None }));
    events.push((eve(), EventBody::TicketCreated { ticket }));
    events.push((eve(), EventBody::Ended));
    events.push((Author::Visitor, EventBody::Rated { helpful: true, comment: String::new() }));
    events
}

/// A chat with its log; event number n is of the time n.
async fn chat(pool: &SqlitePool, version: i64, id: i64, visitor: i64, events: Vec<(Author, EventBody)>) {
    let mut state = Chat::new(ChatId(id));
    for (at, (by, body)) in (1..).zip(events) {
        let command = Some(CommandId(Uuid::from_u128((id * 1_000 + at) as u128)));
        let event = Event { seq: at, at, by, command, body };
        sqlx::query(
            "INSERT INTO events (chat_id, seq, public, at, author, command_id, body) VALUES ($1, $2, $3, $2, $4, $5, $6)",
        )
        .bind(id)
        .bind(at)
        .bind(event.body.is_for(Audience::Visitor))
        .bind(author_key(&event.by))
        .bind(event.command.map(|command| command.0))
        .bind(serde_json::to_string(&(&event.by, &event.body)).unwrap())
        .execute(pool)
        .await
        .unwrap();
        state.apply(&event);
    }
    if version == 1 {
        // It did not note them.
        state.transcripts.clear();
    }
    sqlx::query(
        "INSERT INTO chats (id, visitor_id, status, agent_id, last_seq, updated_at, state) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(visitor)
    .bind(state.status.as_str())
    .bind(state.agent.as_ref().map(|agent| agent.id.0))
    .bind(state.last_seq)
    .bind(state.updated_at)
    .bind(serde_json::to_string(&state).unwrap())
    .execute(pool)
    .await
    .unwrap();
}

/// The ticket of chat 3, with a note, an answer and another status.
async fn ticket(pool: &SqlitePool) {
    let new = NewTicket {
        id: TicketId(1),
        subject: "Lamp".into(),
        name: Some("Ada".into()),
        email: Email::parse("ada@example.com").unwrap(),
        email_proven: false,
        department: None,
        labels: vec![],
        assignee: None,
        chat: Some(ChatId(3)),
        site: None,
        by: eve(),
        at: 8,
        description: RichText::from_typed("It is dark."),
    };
    let (mut state, first) = new.open();
    state.last_seq = 4;
    state.status = TicketStatus::Pending;
    let light = || RichText::from_typed("Light!");
    let bodies = [
        first.body,
        TicketEntryBody::Assigned { agent: None },
        TicketEntryBody::Replied { text: light() },
        TicketEntryBody::StatusChanged { status: TicketStatus::Pending },
    ];
    for (seq, body) in (1_i64..).zip(bodies) {
        sqlx::query("INSERT INTO ticket_entries (ticket_id, seq, at, body) VALUES (1, $1, 8, $2)")
            .bind(seq)
            .bind(serde_json::to_string(&(eve(), body)).unwrap())
            .execute(pool)
            .await
            .unwrap();
    }
    sqlx::query(
        "INSERT INTO tickets (id, status, chat_id, created_at, updated_at, last_seq, state) VALUES (1, 'pending', 3, 8, 8, 4, $1)",
    )
    .bind(serde_json::to_string(&state).unwrap())
    .execute(pool)
    .await
    .unwrap();
    sqlx::query("UPDATE counters SET value = 1 WHERE name = 'ticket'").execute(pool).await.unwrap();
}
