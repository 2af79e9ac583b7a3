//! For those who watch the server: alive, able to serve, and figures.

use super::state::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use std::time::Duration;
use tokio::time::timeout;

/// The database must answer within this time.
const READY_WITHIN: Duration = Duration::from_secs(3);

/// The process answers.
pub async fn alive() -> &'static str {
    "alive\n"
}

/// The process can serve: its database answers and can be written.
pub async fn ready(State(state): State<AppState>) -> Response {
    match timeout(READY_WITHIN, state.desk.store().check()).await {
        Ok(Ok(())) => "ready\n".into_response(),
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database cannot be written\n").into_response()
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response(),
    }
}

/// The figures, as Prometheus reads them.
pub async fn metrics(State(state): State<AppState>) -> impl IntoResponse {
    if let Ok((due, parked)) = state.desk.store().count_jobs().await {
        metrics::gauge!("frontdesk_outbox", "state" => "due").set(due as f64);
        metrics::gauge!("frontdesk_outbox", "state" => "parked").set(parked as f64);
    }
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], state.metrics.render())
}
