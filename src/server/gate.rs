//! How much is worked on at one time. What comes on top is told at once to come back, instead of waiting with everybody
//! else: so what is let in is answered soon, memory stays where it is, and when the rush is over nothing of it is left.

use super::errors::ErrorAnswer;
use super::room::Room;
use super::state::AppState;
use crate::desk::BUSY_FOR_MS;
use crate::model::error::ApiError;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// Requests that are worked on at one time. Each may hold a body of 256 KiB.
const AT_ONCE: usize = 1_024;
/// Of those, requests from one address, of IPv6 from one /64: a company with hundreds of people behind it.
const PER_ADDRESS: usize = 256;
/// A request that takes longer, its body included, is given up.
const WITHIN: Duration = Duration::from_secs(30);

/// Room for those who are worked on.
pub fn room() -> Arc<Room> {
    Room::new(AT_ONCE, PER_ADDRESS)
}

/// Lets a request in, or tells it to come back.
pub async fn pass(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let address = state.address(request.headers(), request.extensions());
    let wants_page = wants_page(request.headers());
    let Some(_place) = state.gate.enter(Some(address)) else { return busy(wants_page) };
    match timeout(WITHIN, next.run(request)).await {
        Ok(response) => response,
        Err(_) => busy(wants_page),
    }
}

fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

fn busy(wants_page: bool) -> Response {
    if wants_page {
        let headers = [(header::RETRY_AFTER, "1"), (header::REFRESH, "2")];
        let sentence = "There is more to do here at the moment than can be done. This page tries again by itself.\n";
        return (StatusCode::SERVICE_UNAVAILABLE, headers, sentence).into_response();
    }
    ErrorAnswer(ApiError::Busy { retry_after_ms: BUSY_FOR_MS }).into_response()
}
