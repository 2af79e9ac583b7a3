//! One chat: its log, and all that is derived from it.

use super::super::outbox::has_job;
use super::super::search::{Text, visitor_of};
use super::{Report, words};
use crate::model::chat::{Audience, Author, Chat, Event, EventBody, Status};
use crate::model::ids::{ChatId, CommandId, FileId};
use crate::model::ticket::TicketRef;
use crate::store::{StoreError, author_key};
use futures::TryStreamExt as _;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use std::collections::{BTreeMap, BTreeSet};

/// What lists are sorted and found by.
pub struct Columns {
    pub id: i64,
    pub visitor: i64,
    pub status: String,
    pub agent: Option<i64>,
    pub last_seq: i64,
    pub updated_at: i64,
}

/// What the log says.
struct Told {
    fold: Chat,
    /// What was said, as the search should have it.
    said: Text,
    /// Files in messages, and their sizes in bytes.
    files: Vec<(FileId, i64)>,
    tickets: Vec<TicketRef>,
    /// When somebody was blocked, and until when.
    blocks: Vec<(i64, i64)>,
    /// Jobs that must have been made, any one of each.
    jobs: Vec<Vec<String>>,
    /// Every event could be read, in order.
    is_whole: bool,
}

/// Looks at a chat, whose state was read before in the same transaction.
pub async fn check(
    connection: &mut SqliteConnection,
    columns: &Columns,
    state: &Chat,
    report: &mut Report<'_>,
) -> Result<(), StoreError> {
    let told = read_log(connection, columns.id, report).await?;
    if !told.is_whole {
        // What is derived from a log that is not whole proves nothing.
        return Ok(());
    }
    let id = columns.id;
    if !is_fold(state, &told.fold) {
        report.wrong(format!("The state of chat {id} is not what its log says."));
    }
    let visitor = state.visitor.as_ref().map(|visitor| visitor.id.0);
    let agent = state.agent.as_ref().map(|agent| agent.id.0);
    if columns.status != state.status.as_str()
        || (columns.last_seq, columns.updated_at) != (state.last_seq, state.updated_at)
        || columns.agent != agent
        || Some(columns.visitor) != visitor
    {
        report.wrong(format!("The row of chat {id} in the lists is not what its state says."));
    }
    if state.status == Status::Ended {
        check_search(connection, state, told.said, report).await?;
    }
    check_files(connection, id, told.files, report).await?;
    for ticket in told.tickets {
        let made = sqlx::query("SELECT EXISTS (SELECT 1 FROM tickets WHERE id = $1 AND chat_id = $2)");
        let row = made.bind(ticket.id.0).bind(id).fetch_one(&mut *connection).await?;
        if !row.get::<bool, _>(0) {
            report.wrong(format!("Ticket {} was made of chat {id}, but is not there.", ticket.id));
        }
    }
    for (at, until) in told.blocks {
        let noted = sqlx::query("SELECT EXISTS (SELECT 1 FROM blocks WHERE chat_id = $1 AND at = $2 AND until = $3)");
        let row = noted.bind(id).bind(at).bind(until).fetch_one(&mut *connection).await?;
        if !row.get::<bool, _>(0) {
            report.wrong(format!("The visitor of chat {id} was blocked, but the list of blocks does not have it."));
        }
    }
    for names in told.jobs {
        let mut is_there = false;
        for name in &names {
            is_there |= has_job(connection, name).await?;
        }
        if !is_there {
            report.wrong(format!("Chat {id} needs a mail that the outbox does not have: {}.", names.join(" or ")));
        }
    }
    Ok(())
}

/// Reads the log in order and folds it.
async fn read_log(connection: &mut SqliteConnection, id: i64, report: &mut Report<'_>) -> Result<Told, StoreError> {
    let mut told = Told {
        fold: Chat::new(ChatId(id)),
        said: Text::of_chat(),
        files: Vec::new(),
        tickets: Vec::new(),
        blocks: Vec::new(),
        jobs: Vec::new(),
        is_whole: true,
    };
    let mut rows =
        sqlx::query("SELECT seq, public, at, author, command_id, body FROM events WHERE chat_id = $1 ORDER BY seq")
            .bind(id)
            .fetch(connection);
    while let Some(row) = rows.try_next().await? {
        report.checked.events += 1;
        match read_event(&row) {
            Ok(event) => take(&mut told, &row, &event, report),
            Err(error) => {
                report.wrong(format!("Event {} of chat {id} cannot be read: {error}.", row.get::<i64, _>(0)));
                told.is_whole = false;
            }
        }
    }
    Ok(told)
}

fn read_event(row: &SqliteRow) -> Result<Event, serde_json::Error> {
    let (by, body): (Author, EventBody) = serde_json::from_str(row.get(5))?;
    let command = row.get::<Option<uuid::Uuid>, _>(4).map(CommandId);
    Ok(Event { seq: row.get(0), at: row.get(2), by, command, body })
}

