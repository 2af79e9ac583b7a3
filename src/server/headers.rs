//! Security headers of the pages.

use super::origin;
use super::state::AppState;
use crate::model::site::Site;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// Who may show a page in a frame.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Framing<'a> {
    Nobody,
    /// The websites of `FRONTDESK_ALLOWED_ORIGINS` and those of all sites; without the former, any.
    AllowedSites,
    /// The same of a page of one site, which its own websites alone may show when it has some.
    Site(&'a Site),
}

/// The headers of a page: everything comes from this server, nothing is inline, and only allowed sites may frame it.
pub fn page(state: &AppState, framing: Framing<'_>) -> HeaderMap {
    page_with(state, framing, "")
}

/// The same of a page in which this style sheet stands, if it is not empty, and no other.
pub fn page_with(state: &AppState, framing: Framing<'_>, style: &str) -> HeaderMap {
    let ancestors = match framing {
        Framing::Nobody => "'none'".to_owned(),
        Framing::AllowedSites => ancestors(origin::embedding(state)),
        Framing::Site(site) => ancestors(origin::embedding_site(state, site)),
    };
    // The development server reloads pages by an inline script and a socket of its own.
    let watching = cfg!(debug_assertions) && std::env::var_os("LEPTOS_WATCH").is_some();
    let (script, connect) = if watching { (" 'unsafe-inline'", " ws:") } else { ("", "") };
    let style = match style {
        "" => String::new(),
        style => format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(style))),
    };
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{script}; style-src 'self'{style}; img-src 'self' data: blob:; \
         font-src 'self'; media-src 'self'; connect-src 'self'{connect}; base-uri 'none'; form-action 'self'; \
         frame-src 'self'; frame-ancestors {ancestors}"
    );
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(&policy) {
        headers.insert(CONTENT_SECURITY_POLICY, value);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "strict-origin-when-cross-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers
}

fn ancestors(allowed: Option<Vec<String>>) -> String {
    allowed.map_or_else(|| "*".to_owned(), |origins| format!("'self' {}", origins.join(" ")))
}
