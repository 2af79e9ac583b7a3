//! Files: what is known of uploads. Their bytes are in the room `files`.

use super::StoreError;
use crate::model::Millis;
use crate::model::attachment::Attachment;
use crate::model::ids::{ChatId, FileId};
use async_trait::async_trait;

/// An upload that was permitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUpload {
    pub id: FileId,
    pub chat: ChatId,
    /// Who uploads: `visitor` or `agent:…`.
    pub author: String,
    pub name: String,
    /// In bytes, as announced.
    pub size: u64,
    pub at: Millis,
}

/// What is known of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    pub id: FileId,
    pub chat: ChatId,
    pub author: String,
    /// The clean name.
    pub name: String,
    /// In bytes: as announced, and as stored once that is so.
    pub size: u64,
    /// What it is, once its bytes are stored.
    pub attachment: Option<Attachment>,
    /// It is part of a message.
    pub attached: bool,
}

/// Most bytes of all files of one chat.
pub const MAX_CHAT_BYTES: u64 = 1_000_000_000;
/// Uploads that are in no message count for this long.
pub const UNATTACHED_COUNTS_MS: Millis = 3_600_000;

/// What is kept of files.
#[async_trait]
pub trait FileStore: Send + Sync + 'static {
    /// Notes a permitted upload; `false` when `most` of the same author's uploads within an hour are in no message yet, or
    /// the chat's files would have more than [`MAX_CHAT_BYTES`] together.
    async fn add_upload(&self, upload: NewUpload, most: u32) -> Result<bool, StoreError>;
    async fn file(&self, id: FileId) -> Result<Option<StoredFile>, StoreError>;
    /// The files of a chat with these ids, as far as there are such.
    async fn files(&self, chat: ChatId, ids: &[FileId]) -> Result<Vec<StoredFile>, StoreError>;
    /// Its bytes are stored.
    async fn finish_upload(&self, attachment: &Attachment) -> Result<(), StoreError>;
    /// Forgets a file that is in no message; `false` when it is in one, or not there.
    async fn remove_upload(&self, id: FileId) -> Result<bool, StoreError>;
    /// Files from before `before` that are in no message, at most `limit`.
    async fn abandoned_uploads(&self, before: Millis, limit: u32) -> Result<Vec<FileId>, StoreError>;
}
