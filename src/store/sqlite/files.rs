//! Files in SQLite: what is known of uploads.

use super::SqliteStore;
use crate::model::Millis;
use crate::model::attachment::Attachment;
use crate::model::chat::{Event, EventBody};
use crate::model::error::Refusal;
use crate::model::ids::{ChatId, FileId};
use crate::store::{FileStore, MAX_CHAT_BYTES, NewUpload, StoreError, StoredFile, TransactError, UNATTACHED_COUNTS_MS};
use async_trait::async_trait;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

/// The columns that [`read_file`] reads.
macro_rules! select_files {
    ($rest:literal) => {
        concat!("SELECT id, chat_id, author, name, size, mime, width, height, stored, attached FROM files ", $rest)
    };
}

#[async_trait]
impl FileStore for SqliteStore {
    async fn add_upload(&self, upload: NewUpload, most: u32) -> Result<bool, StoreError> {
        let added = sqlx::query(
            "INSERT INTO files (id, chat_id, author, name, size, created_at) SELECT $1, $2, $3, $4, $5, $6 \
             WHERE (SELECT count(*) FROM files WHERE chat_id = $2 AND author = $3 AND attached = 0 AND created_at > $8) < $7 \
             AND (SELECT coalesce(sum(size), 0) FROM files WHERE chat_id = $2) + $5 <= $9",
        )
        .bind(upload.id.0)
        .bind(upload.chat.0)
        .bind(&upload.author)
        .bind(&upload.name)
        .bind(i64::try_from(upload.size).unwrap_or(i64::MAX))
        .bind(upload.at)
        .bind(most)
        .bind(upload.at - UNATTACHED_COUNTS_MS)
        .bind(i64::try_from(MAX_CHAT_BYTES).unwrap_or(i64::MAX))
        .execute(&mut *self.writer.take().await?)
        .await?;
        Ok(added.rows_affected() > 0)
    }

    async fn file(&self, id: FileId) -> Result<Option<StoredFile>, StoreError> {
        let row = sqlx::query(select_files!("WHERE id = $1")).bind(id.0).fetch_optional(&self.readers).await?;
        row.as_ref().map(read_file).transpose()
    }

    async fn files(&self, chat: ChatId, ids: &[FileId]) -> Result<Vec<StoredFile>, StoreError> {
        let rows = sqlx::query(select_files!("WHERE id IN (SELECT unhex(value) FROM json_each($1)) AND chat_id = $2"))
            .bind(list(ids))
            .bind(chat.0)
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(read_file).collect()
    }

    async fn finish_upload(&self, attachment: &Attachment) -> Result<(), StoreError> {
        // What a message has does not change any more.
        sqlx::query(
            "UPDATE files SET stored = 1, name = $2, size = $3, mime = $4, width = $5, height = $6 \
             WHERE id = $1 AND attached = 0",
        )
        .bind(attachment.id.0)
        .bind(&attachment.name)
        .bind(i64::try_from(attachment.size).unwrap_or(i64::MAX))
        .bind(&attachment.mime)
        .bind(attachment.width)
        .bind(attachment.height)
        .execute(&mut *self.writer.take().await?)
        .await?;
        Ok(())
    }

    async fn remove_upload(&self, id: FileId) -> Result<bool, StoreError> {
        let removed = sqlx::query("DELETE FROM files WHERE id = $1 AND attached = 0")
            .bind(id.0)
            .execute(&mut *self.writer.take().await?)
            .await?;
        Ok(removed.rows_affected() > 0)
    }

    async fn abandoned_uploads(&self, before: Millis, limit: u32) -> Result<Vec<FileId>, StoreError> {
        let rows =
            sqlx::query("SELECT id FROM files WHERE attached = 0 AND created_at < $1 ORDER BY created_at LIMIT $2")
                .bind(before)
                .bind(limit)
                .fetch_all(&self.readers)
                .await?;
        Ok(rows.iter().map(|row| FileId(row.get(0))).collect())
    }
}

/// The files of the messages among these events.
pub fn attached_by(events: &[Event]) -> Vec<FileId> {
    let attachments = events.iter().filter_map(|event| match &event.body {
        EventBody::Message { attachments, .. } => Some(attachments),
        _ => None,
    });
    attachments.flatten().map(|attachment| attachment.id).collect()
}

/// Whether a message of this chat may take these files: all stored for it, and in no message yet.
pub async fn check_free(
    connection: &mut SqliteConnection,
    chat: ChatId,
    files: &[FileId],
) -> Result<(), TransactError> {
    if files.is_empty() {
        return Ok(());
    }
    let row = sqlx::query(
        "SELECT count(*) FROM files WHERE id IN (SELECT unhex(value) FROM json_each($1)) AND chat_id = $2 \
         AND stored = 1 AND attached = 0",
    )
    .bind(list(files))
    .bind(chat.0)
    .fetch_one(connection)
    .await
    .map_err(StoreError::from)?;
    // A file that is named twice is counted once, and refused with the others.
    let free: i64 = row.get(0);
    if usize::try_from(free) == Ok(files.len()) { Ok(()) } else { Err(Refusal::UnknownFile.into()) }
}

/// Takes them, after [`check_free`].
pub async fn attach(connection: &mut SqliteConnection, files: &[FileId]) -> Result<(), StoreError> {
    if !files.is_empty() {
        sqlx::query("UPDATE files SET attached = 1 WHERE id IN (SELECT unhex(value) FROM json_each($1))")
            .bind(list(files))
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Ids as a JSON list, for `IN (SELECT unhex(value) FROM json_each(…))`: one statement for any number of them.
fn list(ids: &[FileId]) -> String {
    let quoted: Vec<String> = ids.iter().map(|id| format!("\"{}\"", id.0.simple())).collect();
    format!("[{}]", quoted.join(","))
}

fn read_file(row: &SqliteRow) -> Result<StoredFile, StoreError> {
    let id = FileId(row.get(0));
    let (name, size): (String, i64) = (row.get(3), row.get(4));
    let size = u64::try_from(size).map_err(|_| StoreError::Corrupt(format!("the size of file {id}: {size}")))?;
    let pixels = |column: usize| row.get::<Option<i64>, _>(column).and_then(|pixels| u32::try_from(pixels).ok());
    let mime: Option<String> = row.get(5);
    let stored: bool = row.get(8);
    let attachment = mime.filter(|_| stored).map(|mime| Attachment {
        id,
        name: name.clone(),
        mime,
        size,
        width: pixels(6),
        height: pixels(7),
    });
    Ok(StoredFile { id, chat: ChatId(row.get(1)), author: row.get(2), name, size, attachment, attached: row.get(9) })
}
