//! The bytes of files (M6): up by `PUT`, down by signed links.

use super::errors::ErrorAnswer;
use super::origin;
use super::state::AppState;
use crate::model::attachment::Attachment;
use crate::model::error::ApiError;
use crate::model::ids::FileId;
use axum::Json;
use axum::body::{Body, BodyDataStream};
use axum::extract::{Path, Query, Request, State};
use axum::http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, HeaderMap, HeaderName, HeaderValue, RANGE};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use futures::StreamExt as _;
use serde::Deserialize;
use std::ops::Range;
use std::sync::LazyLock;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use uuid::Uuid;

/// Uploads under way may fill this much memory together, in megabytes.
const UPLOADING_MB: u32 = 256;
static UPLOADING: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(UPLOADING_MB as usize));
/// Of a file that is here already or refused, so many bytes are let pass.
const MOST_DRAINED: usize = 110_000_000;
/// What still comes of a refused file is let pass for this long.
pub(super) const REFUSED_WITHIN: Duration = Duration::from_secs(10);
/// A connection that brings nothing for this long is given up.
const PIECE_WITHIN: Duration = Duration::from_secs(30);
/// An upload takes no longer than this.
const UPLOAD_WITHIN: Duration = Duration::from_secs(900);
/// After this long there may be room for another upload.
const ROOM_AFTER_MS: i64 = 3_000;

/// Takes the bytes of an upload that was permitted; answers with the stored file.
pub async fn upload(State(state): State<AppState>, Path(id): Path<Uuid>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let mut body = body.into_data_stream();
    let received = timeout(UPLOAD_WITHIN, receive(&state, FileId(id), &parts, &mut body)).await;
    match received.unwrap_or_else(|_| Err(slow())) {
        Ok(attachment) => Json(attachment).into_response(),
        Err(error) => {
            // A connection that is closed while its other end still sends breaks before the answer is read there.
            let _ = timeout(REFUSED_WITHIN, drain(&mut body)).await;
            ErrorAnswer(error).into_response()
        }
    }
}

fn slow() -> ApiError {
    ApiError::Invalid { sentence: "The connection was too slow for this file. Please try again.".into() }
}

async fn receive(
    state: &AppState,
    id: FileId,
    parts: &Parts,
    body: &mut BodyDataStream,
) -> Result<Attachment, ApiError> {
    if !origin::is_own(state, &parts.headers) {
        return Err(ApiError::NotAllowed);
    }
    let viewer = state.caller(parts).uploader().await?;
    let (file, _turn) = state.desk.expected_upload(&viewer, id).await?;
    if file.attachment.is_some() {
        // It is here already: the answer was lost. What comes again is let past.
        drain(body).await;
        return state.desk.receive_upload(file, Vec::new()).await;
    }
    let megabytes = u32::try_from(file.size.div_ceil(1_000_000)).unwrap_or(u32::MAX).min(UPLOADING_MB);
    let _room =
        UPLOADING.try_acquire_many(megabytes).map_err(|_| ApiError::TooMany { retry_after_ms: ROOM_AFTER_MS })?;
    let mut bytes = Vec::new();
    while let Some(piece) = timeout(PIECE_WITHIN, body.next()).await.map_err(|_| slow())? {
        let piece = piece.map_err(|_| ApiError::Invalid { sentence: "The file did not arrive whole.".into() })?;
        if (bytes.len() + piece.len()) as u64 > file.size {
            return Err(ApiError::Invalid { sentence: "This file is larger than announced.".into() });
        }
        bytes.extend_from_slice(&piece);
    }
    state.desk.receive_upload(file, bytes).await
}

/// Lets a bounded body pass, so that the caller hears the answer.
pub(super) async fn drain(body: &mut BodyDataStream) {
    let mut left = MOST_DRAINED;
    while let Ok(Some(Ok(piece))) = timeout(PIECE_WITHIN, body.next()).await {
        match left.checked_sub(piece.len()) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}

/// What a link to a file says besides its name.
#[derive(Deserialize)]
pub struct Link {
    until: i64,
    #[serde(default)]
    save: u8,
    signature: String,
}

/// Hands out a file to whoever has a valid link.
pub async fn download(
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    Query(link): Query<Link>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let range = headers.get(RANGE).and_then(|range| range.to_str().ok()).and_then(one_range);
    let save = link.save != 0;
    let found = state.desk.download(FileId(id), link.until, save, &link.signature, range).await;
    let download = match found {
        Ok(download) => download,
        Err(error) => return ErrorAnswer(error).into_response(),
    };
    let stored = download.stored;
    let body = if method == Method::HEAD { Body::empty() } else { Body::from_stream(stored.stream) };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    let said = crate::files::download_headers(download.kind, &download.attachment.name, save, download.seconds_left);
    for (name, value) in said {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(stored.range.end - stored.range.start));
    if stored.range != (0..stored.len) {
        let sent = format!("bytes {}-{}/{}", stored.range.start, stored.range.end.saturating_sub(1), stored.len);
        if let Ok(value) = HeaderValue::from_str(&sent) {
            headers.insert(CONTENT_RANGE, value);
        }
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    response
}

/// `bytes=10-` or `bytes=10-99`, the kinds that players ask for; of anything else the whole file is sent.
fn one_range(header: &str) -> Option<Range<u64>> {
    let (from, to) = header.strip_prefix("bytes=")?.split_once('-')?;
    let from: u64 = from.parse().ok()?;
    let end = if to.is_empty() { u64::MAX } else { to.parse::<u64>().ok()?.checked_add(1)? };
    (from < end).then_some(from..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_plain_range_is_read() {
        assert_eq!(one_range("bytes=10-"), Some(10..u64::MAX));
        assert_eq!(one_range("bytes=10-19"), Some(10..20));
        for other in ["bytes=-5", "bytes=0-1,5-6", "bytes=9-3", "items=0-1", ""] {
            assert_eq!(one_range(other), None, "{other}");
        }
    }
}
