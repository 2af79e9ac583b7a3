//! The log and the rows beside it, many at a time: what a batch asks and writes goes to SQLite in a few statements, because
//! each statement is a trip to the connection's thread and back.

use super::to_json;
use crate::model::chat::{Audience, Chat, Event, Status};
use crate::model::ids::{ChatId, CommandId, VisitorId};
use crate::store::{Recorded, StoreError, author_key};
use sqlx::Row;
use sqlx::sqlite::{Sqlite, SqliteConnection};
use std::collections::HashMap;
use std::sync::LazyLock;

/// Rows of one statement at most. Statements are for powers of two, so that few are ever prepared.
const MOST: usize = 64;
/// Statements for 1, 2, 4, … up to [`MOST`] rows.
const SIZES: usize = MOST.ilog2() as usize + 1;

/// The same statement for different numbers of rows.
struct Statement([&'static str; SIZES]);

impl Statement {
    /// `write` gets the number of rows, and writes `$1` and so on for all of them.
    fn new(write: impl Fn(usize) -> String) -> Self {
        // Made once for as long as the process runs.
        Statement(std::array::from_fn(|power| &*write(1 << power).leak()))
    }

    /// Splits rows into as few statements as there can be.
    fn split<'a, T>(&self, mut rows: &'a [T]) -> impl Iterator<Item = (&'static str, &'a [T])> {
        std::iter::from_fn(move || {
            let power = rows.len().min(MOST).checked_ilog2()?;
            let (some, rest) = rows.split_at(1 << power);
            rows = rest;
            Some((self.0[power as usize], some))
        })
    }
}

/// `$1, $2, …`, from this number on.
fn parameters(first: usize, count: usize) -> String {
    (first..first + count).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ")
}

/// `($1, $2), ($3, $4), …`.
fn tuples(rows: usize, columns: usize) -> String {
    (0..rows).map(|row| format!("({})", parameters(row * columns + 1, columns))).collect::<Vec<_>>().join(", ")
}

static FIND: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(|rows| {
        format!(
            "SELECT e.command_id, e.chat_id, e.seq, e.author, c.visitor_id FROM events e \
             JOIN chats c ON c.id = e.chat_id WHERE e.command_id IN ({})",
            parameters(1, rows)
        )
    })
});

static INSERT: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(|rows| {
        let rows = tuples(rows, 7);
        format!("INSERT INTO events (chat_id, seq, public, at, author, command_id, body) VALUES {rows}")
    })
});

static UPDATE: LazyLock<Statement> = LazyLock::new(|| {
    Statement::new(|rows| match rows {
        1 => "UPDATE chats SET status = $2, agent_id = $3, last_seq = $4, updated_at = $5, state = $6 WHERE id = $1"
            .into(),
        _ => format!(
            "UPDATE chats SET status = v.column2, agent_id = v.column3, last_seq = v.column4, updated_at = v.column5, \
             state = v.column6 FROM (VALUES {}) AS v WHERE chats.id = v.column1",
            tuples(rows, 6)
        ),
    })
});

/// Those of these commands that are in the log, each with its first event.
pub async fn recorded(
    connection: &mut SqliteConnection,
    commands: &[CommandId],
) -> Result<HashMap<CommandId, Recorded>, StoreError> {
    let mut found = HashMap::new();
    for (sql, some) in FIND.split(commands) {
        let query = some.iter().fold(sqlx::query::<Sqlite>(sql), |query, command| query.bind(command.0));
        for row in query.fetch_all(&mut *connection).await? {
            let (chat, visitor) = (ChatId(row.get(1)), VisitorId(row.get(4)));
            found.insert(CommandId(row.get(0)), Recorded { chat, seq: row.get(2), author: row.get(3), visitor });
        }
    }
    Ok(found)
}

/// Writes events; their chats have rows.
pub async fn insert_events(connection: &mut SqliteConnection, events: &[(ChatId, Event)]) -> Result<(), StoreError> {
    for (sql, some) in INSERT.split(events) {
        let mut query = sqlx::query::<Sqlite>(sql);
        for (chat, event) in some {
            query = query
                .bind(chat.0)
                .bind(event.seq)
                .bind(event.body.is_for(Audience::Visitor))
                .bind(event.at)
                .bind(author_key(&event.by))
                .bind(event.command.map(|command| command.0))
                .bind(to_json(&(&event.by, &event.body))?);
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// Brings the rows of these chats up to their states. Each chat is named once.
pub async fn write_rows(connection: &mut SqliteConnection, chats: &[&Chat]) -> Result<(), StoreError> {
    for (sql, some) in UPDATE.split(chats) {
        let mut query = sqlx::query::<Sqlite>(sql);
        for chat in some {
            debug_assert!(chat.status != Status::New);
            query = query
                .bind(chat.id.0)
                .bind(chat.status.as_str())
                .bind(chat.agent.as_ref().map(|agent| agent.id.0))
                .bind(chat.last_seq)
                .bind(chat.updated_at)
                .bind(to_json(chat)?);
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_split_into_few_statements_and_none_is_left_out() {
        let sizes = |rows: usize| {
            let all: Vec<usize> = (0..rows).collect();
            let split: Vec<(&str, &[usize])> = INSERT.split(&all).collect();
            assert!(split.iter().all(|(sql, some)| sql.matches('(').count() == some.len() + 1));
            assert_eq!(split.iter().flat_map(|(_, some)| some.iter().copied()).collect::<Vec<_>>(), all);
            split.iter().map(|(_, some)| some.len()).collect::<Vec<_>>()
        };
        assert_eq!(sizes(0), Vec::<usize>::new());
        assert_eq!(sizes(1), [1]);
        assert_eq!(sizes(13), [8, 4, 1]);
        assert_eq!(sizes(200), [64, 64, 64, 8]);
    }
}
