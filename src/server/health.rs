//! For those who watch the server: alive, able to serve, and figures.

use super::readiness::Answer;
use super::state::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::response::{IntoResponse, Response};

/// The process answers.
pub async fn alive() -> &'static str {
    "alive\n"
}

/// The process can serve: what is given to it is kept.
pub async fn ready(State(state): State<AppState>) -> Response {
    let desk = state.desk.clone();
    let answer: Answer = state.readiness.ask(async move { desk.check().await }).await;
    match answer {
        Ok(()) => ([(CACHE_CONTROL, "no-store")], "ready\n").into_response(),
        Err(why) => {
            let headers = [(CACHE_CONTROL, "no-store"), (RETRY_AFTER, "1")];
            (StatusCode::SERVICE_UNAVAILABLE, headers, format!("{why}\n")).into_response()
        }
    }
}

/// The figures, as Prometheus reads them. What only the database knows is counted for one who asks at a time: others get
/// what was counted last, so that a storm of questions leaves the database to everybody else.
pub async fn metrics(State(state): State<AppState>) -> impl IntoResponse {
    if let Ok(_turn) = state.counting.try_lock()
        && let Ok((due, parked)) = state.desk.store().count_jobs().await
    {
        metrics::gauge!("frontdesk_outbox", "state" => "due").set(due as f64);
        metrics::gauge!("frontdesk_outbox", "state" => "parked").set(parked as f64);
    }
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], state.metrics.render())
}
