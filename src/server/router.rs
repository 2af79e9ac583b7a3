//! Which address is what.

use super::state::AppState;
use super::{assets, beacon, errors, faces, forms, health, logs, socket};
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::{Redirect, Response};
use axum::routing::{get, post};
use axum::{Router, middleware};
use leptos::prelude::provide_context;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

/// Longest accepted body of a call or form, in bytes: the longest message in the widest letters, and room.
const MAX_BODY: usize = 256 << 10;
/// A call that takes longer is given up.
const CALL_WITHIN: Duration = Duration::from_secs(30);

/// All routes.
pub fn router(state: AppState) -> Router {
    // Changed from pages of our own only. The beacon comes from the customer's pages and checks for itself.
    let csrf = CsrfLayer::new();
    let csrf = match csrf.clone().add_trusted_origin(state.config.public_url()) {
        Ok(trusting) => trusting,
        Err(_) => csrf,
    };
    let own = Router::new()
        .route("/", get(forms::start))
        .route("/setup", get(forms::setup_page).post(forms::setup))
        .route("/login", get(forms::login_page).post(forms::login))
        .route("/logout", post(forms::logout))
        .route("/console", get(faces::console))
        .route("/console/", get(|| async { Redirect::permanent("/console") }))
        .route("/console/{*path}", get(faces::console))
        .route("/widget", get(faces::widget))
        .route("/api/{*function}", post(call))
        .layer(csrf)
        .layer(RequestBodyLimitLayer::new(MAX_BODY))
        .layer(TimeoutLayer::with_status_code(axum::http::StatusCode::SERVICE_UNAVAILABLE, CALL_WITHIN));
    Router::new()
        .route("/api/visitor/page-views", post(beacon::page_views))
        .merge(own)
        .route("/live", get(socket::live))
        .route("/assets/{digest}/{*name}", get(assets::immutable))
        .route("/embed.js", get(|headers: HeaderMap| async move { assets::lasting("embed.js", &headers) }))
        .route("/favicon.svg", get(|headers: HeaderMap| async move { assets::lasting("favicon.svg", &headers) }))
        .route("/demo", get(|headers: HeaderMap| async move { assets::lasting("demo/index.html", &headers) }))
        .route("/demo/", get(|| async { Redirect::permanent("/demo") }))
        .route("/demo/pricing", get(|headers: HeaderMap| async move { assets::lasting("demo/pricing.html", &headers) }))
        .route("/demo/contact", get(|headers: HeaderMap| async move { assets::lasting("demo/contact.html", &headers) }))
        .route("/demo/{file}", get(demo_file))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .fallback(errors::not_found)
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn(logs::request))
        .with_state(state)
}

/// A server function.
async fn call(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let caller = state.caller(&parts);
    let request = Request::from_parts(parts, body);
    axum::response::IntoResponse::into_response(
        leptos_axum::handle_server_fns_with_context(move || provide_context(caller.clone()), request).await,
    )
}

async fn demo_file(axum::extract::Path(file): axum::extract::Path<String>, headers: HeaderMap) -> Response {
    assets::lasting(&format!("demo/{file}"), &headers)
}
