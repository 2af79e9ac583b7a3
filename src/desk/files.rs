//! Files (M6): who may upload and read them. Files belong to a chat; only its own parties have anything to do with them.

use super::upload_turns::UploadTurn;
use super::{Desk, RETRY_AFTER_MS, now, unreadable, unwritable};
use crate::files::{self, Kind, Prepared, Rejected, Stored};
use crate::live::Viewer;
use crate::model::Millis;
use crate::model::attachment::{self, Attachment, FileLink};
use crate::model::chat::{self, Actor};
use crate::model::error::{ApiError, Refusal};
use crate::model::ids::{ChatId, FileId};
use crate::store::{NewUpload, StoreError, StoredFile, author_key};
use bytes::Bytes;
use uuid::Uuid;

/// Uploads of one side of a chat within an hour that may be in no message yet.
const MOST_UNATTACHED: u32 = 50;
/// Links asked for at one time.
const MOST_LINKS: usize = 100;
/// An upload that is in no message after this time is forgotten.
const ABANDONED_AFTER_MS: Millis = 24 * 3_600_000;
/// Abandoned uploads forgotten at one time.
const TIDY_AT_ONCE: u32 = 100;

/// A file that is handed out.
pub struct Download {
    pub attachment: Attachment,
    pub kind: Kind,
    pub stored: Stored,
    /// How long the link still works, in seconds.
    pub seconds_left: u64,
}

fn invalid(sentence: impl ToString) -> ApiError {
    ApiError::Invalid { sentence: sentence.to_string() }
}

fn failed(error: impl std::fmt::Display) -> ApiError {
    tracing::error!(%error, "a file could not be stored");
    ApiError::NotStored
}

impl Desk {
    /// Permits an upload to a chat that goes on, and names it.
    ///
    /// # Errors
    /// [`ApiError::NoSuchChat`] for another's chat, a refusal of [`chat::may_write`] or [`attachment::check_size`], [`ApiError::Invalid`] when there are too many,
    /// [`ApiError::TooMany`].
    pub async fn open_upload(&self, viewer: &Viewer, chat: ChatId, name: &str, size: u64) -> Result<FileId, ApiError> {
        let found = self.visible_chat(viewer, chat).await?;
        chat::may_write(&found, &actor_of(viewer))?;
        attachment::check_size(size, self.rules().max_file_bytes())?;
        let author = author_of(viewer);
        if !self.inner.uploads.allows(&format!("{chat}:{author}")) {
            return Err(ApiError::TooMany { retry_after_ms: RETRY_AFTER_MS });
        }
        let id = FileId(Uuid::now_v7());
        let upload = NewUpload { id, chat, author, name: files::clean_name(name), size, at: now() };
        if self.store().add_upload(upload, MOST_UNATTACHED).await.map_err(unwritable)? {
            Ok(id)
        } else {
            Err(invalid("This chat has as many files as are possible, or too many that were never sent."))
        }
    }

    /// The permitted upload of this caller, before its bytes come: as many as announced. While the turn is kept, the same
    /// file comes from nowhere else.
    ///
    /// # Errors
    /// [`ApiError::NoSuchFile`] unless the caller opened it, [`ApiError::TooMany`] when it is not its turn.
    pub async fn expected_upload(&self, viewer: &Viewer, id: FileId) -> Result<(StoredFile, UploadTurn), ApiError> {
        let file = self.store().file(id).await.map_err(unreadable)?.ok_or(ApiError::NoSuchFile)?;
        let turn = self.inner.upload_turns.take(id, file.chat, &file.author);
        let turn = turn.ok_or(ApiError::TooMany { retry_after_ms: RETRY_AFTER_MS })?;
        // As it is now that nobody else changes it.
        let file = self.store().file(id).await.map_err(unreadable)?.ok_or(ApiError::NoSuchFile)?;
        let chat = self.visible_chat(viewer, file.chat).await.map_err(|_| ApiError::NoSuchFile)?;
        if file.author != author_of(viewer) {
            return Err(ApiError::NoSuchFile);
        }
        chat::may_write(&chat, &actor_of(viewer))?;
        Ok((file, turn))
    }

