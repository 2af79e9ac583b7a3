//! Where a request comes from, for the routes that CSRF protection does not cover.

use super::state::AppState;
use crate::model::site::Site;
use axum::http::StatusCode;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, HOST, HeaderMap, HeaderValue, ORIGIN, VARY};
use axum::response::Response;

/// Whether the page that asks is one of ours. Requests without an `Origin` do not come from a browser's page.
pub fn is_own(state: &AppState, headers: &HeaderMap) -> bool {
    let Some(origin) = origin(headers) else { return headers.get(ORIGIN).is_none() };
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    let host = headers.get(HOST).and_then(|value| value.to_str().ok());
    authority.is_some() && authority == host || origin == state.config.public_url()
}

/// Whether the page that asks may embed the widget of this site; without one, the widget that names none.
pub fn may_embed_site(state: &AppState, site: Option<&Site>, headers: &HeaderMap) -> bool {
    let allowed = site.map_or_else(|| embedding(state), |site| embedding_site(state, site));
    let Some(allowed) = allowed else { return true };
    is_own(state, headers)
        || origin(headers).is_some_and(|origin| allowed.iter().any(|site| site.eq_ignore_ascii_case(origin)))
}

/// The websites that may embed the widget, whichever site they are: those of the configuration and of all sites. `None` is
/// any: without the configuration every website may embed the widget that names no site.
pub fn embedding(state: &AppState) -> Option<Vec<String>> {
    let configured = &state.config.allowed_origins;
    let sites = state.desk.sites();
    let of_sites = sites.iter().flat_map(|site| &site.form.origins);
    (!configured.is_empty()).then(|| configured.iter().chain(of_sites).cloned().collect())
}

/// The websites that may embed the widget of this site: its own, and those of the configuration. `None` is any.
pub fn embedding_site(state: &AppState, site: &Site) -> Option<Vec<String>> {
    let all: Vec<String> = state.config.allowed_origins.iter().chain(&site.form.origins).cloned().collect();
    (!all.is_empty()).then_some(all)
}

/// Lets the page that asked read the answer, unless it is refused as a whole. It is asked without credentials.
pub fn readable(mut response: Response, asked: &HeaderMap) -> Response {
    if let Some(origin) = asked.get(ORIGIN).filter(|_| response.status() != StatusCode::FORBIDDEN) {
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    }
    response.headers_mut().append(VARY, HeaderValue::from_static("origin"));
    response
}

fn origin(headers: &HeaderMap) -> Option<&str> {
    headers.get(ORIGIN)?.to_str().ok()
}
