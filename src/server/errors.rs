//! One place where an error becomes a status and a sentence: JSON for programs, a page for people.

use super::headers::{self, Framing};
use super::page;
use super::state::AppState;
use crate::model::error::ApiError;
use crate::site;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

/// An [`ApiError`] as an answer of its own.
pub struct ErrorAnswer(pub ApiError);

impl IntoResponse for ErrorAnswer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(&self.0)).into_response();
        if let ApiError::TooMany { retry_after_ms } | ApiError::Busy { retry_after_ms } = self.0 {
            response.headers_mut().insert("retry-after", (retry_after_ms / 1_000).max(1).into());
        }
        response
    }
}

impl From<ApiError> for ErrorAnswer {
    fn from(error: ApiError) -> Self {
        ErrorAnswer(error)
    }
}

/// The page for an address that leads nowhere.
pub async fn not_found(State(state): State<AppState>) -> Response {
    error_page(
        &state,
        StatusCode::NOT_FOUND,
        "There is nothing here",
        "The address may be mistyped, or the page has moved.",
    )
}

/// A page that says what went wrong.
pub fn error_page(state: &AppState, status: StatusCode, title: &'static str, sentence: &'static str) -> Response {
    let html = page::site(title, move || site::error(title, sentence));
    (status, headers::page(state, Framing::Nobody), Html(html)).into_response()
}
