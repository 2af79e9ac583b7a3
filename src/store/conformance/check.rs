//! What is wrong is found, and told in words that name it.

use super::rows::fill;
use crate::store::sqlite::{Checked, SqliteReader, SqliteStore};
use sqlx::AssertSqlSafe;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;
use std::path::Path;

/// What is done to a database, and what is said of it then.
const DAMAGES: [(&str, &str); 27] = [
    ("DELETE FROM events WHERE chat_id = 1 AND seq = 2", "The log of chat 1 goes from 1 to 3."),
    ("DELETE FROM events WHERE chat_id = 1", "The state of chat 1 is not what its log says."),
    ("UPDATE events SET body = '[]' WHERE chat_id = 1 AND seq = 2", "Event 2 of chat 1 cannot be read"),
    (
        r#"UPDATE events SET body = '["system",{"type":"sung"}]', author = 'system', public = 0
           WHERE chat_id = 1 AND seq = 2"#,
        "Event 2 of chat 1 is of a kind that this Frontdesk does not know.",
    ),
    ("UPDATE events SET public = 1 WHERE chat_id = 1 AND seq = 2", "Event 2 of chat 1 is not marked"),
    ("UPDATE events SET author = 'system' WHERE chat_id = 1 AND seq = 1", "Event 1 of chat 1 names another author"),
    ("UPDATE chats SET state = json_set(state, '$.messages', 99) WHERE id = 2", "The state of chat 2 is not what"),
    ("UPDATE chats SET state = '{}' WHERE id = 2", "Chat 2: a stored row cannot be read"),
    ("UPDATE chats SET updated_at = 999 WHERE id = 2", "The row of chat 2 in the lists is not what"),
    ("UPDATE chats SET visitor_id = 1 WHERE id = 2", "The row of chat 2 in the lists is not what"),
    ("UPDATE chats SET agent_id = NULL WHERE id = 1", "The row of chat 1 in the lists is not what"),
    ("DELETE FROM chat_search WHERE rowid = 1", "Chat 1 has ended, but the search does not know it."),
    ("UPDATE chat_search SET text = 'other' WHERE rowid = 1", "The search has other words for chat 1"),
    ("UPDATE chat_search SET visitor = 'other' WHERE rowid = 1", "The search has other words for chat 1"),
    ("INSERT INTO chat_search (rowid, visitor, text) VALUES (999, '', '')", "The search knows chat 999"),
    ("UPDATE chat_search_content SET c1 = 'changed behind its back' WHERE id = 1", "SQLite says of the file"),
    ("DELETE FROM files", "A message of chat 3 has file 01901234-5678-7abc-8def-0123456789ab, which is not kept"),
    ("UPDATE files SET chat_id = 2", "of chat 2 counts as sent, but no message has it."),
    ("UPDATE tickets SET chat_id = NULL", "Ticket 1 was made of chat 3, but is not there."),
    ("DELETE FROM blocks", "The visitor of chat 3 was blocked, but the list of blocks does not have it."),
    ("DELETE FROM outbox WHERE dedup = 'transcript-1'", "Chat 1 needs a mail that the outbox does not have"),
    ("DELETE FROM outbox WHERE dedup = 'ticket-1-3'", "The outbox does not have the mail of entry 3 of ticket 1."),
    ("UPDATE outbox SET payload = '{}' WHERE id = 1", "Job 1 of the outbox cannot be read"),
    ("UPDATE outbox SET kind = 'other' WHERE id = 1", "Job 1 of the outbox is not what its columns say."),
    ("DELETE FROM ticket_entries WHERE seq = 2", "The entries of ticket 1 go from 1 to 3."),
    ("UPDATE counters SET value = 0 WHERE name = 'ticket'", "The next ticket would get a number that was given"),
    ("DELETE FROM visitors WHERE id = 2", "names a row of visitors that is not there."),
];

#[tokio::test]
async fn each_damage_is_found_and_named_and_a_whole_database_is_found_whole() {
    let directory = tempfile::tempdir().unwrap();
    let whole = directory.path().join("whole.db");
    let version = SqliteStore::schema();
    let pool = SqliteStore::create_as_of(&whole, version).await;
    fill(&pool, version).await;
    pool.close().await;
    let (checked, said) = check(&whole).await;
    assert_eq!(said, [""; 0]);
    assert_eq!((checked.chats, checked.tickets, checked.wrong), (3, 1, 0));
    assert!(checked.events > 20 && checked.jobs == 3, "{checked:?}");

    let mut reader = SqliteReader::open(&whole).await.unwrap();
    for (number, (damage, expected)) in DAMAGES.iter().enumerate() {
        let path = directory.path().join(format!("{number}.db"));
        reader.copy_to(&path).await.unwrap();
        let mut connection = SqliteConnectOptions::new().filename(&path).foreign_keys(false).connect().await.unwrap();
        let done = sqlx::query(AssertSqlSafe(*damage)).execute(&mut connection).await.unwrap();
        assert!(done.rows_affected() > 0, "{damage} did nothing");
        drop(connection);
        let (checked, said) = check(&path).await;
        assert!(said.iter().any(|sentence| sentence.contains(expected)), "after {damage} it says {said:?}");
        assert_eq!(checked.wrong, said.len() as u64);
    }
}

#[tokio::test]
async fn more_chats_than_one_page_has_are_all_looked_at() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("test.db");
    let version = SqliteStore::schema();
    let pool = SqliteStore::create_as_of(&path, version).await;
    fill(&pool, version).await;
    for sql in [
        "WITH RECURSIVE n (i) AS (SELECT 4 UNION ALL SELECT i + 1 FROM n WHERE i < 503)
         INSERT INTO visitors (id, token_hash, created_at) SELECT i, randomblob(32), 1 FROM n",
        "INSERT INTO chats (id, visitor_id, status, last_seq, updated_at, state)
         SELECT v.id, v.id, c.status, c.last_seq, c.updated_at, json_set(c.state, '$.visitor.id', v.id)
         FROM visitors v, chats c WHERE v.id > 3 AND c.id = 2",
        "INSERT INTO events (chat_id, seq, public, at, author, body)
         SELECT v.id, e.seq, e.public, e.at, e.author,
         CASE e.seq WHEN 1 THEN json_set(e.body, '$[1].visitor.id', v.id) ELSE e.body END
         FROM visitors v, events e WHERE v.id > 3 AND e.chat_id = 2",
        "DELETE FROM events WHERE chat_id IN (200, 203, 204, 503) AND seq = 4",
        "INSERT INTO chat_search (rowid, visitor, text) VALUES (300, '', '')",
    ] {
        sqlx::query(AssertSqlSafe(sql)).execute(&pool).await.unwrap();
    }
    pool.close().await;
    let (checked, said) = check(&path).await;
    assert_eq!(checked.chats, 503);
    assert_eq!(
        said,
        [
            "The log of chat 200 goes from 3 to 5.",
            "The log of chat 203 goes from 3 to 5.",
            "The log of chat 204 goes from 3 to 5.",
            "The search knows chat 300, which has not ended or is not there.",
            "The log of chat 503 goes from 3 to 5.",
        ]
    );
}

async fn check(path: &Path) -> (Checked, Vec<String>) {
    let mut said = Vec::new();
    let mut reader = SqliteReader::open(path).await.unwrap();
    let checked = reader.check(&mut |sentence| said.push(sentence)).await.unwrap();
    reader.close().await;
    (checked, said)
}
