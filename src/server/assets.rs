//! Assets: what the build made, inside the binary, under a path that changes with the content and is cached for ever.
//!
//! A release has them compressed beside themselves (`.br`, `.gz`). A debug build reads them from the disk, styles and
//! loader from their sources, so that a change shows at the next reload.

use axum::body::Body;
use axum::extract::Path;
use axum::http::header::{
    ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap,
    HeaderValue, IF_NONE_MATCH, VARY,
};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::sync::LazyLock;

#[derive(RustEmbed)]
#[folder = "target/site/"]
#[allow_missing = true]
struct Built;

#[cfg(debug_assertions)]
#[derive(RustEmbed)]
#[folder = "style/"]
struct Styles;

#[cfg(debug_assertions)]
#[derive(RustEmbed)]
#[folder = "public/"]
struct Public;

#[cfg(debug_assertions)]
#[derive(RustEmbed)]
#[folder = "src/ui/words/"]
#[include = "*.json"]
struct Texts;

fn find(name: &str) -> Option<EmbeddedFile> {
    #[cfg(debug_assertions)]
    {
        let source = name.strip_prefix("css/").and_then(Styles::get);
        let source = source.or_else(|| name.strip_prefix("texts/").and_then(Texts::get)).or_else(|| Public::get(name));
        if source.is_some() {
            return source;
        }
        // The development build has both faces in one.
        if let Some(("pkg/widget" | "pkg/console", ending)) = name.split_once('.') {
            return Built::get(name).or_else(|| Built::get(&format!("pkg/frontdesk.{ending}")));
        }
    }
    Built::get(name)
}

/// The name of this set of assets: changes with any of them.
static DIGEST: LazyLock<String> = LazyLock::new(|| {
    if cfg!(debug_assertions) {
        return "dev".into();
    }
    let mut names: Vec<_> = Built::iter().collect();
    names.sort();
    let mut hash = Sha256::new();
    for name in names {
        if let Some(file) = Built::get(&name) {
            hash.update(name.as_bytes());
            hash.update(file.metadata.sha256_hash());
        }
    }
    hex(&hash.finalize()[..8])
});

/// The address of an asset, good for ever.
pub fn url(name: &str) -> String {
    format!("/assets/{}/{name}", *DIGEST)
}

/// Whether the build put the client's code into this binary.
pub fn has_client() -> bool {
    find("pkg/widget.js").is_some()
}

/// Serves an asset under its immutable address. An address of another build is answered with what there is now, not to
/// be cached: a page from before an upgrade still gets something that works.
pub async fn immutable(Path((digest, name)): Path<(String, String)>, headers: HeaderMap) -> Response<Body> {
    serve(&name, &headers, forever_if(digest == *DIGEST))
}

/// Serves an asset under an address that names its version: the first digits, at least 8, of its SHA-256. To whoever asks
/// for another one it gives what there is now, not to be cached.
pub fn fitting(name: &str, version: &str, headers: &HeaderMap) -> Response<Body> {
    let fits =
        version.len() >= 8 && find(name).is_some_and(|file| hex(&file.metadata.sha256_hash()).starts_with(version));
    serve(name, headers, forever_if(fits))
}

fn forever_if(fits: bool) -> &'static str {
    if fits && !cfg!(debug_assertions) { "public, max-age=31536000, immutable" } else { "no-cache" }
}

/// Serves an asset under a lasting address: it is asked for again after `max-age`, and then mostly found unchanged.
pub fn lasting(name: &str, headers: &HeaderMap) -> Response<Body> {
    let cache = if cfg!(debug_assertions) { "no-cache" } else { "public, max-age=300, stale-while-revalidate=86400" };
    serve(name, headers, cache)
}

fn serve(name: &str, headers: &HeaderMap, cache: &'static str) -> Response<Body> {
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let accepts = |encoding: &str| {
        accepted.split(',').any(|part| {
            let (name, rest) = part.trim().split_once(';').unwrap_or((part.trim(), ""));
            let weight = rest.trim().strip_prefix("q=").map_or(1.0, |q| q.trim().parse::<f32>().unwrap_or(0.0));
            name.eq_ignore_ascii_case(encoding) && weight > 0.0
        })
    };
    let compressed = [("br", ".br"), ("gzip", ".gz")].into_iter().find_map(|(encoding, ending)| {
        let file = accepts(encoding).then(|| find(&format!("{name}{ending}"))).flatten()?;
        Some((file, Some(encoding)))
    });
    let is_copy = name.ends_with(".br") || name.ends_with(".gz");
    let Some((file, encoding)) = compressed.or_else(|| find(name).filter(|_| !is_copy).map(|file| (file, None))) else {
        return (StatusCode::NOT_FOUND, "There is no such file.").into_response();
    };
    let etag = format!("\"{}{}\"", hex(&file.metadata.sha256_hash()[..12]), encoding.unwrap_or_default());
    let mut answer = if headers.get(IF_NONE_MATCH).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains(&etag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(file.data).into_response()
    };
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let kind = if kind.type_() == "text" || kind.subtype() == "javascript" {
        format!("{kind}; charset=utf-8")
    } else {
        kind.to_string()
    };
    let out = answer.headers_mut();
    out.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    out.insert(VARY, HeaderValue::from_static("accept-encoding"));
    out.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    // All of it is public, and other websites ask with `crossorigin`: some snippets have it, some pages require it.
    out.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    for (key, value) in
        [(CONTENT_TYPE, Some(kind)), (ETAG, Some(etag)), (CONTENT_ENCODING, encoding.map(str::to_owned))]
    {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            out.insert(key, value);
        }
    }
    answer
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
