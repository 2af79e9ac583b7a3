//! The door to `/live`.

use super::errors::ErrorAnswer;
use super::origin;
use super::state::AppState;
use crate::api::{SESSION_COOKIE, cookie_of};
use crate::live::{self, Handshake};
use crate::model::error::ApiError;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Longest frame that a client may send, in bytes.
const MAX_FRAME: usize = 64 << 10;

/// What may wait to be written to one connection, in bytes: more than the largest frame, which is one page of a catch-up
/// or the start of a chat with all pages of the visit.
const MAX_WAITING: usize = 1 << 20;

/// Opens a live connection. Small buffers: there may be ten thousand of them.
pub async fn live(State(state): State<AppState>, upgrade: WebSocketUpgrade, request: Request) -> Response {
    if !origin::is_own(&state, request.headers()) {
        return ErrorAnswer(ApiError::NotAllowed).into_response();
    }
    let (parts, _) = request.into_parts();
    let handshake = Handshake { session: cookie_of(&parts.headers, SESSION_COOKIE), address: state.ip(&parts) };
    upgrade
        // What browsers say is short. A longer frame makes its own room.
        .read_buffer_size(1_024)
        .write_buffer_size(4_096)
        .max_write_buffer_size(MAX_WAITING)
        .max_message_size(MAX_FRAME)
        .max_frame_size(MAX_FRAME)
        .on_upgrade(move |socket| live::serve(socket, state.desk.hub().clone(), Arc::new(state.desk), handshake))
}
