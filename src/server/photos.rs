//! Photos of agents: up by `PUT` for their agent and for admins, down for everybody who knows the name.

use super::errors::ErrorAnswer;
use super::files::{REFUSED_WITHIN, drain};
use super::origin;
use super::state::AppState;
use crate::files::PHOTO_MIME;
use crate::model::agent::Role;
use crate::model::error::{ApiError, Refusal};
use crate::model::ids::{AgentId, PhotoId};
use crate::model::settings::MAX_PHOTO_BYTES;
use axum::Json;
use axum::body::{Body, BodyDataStream};
use axum::extract::{Path, Request, State};
use axum::http::header::{CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use futures::StreamExt as _;
use std::sync::LazyLock;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;
use uuid::Uuid;

/// Photos that are on their way at one time.
static UPLOADING: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(4));
/// An upload takes no longer than this.
const UPLOAD_WITHIN: Duration = Duration::from_secs(60);
/// After this long there may be room for another one.
const ROOM_AFTER_MS: i64 = 3_000;

/// Takes the picture in the body as the agent's photo; answers with its name.
pub async fn upload(State(state): State<AppState>, Path(agent): Path<i64>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let mut body = body.into_data_stream();
    let received = timeout(UPLOAD_WITHIN, receive(&state, &parts, AgentId(agent), &mut body)).await;
    let changed = match received.unwrap_or(Err(ApiError::Busy { retry_after_ms: ROOM_AFTER_MS })) {
        // It is brought to its end also when nobody waits for the answer any more: no file is left without a name.
        Ok((picture, room)) => {
            let desk = state.desk.clone();
            let set = tokio::spawn(async move {
                let _room = room;
                desk.set_photo(AgentId(agent), Some(picture)).await
            });
            set.await.unwrap_or(Err(ApiError::Internal))
        }
        Err(error) => {
            // So that the answer is heard: see `files::upload`.
            let _ = timeout(REFUSED_WITHIN, drain(&mut body)).await;
            Err(error)
        }
    };
    match changed {
        Ok(photo) => Json(photo).into_response(),
        Err(error) => ErrorAnswer(error).into_response(),
    }
}

async fn receive(
    state: &AppState,
    parts: &Parts,
    agent: AgentId,
    body: &mut BodyDataStream,
) -> Result<(Vec<u8>, SemaphorePermit<'static>), ApiError> {
    may_change(state, parts, agent).await?;
    let room = UPLOADING.try_acquire().map_err(|_| ApiError::TooMany { retry_after_ms: ROOM_AFTER_MS })?;
    let mut picture = Vec::new();
    while let Some(piece) = body.next().await {
        let piece = piece.map_err(|_| ApiError::Invalid { sentence: "The picture did not arrive whole.".into() })?;
        if (picture.len() + piece.len()) as u64 > MAX_PHOTO_BYTES {
            return Err(Refusal::FileTooLarge { max: MAX_PHOTO_BYTES }.into());
        }
        picture.extend_from_slice(&piece);
    }
    Ok((picture, room))
}

/// Removes the agent's photo.
pub async fn remove(State(state): State<AppState>, Path(agent): Path<i64>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let remove = async {
        may_change(&state, &parts, AgentId(agent)).await?;
        state.desk.set_photo(AgentId(agent), None).await
    };
    match remove.await {
        Ok(photo) => Json(photo).into_response(),
        Err(error) => ErrorAnswer(error).into_response(),
    }
}

/// Agents change their own, admins that of everybody, and other websites nobody's.
async fn may_change(state: &AppState, parts: &Parts, agent: AgentId) -> Result<(), ApiError> {
    if !origin::is_own(state, &parts.headers) {
        return Err(ApiError::NotAllowed);
    }
    let caller = state.caller(parts).agent().await?;
    if caller.id != agent && caller.role != Role::Admin {
        return Err(ApiError::NotAllowed);
    }
    state.desk.may_set_photo(caller.id)
}

/// Shows a photo. What has another look has another name: browsers may keep it.
pub async fn show(State(state): State<AppState>, Path(id): Path<Uuid>) -> Response {
    let stored = match state.desk.photo(PhotoId(id)).await {
        Ok(stored) => stored,
        Err(error) => return ErrorAnswer(error).into_response(),
    };
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("content-type", PHOTO_MIME),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "public, max-age=31536000, immutable"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.insert(CONTENT_LENGTH, HeaderValue::from(stored.len));
    (headers, Body::from_stream(stored.stream)).into_response()
}
