//! Which address is what.

use super::errors::ErrorAnswer;
use super::state::AppState;
use super::{assets, available, beacon, errors, faces, files, forms, gate, health, logs, photos, plain, socket};
use crate::model::error::ApiError;
use axum::extract::{RawQuery, Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post, put};
use axum::{Router, middleware};
use leptos::prelude::provide_context;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;

/// Longest accepted body of a call or form, in bytes: the longest message in the widest letters, and room.
const MAX_BODY: usize = 256 << 10;
/// The header by which a client knows that an answer is an error of the function.
const SERVER_FN_ERROR: &str = "serverfnerror";

/// All routes.
pub fn router(state: AppState) -> Router {
    // Changed from pages of our own only. The beacon comes from the customer's pages and checks for itself.
    let csrf = CsrfLayer::new();
    let csrf = match csrf.clone().add_trusted_origin(state.config.public_url()) {
        Ok(trusting) => trusting,
        Err(_) => csrf,
    }
    .with_rejection_response(foreign);
    let own = Router::new()
        .route("/", get(forms::start))
        .route("/setup", get(forms::setup_page).post(forms::setup))
        .route("/login", get(forms::login_page).post(forms::login))
        .route("/logout", post(forms::logout))
        .route("/console", get(faces::console))
        .route("/console/", get(|| async { Redirect::permanent("/console") }))
        .route("/console/{*path}", get(faces::console))
        .route("/widget", get(faces::widget).post(plain::post))
        .route("/widget/log", get(plain::log))
        .route("/api/{*function}", post(call))
        .layer(csrf)
        .layer(RequestBodyLimitLayer::new(MAX_BODY));
    // What reads or writes the database. All else is answered also when there is more of that than can be done.
    let working = Router::new()
        .route("/api/visitor/page-views", post(beacon::page_views))
        .route("/api/visitor/available", get(available::available))
        .route("/photos/{id}", get(photos::show))
        .merge(own)
        .layer(middleware::from_fn_with_state(state.clone(), gate::pass));
    Router::new()
        .merge(working)
        // Slow uploads have a time and a room of their own.
        .route("/files/{id}", get(files::download).put(files::upload))
        .route("/agents/{agent}/photo", put(photos::upload).delete(photos::remove))
        .route("/live", get(socket::live))
        .route("/assets/{digest}/{*name}", get(assets::immutable))
        .route("/embed.js", get(|headers: HeaderMap| async move { assets::lasting("embed.js", &headers) }))
        .route("/embed-frame.js", get(embed_frame))
        .route("/compat/{file}", get(compat_file))
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
    if server_fn::axum::get_server_fn_service(request.uri().path(), Method::POST).is_none() {
        let sentence = "There is no such function here. Please reload the page.".into();
        return (StatusCode::NOT_FOUND, ErrorAnswer(ApiError::Invalid { sentence })).into_response();
    }
    let (parts, body) = request.into_parts();
    let caller = state.caller(&parts);
    let request = Request::from_parts(parts, body);
    let called = leptos_axum::handle_server_fns_with_context(move || provide_context(caller.clone()), request).await;
    with_status(called.into_response()).await
}

/// Gives a failed call the status of its error; server functions know only 500.
async fn with_status(response: Response) -> Response {
    if !response.headers().contains_key(SERVER_FN_ERROR) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, MAX_BODY).await.unwrap_or_default();
    let error = serde_json::from_slice(&body).unwrap_or(ApiError::Internal);
    let mut answer = ErrorAnswer(error).into_response();
    if let Some(path) = parts.headers.get(SERVER_FN_ERROR) {
        answer.headers_mut().insert(SERVER_FN_ERROR, path.clone());
    }
    answer
}

/// What a page of another website gets when it tries to act for somebody who is logged in here.
fn foreign(_: tower_http::csrf::ProtectionError) -> Response {
    (StatusCode::FORBIDDEN, "This request came from another website and was refused.").into_response()
}

/// The loader's other half. `embed.js` asks for the one that was built with it.
async fn embed_frame(query: RawQuery, headers: HeaderMap) -> Response {
    let version = query.0.as_deref().and_then(|query| query.strip_prefix("v=")).unwrap_or_default();
    assets::fitting("embed-frame.js", version, &headers)
}

/// An adapter for pages that were written for another chat.
async fn compat_file(axum::extract::Path(file): axum::extract::Path<String>, headers: HeaderMap) -> Response {
    assets::lasting(&format!("compat/{file}"), &headers)
}

async fn demo_file(axum::extract::Path(file): axum::extract::Path<String>, headers: HeaderMap) -> Response {
    assets::lasting(&format!("demo/{file}"), &headers)
}
