//! Files, for both sides: permission to upload, and links to read. The bytes go to and come from `/files`.

use crate::model::attachment::FileLink;
use crate::model::error::ApiError;
use crate::model::ids::{ChatId, FileId};
use leptos::server;
use server_fn::codec::Json;

/// Asks to upload a file of this name and size, in bytes, to a chat. Its bytes are then `PUT` to `/files/{id}`.
#[server(prefix = "/api", endpoint = "visitor/upload", input = Json, output = Json)]
pub async fn visitor_upload(chat: ChatId, name: String, size: u64) -> Result<FileId, ApiError> {
    let caller = super::Caller::current();
    caller.desk.open_upload(&caller.uploader().await?, chat, &name, size).await
}

/// Links to files of a chat; those that are not there, or not the caller's, are left out.
#[server(prefix = "/api", endpoint = "visitor/file-links", input = Json, output = Json)]
pub async fn visitor_file_links(chat: ChatId, files: Vec<FileId>) -> Result<Vec<FileLink>, ApiError> {
    let caller = super::Caller::current();
    caller.desk.file_links(&caller.uploader().await?, chat, &files).await
}

/// As [`visitor_upload`], for an agent.
#[server(prefix = "/api", endpoint = "agent/upload", input = Json, output = Json)]
pub async fn agent_upload(chat: ChatId, name: String, size: u64) -> Result<FileId, ApiError> {
    let caller = super::Caller::current();
    caller.desk.open_upload(&caller.uploader().await?, chat, &name, size).await
}

/// As [`visitor_file_links`], for an agent.
#[server(prefix = "/api", endpoint = "agent/file-links", input = Json, output = Json)]
pub async fn agent_file_links(chat: ChatId, files: Vec<FileId>) -> Result<Vec<FileLink>, ApiError> {
    let caller = super::Caller::current();
    caller.desk.file_links(&caller.uploader().await?, chat, &files).await
}
