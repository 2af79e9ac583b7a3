//! The log and the rows beside it, many at a time: what a batch asks and writes goes to SQLite in a few statements, and
//! those in two queries, because each query is a trip to the connection's thread and back.

use super::pen::Pen;
use super::to_json;
use super::transaction::{Query, WriteTransaction};
use crate::model::chat::{Audience, Chat, Event, Status};
use crate::model::ids::{ChatId, CommandId, VisitorId};
use crate::store::{Recorded, StoreError, author_key};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

/// Rows of one statement at most.
const MOST: usize = 64;
/// Statements are for 1, 2, 4, … up to [`MOST`] rows, so that few are ever prepared; what is left of one stays empty.
const SIZES: usize = MOST.ilog2() as usize + 1;
/// Columns of an event, and of a chat's row.
const EVENT: usize = 7;
const ROW: usize = 6;

/// The same statement for different numbers of rows.
struct Statement([&'static str; SIZES]);

impl Statement {
    /// `write` gets the number of rows, and writes as many `?` as are bound for them, in this order. Not `$1` and so on:
    /// SQLite would go through their names from the first one on to find each.
    fn new(write: impl Fn(usize) -> String) -> Self {
        // Made once for as long as the process runs.
        Statement(std::array::from_fn(|power| &*write(1 << power).leak()))
    }

    /// Splits rows into as few statements as there can be.
    fn split<'a, T>(&self, rows: &'a [T]) -> impl Iterator<Item = (&'static str, &'a [T])> {
        rows.chunks(MOST).map(|some| (self.0[power(some.len())], some))
    }
}

/// Which statement has room for so many rows.
fn power(rows: usize) -> usize {
    rows.next_power_of_two().ilog2() as usize
}

/// `?, ?, …`.
fn parameters(count: usize) -> String {
    vec!["?"; count].join(", ")
}

/// `(?, ?), (?, ?), …`.
fn tuples(rows: usize, columns: usize) -> String {
    vec![format!("({})", parameters(columns)); rows].join(", ")
}

/// Writes this many events, or fewer.
fn insert(rows: usize) -> String {
    let into = "INSERT INTO events (chat_id, seq, public, at, author, command_id, body)";
    match rows {
        1 => format!("{into} VALUES {}", tuples(1, EVENT)),
        _ => format!("{into} SELECT * FROM (VALUES {}) WHERE column1 IS NOT NULL", tuples(rows, EVENT)),
    }
}

/// Changes this many rows, or fewer. All of them are there, so that none is inserted: `UPDATE … FROM` would put what they
/// become into a table of its own first.
fn update(rows: usize) -> String {
    let columns = ["status", "agent_id", "last_seq", "updated_at", "state"];
    format!(
        "INSERT INTO chats (id, visitor_id, {}) SELECT column1, 0, {} FROM (VALUES {}) WHERE column1 IS NOT NULL \
         ON CONFLICT (id) DO UPDATE SET {}",
        columns.join(", "),
        (2..=ROW).map(|at| format!("column{at}")).collect::<Vec<_>>().join(", "),
        tuples(rows, ROW),
        columns.map(|column| format!("{column} = excluded.{column}")).join(", "),
    )
}

static BEGIN: LazyLock<Statement> = LazyLock::new(|| Statement::new(|rows| format!("BEGIN IMMEDIATE; {}", find(rows))));
static FIND: LazyLock<Statement> = LazyLock::new(|| Statement::new(find));
static INSERT: LazyLock<Statement> = LazyLock::new(|| Statement::new(insert));
static UPDATE: LazyLock<Statement> = LazyLock::new(|| Statement::new(update));

fn find(rows: usize) -> String {
    format!(
        "SELECT e.command_id, e.chat_id, e.seq, e.author, c.visitor_id FROM events e JOIN chats c ON c.id = e.chat_id \
         WHERE e.command_id IN ({})",
        parameters(rows)
    )
}

/// The last query of a transaction: writes so many events and rows at most, and commits.
fn finish(events: usize, rows: usize) -> &'static str {
    static MADE: [[OnceLock<&str>; SIZES + 1]; SIZES + 1] =
        [const { [const { OnceLock::new() }; SIZES + 1] }; SIZES + 1];
    let place = |count: usize| if count == 0 { 0 } else { power(count) + 1 };
    MADE[place(events)][place(rows)].get_or_init(|| {
        let mut steps = Vec::new();
        let events = if events == 0 { 0 } else { events.next_power_of_two() };
        if events > 0 {
            steps.push(insert(events));
        }
        if rows > 0 {
            steps.push(update(rows.next_power_of_two()));
        }
        steps.push("COMMIT".to_owned());
        steps.join("; ").leak()
    })
}

/// Begins a transaction, and says which of these commands are in the log, each with its first event.
pub async fn begin(
    pen: &Pen,
    commands: &[CommandId],
) -> Result<(WriteTransaction, HashMap<CommandId, Recorded>), StoreError> {
    let (first, others) = commands.split_at(commands.len().min(MOST));
    let sql = BEGIN.split(first).next().map_or("BEGIN IMMEDIATE", |(sql, _)| sql);
    let (mut transaction, mut rows) = WriteTransaction::begin_with(pen, bind_commands(sqlx::query(sql), first)).await?;
    for (sql, some) in FIND.split(others) {
        match bind_commands(sqlx::query(sql), some).fetch_all(&mut *transaction).await {
            Ok(more) => rows.extend(more),
            Err(error) => {
                transaction.abort().await;
                return Err(error.into());
            }
        }
    }
    Ok((transaction, rows.iter().map(read_recorded).collect()))
}

