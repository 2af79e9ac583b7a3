//! Page views from the website (M4): by the loader's `fetch`, and by `navigator.sendBeacon` where the page is being left, so
//! plain text that is JSON.

use super::errors::ErrorAnswer;
use super::origin;
use super::state::AppState;
use crate::model::error::ApiError;
use crate::model::ids::{CommandId, OnsiteId};
use crate::model::visitor::PageView;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

/// Longest accepted body, in bytes.
const MAX_BODY: usize = 64 << 10;
/// Most page views in one beacon.
const MAX_PAGES: usize = 20;

#[derive(Deserialize)]
struct Beacon {
    /// The visitor's, when a chat goes on.
    token: Option<String>,
    /// On websites that tell of all their visitors.
    live: Option<OnsiteId>,
    /// The key of the site that the website says to be.
    #[serde(default)]
    site: String,
    /// None when a chat has just begun on a page that was told of before.
    pages: Vec<NamedPageView>,
}

/// A page view and its name: sent twice, it is noted once.
#[derive(Deserialize)]
struct NamedPageView {
    id: CommandId,
    #[serde(flatten)]
    page: PageView,
}

/// Notes page views in the visitor's live chat, and who is on the website where that is wished. Else they are nobody's
/// business and dropped.
pub async fn page_views(State(state): State<AppState>, request: Request) -> Response {
    let headers = request.headers().clone();
    let response = match note(&state, request).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => ErrorAnswer(error).into_response(),
    };
    origin::readable(response, &headers)
}

async fn note(state: &AppState, request: Request) -> Result<(), ApiError> {
    let (parts, body) = request.into_parts();
    let body: Bytes = axum::body::to_bytes(body, MAX_BODY)
        .await
        .map_err(|_| ApiError::Invalid { sentence: "This beacon is too large.".into() })?;
    let beacon: Beacon = serde_json::from_slice(&body)
        .map_err(|_| ApiError::Invalid { sentence: "This is not a beacon with pages.".into() })?;
    let desk = &state.desk;
    if !origin::may_embed_site(state, desk.site(&beacon.site).as_ref(), &parts.headers) {
        return Err(ApiError::NotAllowed);
    }
    let pages: Vec<(CommandId, PageView)> =
        beacon.pages.into_iter().take(MAX_PAGES).map(|NamedPageView { id, page }| (id, page)).collect();
    if let Some(id) = beacon.live {
        desk.hub().onsite().saw(id, pages.clone(), crate::desk::now());
    }
    let Some(token) = beacon.token else { return Ok(()) };
    let Some(visitor) = desk.visitor(&token).await? else { return Ok(()) };
    let connection = state.caller(&parts).connection;
    let has_begun = pages.is_empty();
    desk.view_pages(visitor, &connection, pages).await?;
    match beacon.live {
        Some(id) => desk.note_chat_on_website(id, visitor, has_begun).await,
        None => Ok(()),
    }
}
