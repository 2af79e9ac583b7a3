//! The bulk path: makes many chats of one that a Frontdesk wrote itself, while that Frontdesk is stopped. Columns are read
//! from the file, so that a new one does not go unnoticed: it is copied like the others.

use rusqlite::{Connection, params};
use std::path::Path;

/// Words that copies are made of: each chat has its own sentences.
const SYLLABLES: [&str; 16] =
    ["ba", "ri", "to", "ne", "lu", "ka", "so", "mi", "den", "ga", "fo", "ther", "an", "ce", "ver", "pol"];
/// Different words; the first are said often, the last hardly ever.
const WORDS: u64 = 20_000;
/// Words of each copied message.
const WORDS_PER_MESSAGE: u64 = 25;
/// Chats in one transaction.
const BATCH: u64 = 20_000;

/// The word with this number.
pub fn word(number: u64) -> String {
    let mut left = number;
    let mut word = String::new();
    for _ in 0..4 {
        word.push_str(SYLLABLES[(left % 16) as usize]);
        left /= 16;
    }
    word
}

/// Makes copies of an ended chat until there are this many chats. Each gets its own number, visitor, time and words.
pub fn copies(file: &Path, template: i64, wanted: u64) -> rusqlite::Result<()> {
    let connection = Connection::open(file)?;
    connection.execute_batch("PRAGMA journal_mode = wal; PRAGMA synchronous = off; PRAGMA cache_size = -200000;")?;
    let count: i64 = connection.query_row("SELECT count(*) FROM chats", [], |row| row.get(0))?;
    let count = count.unsigned_abs();
    let last: i64 = connection.query_row("SELECT max(id) FROM chats", [], |row| row.get(0))?;
    let visitors: i64 = connection.query_row("SELECT max(id) FROM visitors", [], |row| row.get(0))?;
    let began: i64 = connection.query_row("SELECT min(updated_at) FROM chats", [], |row| row.get(0))?;
    let insert_visitor = "INSERT INTO visitors (id, token_hash, created_at) VALUES (?1, randomblob(32), ?2)";
    let insert_chat = copy_of(
        &connection,
        "chats",
        &[
            ("id", "?2"),
            ("visitor_id", "?3"),
            ("updated_at", "?4"),
            (
                "state",
                "json_set(state, '$.id', ?2, '$.visitor.id', ?3, '$.visitor.name', ?5, '$.updated_at', ?4, '$.last_message.text', ?6)",
            ),
        ],
    )?;
    let insert_events = copy_of(
        &connection,
        "events",
        &[
            ("chat_id", "?2"),
            ("command_id", "CASE WHEN command_id IS NULL THEN NULL ELSE randomblob(16) END"),
            (
                "body",
                "CASE WHEN body ->> '$[1].type' = 'message' THEN json_set(body, '$[1].text[0].paragraph', ?3) ELSE body END",
            ),
        ],
    )?;
    let mut visitor = connection.prepare(insert_visitor)?;
    let mut chat = connection.prepare(&format!("{insert_chat} WHERE id = ?1"))?;
    let mut events = connection.prepare(&format!("{insert_events} WHERE chat_id = ?1"))?;
    let mut search = connection.prepare("INSERT INTO chat_search (rowid, visitor, text) VALUES (?1, ?2, ?3)")?;
    let mut made = count;
    while made < wanted {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for _ in 0..BATCH.min(wanted - made) {
            let new = last + 1 + (made - count) as i64;
            let person = visitors + 1 + (made - count) as i64;
            let at = began - (wanted - made) as i64;
            let (name, said) = (format!("Visitor {}", word(made % WORDS)), sentence(made));
            visitor.execute(params![person, at])?;
            chat.execute(params![template, new, person, at, name, said.get(..140)])?;
            events.execute(params![template, new, said])?;
            search.execute(params![new, name, said])?;
            made += 1;
        }
        connection.execute_batch("COMMIT")?;
    }
    connection.execute_batch("PRAGMA wal_checkpoint(truncate);")
}

/// Makes these chats longer: copies of the last message until each has this many events.
pub fn lengthen(file: &Path, chats: &[i64], events: i64) -> rusqlite::Result<()> {
    let connection = Connection::open(file)?;
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let copy = copy_of(
        &connection,
        "events",
        &[("seq", "n.value"), ("command_id", "CASE WHEN command_id IS NULL THEN NULL ELSE randomblob(16) END")],
    )?;
    let copy = format!(
        "{copy} JOIN (WITH RECURSIVE s (value) AS (SELECT ?2 + 1 UNION ALL SELECT value + 1 FROM s WHERE value < ?3) \
         SELECT value FROM s) AS n WHERE chat_id = ?1 AND seq = \
         (SELECT max(seq) FROM events WHERE chat_id = ?1 AND body ->> '$[1].type' = 'message')"
    );
    for chat in chats {
        let last: i64 = connection.query_row("SELECT last_seq FROM chats WHERE id = ?1", [chat], |row| row.get(0))?;
        if last >= events {
            continue;
        }
        connection.execute(&copy, params![chat, last, events])?;
        connection.execute(
            "UPDATE chats SET last_seq = ?2, state = json_set(state, '$.last_seq', ?2, '$.last_public_seq', ?2, \
             '$.messages', ?2) WHERE id = ?1",
            params![chat, events],
        )?;
    }
    connection.execute_batch("COMMIT")
}

/// `INSERT INTO table (…) SELECT … FROM table` of all columns, some of them replaced.
fn copy_of(connection: &Connection, table: &str, replaced: &[(&str, &str)]) -> rusqlite::Result<String> {
    let mut columns = connection.prepare("SELECT name FROM pragma_table_info(?1)")?;
    let columns = columns.query_map([table], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    let values: Vec<&str> = columns
        .iter()
        .map(|column| replaced.iter().find(|(name, _)| name == column).map_or(column.as_str(), |(_, value)| *value))
        .collect();
    Ok(format!("INSERT INTO {table} ({}) SELECT {} FROM {table}", columns.join(", "), values.join(", ")))
}

/// What was said in the copy with this number: common words more often than rare ones.
fn sentence(number: u64) -> String {
    let mut random = super::load::Random(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let words = (0..WORDS_PER_MESSAGE).map(|_| {
        let unit = random.unit();
        word((unit * unit * unit * WORDS as f64) as u64)
    });
    words.collect::<Vec<_>>().join(" ")
}
