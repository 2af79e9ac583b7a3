//! Structured logs. `RUST_LOG` chooses; every request has an id that its answer carries as `x-request-id`.

use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use metrics::Counter;
use std::sync::OnceLock;
use std::time::Instant;
use tracing::Instrument;
use tracing_subscriber::EnvFilter;

/// Starts logging to standard error.
///
/// # Errors
/// A sentence when `RUST_LOG` cannot be read.
pub fn start() -> Result<(), String> {
    let filter = match std::env::var("RUST_LOG") {
        Ok(text) if !text.is_empty() => EnvFilter::try_new(&text)
            .map_err(|_| "RUST_LOG takes a level or a list such as info or frontdesk=debug,sqlx=warn".to_owned())?,
        _ => EnvFilter::new("info,sqlx=warn,hyper=warn"),
    };
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).init();
    Ok(())
}

/// Gives a request an id, logs how it went, counts it.
pub async fn request(request: Request, next: Next) -> Response {
    let id = uuid::Uuid::now_v7();
    let method = request.method().clone();
    // The path without its query: a query may hold a one-time link.
    let path = request.uri().path().to_owned();
    let span = tracing::info_span!("request", %id, %method, path);
    let started = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status();
    let took_ms = started.elapsed().as_millis() as u64;
    span.in_scope(|| {
        if status.is_server_error() {
            tracing::error!(status = status.as_u16(), took_ms, "answered");
        } else {
            tracing::debug!(status = status.as_u16(), took_ms, "answered");
        }
    });
    count(status);
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// Counts an answer. The counters are looked up once, since each request passes here.
fn count(status: StatusCode) {
    static COUNTERS: [OnceLock<Counter>; 500] = [const { OnceLock::new() }; 500];
    let named = || metrics::counter!("frontdesk_requests", "status" => status.as_u16().to_string());
    match COUNTERS.get(usize::from(status.as_u16()).wrapping_sub(100)) {
        Some(counter) => counter.get_or_init(named).increment(1),
        None => named().increment(1),
    }
}
