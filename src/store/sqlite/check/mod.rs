//! Whether what is kept is as it should be. Reads in small transactions, a page of chats or tickets at a time, so that it
//! runs beside a server, needs the same memory for a million chats as for ten, and does not keep SQLite from tidying up.

mod chat;
mod chats;
mod outbox;
mod tickets;

use super::SqliteStore;
use super::reader::SqliteReader;
use crate::store::StoreError;
use futures::TryStreamExt as _;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

/// Chats or tickets read in one transaction.
const PAGE: u32 = 200;

/// What was looked at, and how much of it is wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    pub chats: u64,
    pub events: u64,
    pub tickets: u64,
    pub jobs: u64,
    pub wrong: u64,
}

/// Takes what is found, one sentence at a time.
pub type Tell<'a> = &'a mut (dyn FnMut(String) + Send);

/// What was found so far.
struct Report<'a> {
    tell: Tell<'a>,
    checked: Checked,
}

impl Report<'_> {
    fn wrong(&mut self, sentence: String) {
        self.checked.wrong += 1;
        (self.tell)(sentence);
    }
}

impl SqliteReader {
    /// Looks at everything in the database, and tells what is wrong.
    ///
    /// # Errors
    /// [`StoreError::OlderSchema`]; others when it cannot be read so far that looking on has no point.
    pub async fn check(&mut self, tell: Tell<'_>) -> Result<Checked, StoreError> {
        let (found, known) = (self.schema().await?, SqliteStore::schema());
        if found < known {
            return Err(StoreError::OlderSchema { found, known });
        }
        let mut report = Report { tell, checked: Checked::default() };
        file(&mut self.connection, &mut report).await?;
        chats::check(&mut self.connection, &mut report).await?;
        tickets::check(&mut self.connection, &mut report).await?;
        outbox::check(&mut self.connection, &mut report).await?;
        Ok(report.checked)
    }
}

/// What SQLite itself says: pages, indexes, the search's own tables, and rows that others are named by.
async fn file(connection: &mut SqliteConnection, report: &mut Report<'_>) -> Result<(), StoreError> {
    let mut rows = sqlx::query("PRAGMA integrity_check").fetch(&mut *connection);
    while let Some(row) = rows.try_next().await? {
        let said: String = row.get(0);
        if said != "ok" {
            report.wrong(format!("SQLite says of the file: {said}."));
        }
    }
    drop(rows);
    let mut rows = sqlx::query("PRAGMA foreign_key_check").fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let (table, parent): (String, String) = (row.get(0), row.get(2));
        let which = row.get::<Option<i64>, _>(1).map_or_else(String::new, |id| format!(" {id}"));
        report.wrong(format!("Row{which} of {table} names a row of {parent} that is not there."));
    }
    Ok(())
}

/// What is the same for a search whatever white space and control characters stand between the words: the migration that
/// brought search wrote them a little differently.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty())
}

async fn begin(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query("BEGIN").execute(connection).await?;
    Ok(())
}

async fn commit(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query("COMMIT").execute(connection).await?;
    Ok(())
}