    /// Checks and stores the bytes of an upload. Again: answers as the first time.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] with the reason when the file is not one that may be sent, [`ApiError::NotStored`].
    pub async fn receive_upload(&self, file: StoredFile, bytes: Vec<u8>) -> Result<Attachment, ApiError> {
        if let Some(attachment) = file.attachment {
            return Ok(attachment);
        }
        if bytes.len() as u64 != file.size {
            return Err(invalid("This file did not arrive whole. Please try again."));
        }
        let (kind, prepared) = match checked(&file.name, bytes).await {
            Ok(checked) => checked,
            Err(rejected) => {
                // It was for nothing, and takes no place.
                self.store().remove_upload(file.id).await.map_err(unwritable)?;
                return Err(Refusal::from(rejected).into());
            }
        };
        let attachment = Attachment {
            id: file.id,
            name: files::file_name(&file.name, kind),
            mime: kind.mime.to_owned(),
            size: prepared.bytes.len() as u64,
            width: prepared.dimensions.map(|(width, _)| width),
            height: prepared.dimensions.map(|(_, height)| height),
        };
        self.inner.files.put(file.id.0, Bytes::from(prepared.bytes)).await.map_err(failed)?;
        self.store().finish_upload(&attachment).await.map_err(unwritable)?;
        Ok(attachment)
    }

    /// Links to stored files of a chat, to be shown and to be saved; valid for a few minutes.
    ///
    /// # Errors
    /// [`ApiError::NoSuchChat`] for another's chat.
    pub async fn file_links(&self, viewer: &Viewer, chat: ChatId, ids: &[FileId]) -> Result<Vec<FileLink>, ApiError> {
        self.visible_chat(viewer, chat).await?;
        let ids = &ids[..ids.len().min(MOST_LINKS)];
        let author = author_of(viewer);
        let until = files::expiry_ms(now());
        let link = |id: FileId, download: bool| {
            let signature = self.inner.links.sign(&id.to_string(), until, download);
            format!("/files/{id}?until={until}&save={}&signature={signature}", u8::from(download))
        };
        let found = self.store().files(chat, ids).await.map_err(unreadable)?;
        // What is in no message yet is only its uploader's.
        let readable =
            found.into_iter().filter(|file| file.attachment.is_some() && (file.attached || file.author == author));
        Ok(readable
            .map(|file| FileLink { id: file.id, url: link(file.id, false), download: link(file.id, true) })
            .collect())
    }

    /// Opens a file for whoever has a valid link.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] for a link that is not valid (any more), [`ApiError::NoSuchFile`].
    pub async fn download(
        &self,
        id: FileId,
        until: Millis,
        save: bool,
        signature: &str,
        range: Option<std::ops::Range<u64>>,
    ) -> Result<Download, ApiError> {
        let now = now();
        self.inner
            .links
            .verify(&id.to_string(), until, save, signature, now)
            .map_err(|_| invalid("This link is not valid any more. Open the file from the chat again."))?;
        let file = self.store().file(id).await.map_err(unreadable)?.ok_or(ApiError::NoSuchFile)?;
        let attachment = file.attachment.ok_or(ApiError::NoSuchFile)?;
        let kind = Kind::from_mime(&attachment.mime).ok_or(ApiError::NoSuchFile)?;
        // One that begins behind the end is no part of it: the whole file is sent.
        let range = range.filter(|range| range.start < attachment.size);
        let stored = self.inner.files.get(id.0, range).await.map_err(|error| {
            tracing::error!(%error, %id, "a file cannot be read");
            ApiError::Internal
        })?;
        let stored = stored.ok_or(ApiError::NoSuchFile)?;
        let seconds_left = u64::try_from((until - now) / 1_000).unwrap_or(0);
        Ok(Download { attachment, kind, stored, seconds_left })
    }

    /// Forgets uploads that were never sent.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn tidy_uploads(&self) -> Result<(), StoreError> {
        loop {
            let old = self.store().abandoned_uploads(now() - ABANDONED_AFTER_MS, TIDY_AT_ONCE).await?;
            for id in &old {
                // The row first: should the bytes stay behind, nobody finds them.
                if self.store().remove_upload(*id).await?
                    && let Err(error) = self.inner.files.delete(id.0).await
                {
                    tracing::warn!(%error, %id, "an abandoned file could not be deleted");
                }
            }
            if old.len() < TIDY_AT_ONCE as usize {
                return Ok(());
            }
        }
    }
}

/// What the bytes are, and what of them is stored.
async fn checked(name: &str, bytes: Vec<u8>) -> Result<(Kind, Prepared), Rejected> {
    let name = name.to_owned();
    let sniffed = tokio::task::spawn_blocking(move || files::sniff(&bytes, &name).map(|kind| (kind, bytes))).await;
    // Should looking at it fail altogether, it is not a file to pass on.
    let (kind, bytes) = sniffed.map_err(|_| Rejected::BrokenPicture)??;
    let prepared = files::prepare_in_turn(kind, bytes).await?;
    Ok((kind, prepared))
}

/// Whoever looks is also who acts.
fn actor_of(viewer: &Viewer) -> Actor {
    match viewer {
        Viewer::Visitor(id) => Actor::Visitor(*id),
        Viewer::Agent(agent) => Actor::Agent(agent.to_ref()),
    }
}

fn author_of(viewer: &Viewer) -> String {
    author_key(&actor_of(viewer).author())
}
