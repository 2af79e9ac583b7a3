//! Whether somebody is available: the loader asks when a greeting is due, from a page of somebody else.

use super::errors::ErrorAnswer;
use super::state::AppState;
use super::{origin, page};
use crate::model::error::ApiError;
use crate::ui::words;
use crate::widget::HostWords;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, HeaderMap, VARY};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

/// So long a browser need not ask again, whichever page of the website it is on.
const FRESH_FOR: &str = "max-age=10";

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// The key of the site that the website says to be.
    site: String,
    /// As in the widget's address.
    lang: String,
}

#[derive(Serialize)]
struct Answer {
    available: bool,
    /// What the loader says beside the greeting.
    words: HostWords,
}

/// As the widget of this site would find it. It says nothing of anybody, and is told to websites that may embed it.
pub async fn available(State(state): State<AppState>, Query(asked): Query<Asked>, headers: HeaderMap) -> Response {
    let response = match answer(&state, &asked, &headers).await {
        Ok(answer) => ([(CACHE_CONTROL, FRESH_FOR), (VARY, ACCEPT_LANGUAGE.as_str())], Json(answer)).into_response(),
        Err(error) => ErrorAnswer(error).into_response(),
    };
    origin::readable(response, &headers)
}

async fn answer(state: &AppState, asked: &Asked, headers: &HeaderMap) -> Result<Answer, ApiError> {
    let site = state.desk.site(&asked.site);
    if !origin::may_embed_site(state, site.as_ref(), headers) {
        return Err(ApiError::NotAllowed);
    }
    let (available, _) = state.desk.offered_departments(site.as_ref()).await?;
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let words = page::with_language(words::choose(&asked.lang, accepted), HostWords::here);
    Ok(Answer { available, words })
}