fn take(told: &mut Told, row: &SqliteRow, event: &Event, report: &mut Report<'_>) {
    let (id, seq) = (told.fold.id, event.seq);
    let expected = told.fold.last_seq + 1;
    if seq != expected {
        report.wrong(format!("The log of chat {id} goes from {} to {seq}.", expected - 1));
        told.is_whole = false;
    }
    if event.body == EventBody::Unknown {
        report.wrong(format!("Event {seq} of chat {id} is of a kind that this Frontdesk does not know."));
        told.is_whole = false;
    }
    if row.get::<bool, _>(1) != event.body.is_for(Audience::Visitor) {
        report.wrong(format!("Event {seq} of chat {id} is not marked for those who may see it."));
    }
    if row.get::<String, _>(3) != author_key(&event.by) {
        report.wrong(format!("Event {seq} of chat {id} names another author in its column than in itself."));
    }
    match &event.body {
        EventBody::Message { text, attachments } => {
            told.said.add_message(text, attachments);
            told.files.extend(attachments.iter().map(|file| (file.id, i64::try_from(file.size).unwrap_or(i64::MAX))));
        }
        EventBody::TicketCreated { ticket } => told.tickets.push(ticket.clone()),
        EventBody::Blocked { until, .. } => told.blocks.push((event.at, *until)),
        // Of chats that no agent accepted not all are mailed.
        EventBody::Ended if told.fold.was_accepted() && email(&told.fold).is_some() => {
            told.jobs.push(vec![format!("transcript-{id}")]);
        }
        EventBody::TranscriptRequested { .. } => {
            told.jobs.push(vec![format!("transcript-{id}-{seq}"), format!("transcript-{id}")]);
        }
        _ => {}
    }
    told.fold.apply(event);
}

fn email(chat: &Chat) -> Option<&str> {
    chat.visitor.as_ref()?.email.as_ref().map(|email| email.as_str())
}

/// Whether a state is the fold of its log. The first Frontdesk did not note where the transcript goes when a chat ends.
fn is_fold(state: &Chat, fold: &Chat) -> bool {
    if state == fold {
        return true;
    }
    let mut without = fold.clone();
    let noted_at_the_end = fold.was_accepted() && fold.transcripts.first().map(|to| to.as_str()) == email(fold);
    if noted_at_the_end && !without.transcripts.is_empty() {
        without.transcripts.remove(0);
    }
    *state == without
}

async fn check_search(
    connection: &mut SqliteConnection,
    state: &Chat,
    said: Text,
    report: &mut Report<'_>,
) -> Result<(), StoreError> {
    let row = sqlx::query("SELECT visitor, text FROM chat_search WHERE rowid = $1")
        .bind(state.id.0)
        .fetch_optional(connection)
        .await?;
    // One that is not there at all is told with its page.
    let Some(row) = row else { return Ok(()) };
    let is_full = said.is_full();
    let said = said.into_written();
    let (visitor, text): (&str, &str) = (row.get(0), row.get(1));
    // The two may be cut at different places.
    let same = match is_full {
        true => words(text).zip(words(&said)).all(|(a, b)| a.starts_with(b) || b.starts_with(a)),
        false => words(text).eq(words(&said)),
    };
    if !same || !words(visitor).eq(words(&visitor_of(state))) {
        report.wrong(format!("The search has other words for chat {} than its log.", state.id));
    }
    Ok(())
}

/// Whether the files of the chat that are in a message are those that its messages name.
async fn check_files(
    connection: &mut SqliteConnection,
    id: i64,
    mut named: Vec<(FileId, i64)>,
    report: &mut Report<'_>,
) -> Result<(), StoreError> {
    let rows = sqlx::query("SELECT id, size FROM files WHERE chat_id = $1 AND attached = 1")
        .bind(id)
        .fetch_all(connection)
        .await?;
    let kept: BTreeMap<FileId, i64> = rows.iter().map(|row| (FileId(row.get(0)), row.get(1))).collect();
    for (file, _) in named.iter().filter(|(file, size)| kept.get(file) != Some(size)) {
        report.wrong(format!("A message of chat {id} has file {file}, which is not kept as it should be."));
    }
    let ids: BTreeSet<FileId> = named.iter().map(|(file, _)| *file).collect();
    for file in kept.keys().filter(|file| !ids.contains(file)) {
        report.wrong(format!("File {file} of chat {id} counts as sent, but no message has it."));
    }
    named.sort_unstable();
    if let Some(pair) = named.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        report.wrong(format!("File {} of chat {id} is in two messages.", pair[0].0));
    }
    Ok(())
}
