//! Where a request comes from, for the routes that CSRF protection does not cover.

use super::state::AppState;
use axum::http::header::{HOST, HeaderMap, ORIGIN};

/// Whether the page that asks is one of ours. Requests without an `Origin` do not come from a browser's page.
pub fn is_own(state: &AppState, headers: &HeaderMap) -> bool {
    let Some(origin) = origin(headers) else { return headers.get(ORIGIN).is_none() };
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    let host = headers.get(HOST).and_then(|value| value.to_str().ok());
    authority.is_some() && authority == host || origin == state.config.public_url()
}

/// Whether the page that asks may embed the widget.
pub fn may_embed(state: &AppState, headers: &HeaderMap) -> bool {
    let allowed = &state.config.allowed_origins;
    allowed.is_empty()
        || is_own(state, headers)
        || origin(headers).is_some_and(|origin| allowed.iter().any(|site| site.eq_ignore_ascii_case(origin)))
}

fn origin(headers: &HeaderMap) -> Option<&str> {
    headers.get(ORIGIN)?.to_str().ok()
}