fn bind_commands<'q>(query: Query<'q>, commands: &[CommandId]) -> Query<'q> {
    // What is not bound is NULL, and no command is that.
    commands.iter().fold(query, |query, command| query.bind(command.0))
}

fn read_recorded(row: &SqliteRow) -> (CommandId, Recorded) {
    let (chat, visitor) = (ChatId(row.get(1)), VisitorId(row.get(4)));
    (CommandId(row.get(0)), Recorded { chat, seq: row.get(2), author: row.get(3), visitor })
}

/// Writes events, whose chats have rows, brings the rows of these chats up to their states (each is named once), and puts
/// everything on disk.
pub async fn commit(
    mut transaction: WriteTransaction,
    events: &[(ChatId, &Event)],
    chats: &[&Chat],
) -> Result<(), StoreError> {
    // What one statement holds comes last, with the commit.
    let (events, last_events) = events.split_at(events.len().saturating_sub(1) / MOST * MOST);
    let (chats, last_chats) = chats.split_at(chats.len().saturating_sub(1) / MOST * MOST);
    let before = async {
        insert_events(&mut transaction, events).await?;
        write_rows(&mut transaction, chats).await?;
        bind_finish(last_events, last_chats)
    };
    match before.await {
        Ok(last) => transaction.commit_with(last).await,
        Err(error) => {
            transaction.abort().await;
            Err(error)
        }
    }
}

fn bind_finish(events: &[(ChatId, &Event)], chats: &[&Chat]) -> Result<Query<'static>, StoreError> {
    let mut query = bind_events(sqlx::query(finish(events.len(), chats.len())), events)?;
    if !events.is_empty() {
        for _ in events.len()..events.len().next_power_of_two() {
            query = (0..EVENT).fold(query, |query, _| query.bind(None::<i64>));
        }
    }
    bind_rows(query, chats)
}

/// Writes events; their chats have rows.
pub async fn insert_events(connection: &mut SqliteConnection, events: &[(ChatId, &Event)]) -> Result<(), StoreError> {
    for (sql, some) in INSERT.split(events) {
        bind_events(sqlx::query(sql), some)?.execute(&mut *connection).await?;
    }
    Ok(())
}

fn bind_events<'q>(mut query: Query<'q>, events: &[(ChatId, &Event)]) -> Result<Query<'q>, StoreError> {
    for (chat, event) in events {
        query = query
            .bind(chat.0)
            .bind(event.seq)
            .bind(event.body.is_for(Audience::Visitor))
            .bind(event.at)
            .bind(author_key(&event.by))
            .bind(event.command.map(|command| command.0))
            .bind(to_json(&(&event.by, &event.body))?);
    }
    Ok(query)
}

/// Brings the rows of these chats up to their states. Each chat is named once.
pub async fn write_rows(connection: &mut SqliteConnection, chats: &[&Chat]) -> Result<(), StoreError> {
    for (sql, some) in UPDATE.split(chats) {
        bind_rows(sqlx::query(sql), some)?.execute(&mut *connection).await?;
    }
    Ok(())
}

fn bind_rows<'q>(mut query: Query<'q>, chats: &[&Chat]) -> Result<Query<'q>, StoreError> {
    for chat in chats {
        debug_assert!(chat.status != Status::New);
        query = query
            .bind(chat.id.0)
            .bind(chat.status.as_str())
            .bind(chat.agent.as_ref().map(|agent| agent.id.0))
            .bind(chat.last_seq)
            .bind(chat.updated_at)
            .bind(to_json(chat)?);
    }
    Ok(query)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_split_into_few_statements_with_room_for_them_and_none_is_left_out() {
        let sizes = |rows: usize| {
            let all: Vec<usize> = (0..rows).collect();
            let split: Vec<(&str, &[usize])> = FIND.split(&all).collect();
            let room = |sql: &str| sql.matches('?').count();
            assert!(split.iter().all(|(sql, some)| (some.len()..some.len() * 2).contains(&room(sql))));
            assert_eq!(split.iter().flat_map(|(_, some)| some.iter().copied()).collect::<Vec<_>>(), all);
            split.iter().map(|(sql, _)| room(sql)).collect::<Vec<_>>()
        };
        assert_eq!(sizes(0), Vec::<usize>::new());
        assert_eq!(sizes(1), [1]);
        assert_eq!(sizes(13), [16]);
        assert_eq!(sizes(200), [64, 64, 64, 8]);
    }

    #[test]
    fn the_last_query_has_room_for_what_is_bound_to_it_and_commits() {
        let room = |events, rows| {
            let steps: Vec<&str> = finish(events, rows).split("; ").collect();
            assert_eq!(steps.last(), Some(&"COMMIT"));
            steps.iter().map(|step| step.matches('?').count()).collect::<Vec<_>>()
        };
        assert_eq!(room(0, 0), [0]);
        assert_eq!(room(3, 0), [4 * EVENT, 0]);
        assert_eq!(room(0, 1), [ROW, 0]);
        assert_eq!(room(1, 2), [EVENT, 2 * ROW, 0]);
        assert_eq!(room(64, 33), [64 * EVENT, 64 * ROW, 0]);
    }
}
