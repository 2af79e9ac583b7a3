//! The bulk path: makes many chats of one that a Frontdesk wrote itself, while that Frontdesk is stopped. Columns are read
//! from the file, so that a new one does not go unnoticed: it is copied like the others.

use rusqlite::{Connection, params};
use std::ops::Range;
use std::path::Path;

/// Words that copies are made of: each chat has its own sentences.
const SYLLABLES: [&str; 16] =
    ["ba", "ri", "to", "ne", "lu", "ka", "so", "mi", "den", "ga", "fo", "ther", "an", "ce", "ver", "pol"];
/// Different words; the first are said often, the last hardly ever.
const WORDS: u64 = 20_000;
/// Words of each copied message.
const WORDS_PER_MESSAGE: u64 = 25;
/// What FTS5 gathers in memory before it writes; many small pieces would be merged again and again.
const SEARCH_BYTES: i64 = 128 << 20;
const SEARCH_BYTES_DEFAULT: i64 = 1 << 20;
/// Of so many chats something is said meanwhile.
const SAY_EVERY: i64 = 250_000;

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
    let begins: (i64, i64, i64, i64) = connection.query_row(
        "SELECT count(*), max(id), (SELECT max(id) FROM visitors), min(updated_at) FROM chats",
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
    )?;
    let made = begins.0.unsigned_abs();
    if made >= wanted {
        return Ok(());
    }
    // Nobody else has the file, and who is interrupted begins anew: nothing is written twice to be safe.
    connection.execute_batch(
        "PRAGMA locking_mode = exclusive; PRAGMA journal_mode = off; PRAGMA synchronous = off; \
         PRAGMA cache_size = -400000;",
    )?;
    set_search(&connection, "hashsize", SEARCH_BYTES)?;
    connection.execute_batch("BEGIN IMMEDIATE")?;
    copy(&connection, template, made..wanted, begins)?;
    connection.execute_batch("COMMIT")?;
    set_search(&connection, "hashsize", SEARCH_BYTES_DEFAULT)?;
    connection.execute_batch("PRAGMA journal_mode = wal; PRAGMA locking_mode = normal; SELECT 1 FROM chats LIMIT 1;")
}

/// Sets what FTS5 keeps in the file about itself.
fn set_search(connection: &Connection, option: &str, value: i64) -> rusqlite::Result<()> {
    connection.execute("INSERT INTO chat_search (chat_search, rank) VALUES (?1, ?2)", params![option, value]).map(drop)
}

/// The copies with these numbers. All go to the end of their tables and indexes, as in a file that has grown by itself:
/// also ids of commands, which begin with the time there and with the number of the chat here.
fn copy(
    connection: &Connection,
    template: i64,
    numbers: Range<u64>,
    (_, last, visitors, began): (i64, i64, i64, i64),
) -> rusqlite::Result<()> {
    let insert_visitor = "INSERT INTO visitors (id, token_hash, created_at) VALUES (?1, randomblob(32), ?2)";
    let insert_chat = copy_of(
        connection,
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
        connection,
        "events",
        &[
            ("chat_id", "?2"),
            ("command_id", "CASE WHEN command_id IS NULL THEN NULL ELSE unhex(printf('%016x%016x', ?2, seq)) END"),
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
    let (first, end) = (numbers.start, numbers.end);
    for number in numbers {
        let added = (number - first) as i64 + 1;
        let (new, person, at) = (last + added, visitors + added, began - (end - number) as i64);
        let (name, said) = (format!("Visitor {}", word(number % WORDS)), sentence(number));
        visitor.execute(params![person, at])?;
        chat.execute(params![template, new, person, at, name, said.get(..140)])?;
        events.execute(params![template, new, said])?;
        search.execute(params![new, name, said])?;
        if added % SAY_EVERY == 0 {
            println!("  {number} of {end} chats are made");
        }
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A file with the tables that are copied, as far as that matters, and one ended chat.
    fn file(directory: &Path) -> std::path::PathBuf {
        let path = directory.join("test.db");
        let connection = Connection::open(&path).unwrap();
        connection
            .execute_batch(
                r#"PRAGMA journal_mode = wal;
                CREATE TABLE visitors (id INTEGER PRIMARY KEY, token_hash BLOB UNIQUE, created_at INTEGER);
                CREATE TABLE chats (id INTEGER PRIMARY KEY, visitor_id INTEGER, updated_at INTEGER, state TEXT, new INTEGER);
                CREATE TABLE events (chat_id INTEGER, seq INTEGER, command_id BLOB UNIQUE, body TEXT, PRIMARY KEY (chat_id, seq));
                CREATE VIRTUAL TABLE chat_search USING fts5 (visitor, text, prefix = '2 3');
                INSERT INTO visitors VALUES (1, x'00', 1000);
                INSERT INTO chats VALUES (1, 1, 1000, '{"id":1,"visitor":{"id":1,"name":"Ada"},"last_message":{"text":"x"}}', 7);
                INSERT INTO events VALUES (1, 1, NULL, '["visitor",{"type":"started"}]'),
                    (1, 2, randomblob(16), '["visitor",{"type":"message","text":[{"paragraph":"x"}]}]');"#,
            )
            .unwrap();
        path
    }

    #[test]
    fn copies_are_chats_of_their_own_and_more_can_be_made_later() {
        let directory = tempfile::tempdir().unwrap();
        let path = file(directory.path());
        for wanted in [50, 50, 120] {
            copies(&path, 1, wanted).unwrap();
            let connection = Connection::open(&path).unwrap();
            let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
            let wanted = wanted as i64;
            assert_eq!(number("SELECT count(*) FROM chats WHERE state ->> '$.id' = id AND new = 7"), wanted);
            assert_eq!(number("SELECT count(DISTINCT visitor_id) FROM chats"), wanted);
            assert_eq!(number("SELECT count(*) FROM visitors"), wanted);
            assert_eq!(number("SELECT count(*) FROM events"), wanted * 2);
            assert_eq!(number("SELECT count(*) FROM events WHERE length(command_id) = 16"), wanted);
            assert_eq!(number("SELECT count(*) FROM chat_search WHERE chat_search MATCH 'visitor'"), wanted - 1);
            assert!(number("SELECT max(updated_at) FROM chats WHERE id > 1") < 1_000, "the template is the latest");
            connection.execute_batch("INSERT INTO chat_search (chat_search) VALUES ('integrity-check')").unwrap();
            let mode: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
            assert_eq!(mode, "wal");
        }
    }
}
