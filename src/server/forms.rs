//! Set-up, log-in and log-out: plain forms, so that they work before and without any script.

use super::headers::{self, Framing};
use super::page;
use super::state::AppState;
use crate::api::{SESSION_COOKIE, cookie_of};
use crate::desk::{LoginError, SESSION_DAYS, SetupError};
use crate::site::{self, GateForm};
use axum::Form;
use axum::extract::{Query, Request, State};
use axum::http::header::{CACHE_CONTROL, HeaderMap, HeaderValue, SET_COOKIE};
use axum::http::{StatusCode, request::Parts};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

/// The start page; a server without agents leads to set-up.
pub async fn start(State(state): State<AppState>) -> Response {
    match state.desk.store().has_agents().await {
        Ok(false) => Redirect::to("/setup").into_response(),
        _ => {
            let public_url = state.config.public_url();
            answer(&state, StatusCode::OK, page::site("Frontdesk", || site::start(public_url)))
        }
    }
}

#[derive(Deserialize)]
pub struct SetupLink {
    #[serde(default)]
    token: String,
}

/// The set-up form, behind the one-time link.
pub async fn setup_page(State(state): State<AppState>, Query(link): Query<SetupLink>) -> Response {
    if state.desk.is_setup_link(&link.token).await {
        show_setup(&state, StatusCode::OK, GateForm::default(), link.token)
    } else {
        let has_agents = state.desk.store().has_agents().await.unwrap_or(true);
        let html = page::site("Set up", || site::setup_closed(has_agents));
        answer(&state, StatusCode::FORBIDDEN, html)
    }
}

#[derive(Deserialize)]
pub struct SetupFields {
    #[serde(default)]
    token: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

/// Makes the first admin and logs them in.
pub async fn setup(State(state): State<AppState>, parts: Parts, Form(fields): Form<SetupFields>) -> Response {
    let made = state.desk.set_up(&fields.token, &fields.name, &fields.email, fields.password.clone()).await;
    let error = match made {
        Ok(_) => {
            return match state.desk.log_in(&fields.email, fields.password, &state.ip(&parts)).await {
                Ok(session) => welcome(&state, &session, "/console"),
                Err(_) => Redirect::to("/login").into_response(),
            };
        }
        Err(error) => error,
    };
    let sentence = error.to_string();
    let mut form = GateForm { name: fields.name, email: fields.email, ..GateForm::default() };
    let status = match error {
        SetupError::Closed => {
            let has_agents = state.desk.store().has_agents().await.unwrap_or(true);
            let html = page::site("Set up", || site::setup_closed(has_agents));
            return answer(&state, StatusCode::FORBIDDEN, html);
        }
        SetupError::Failed(_) => {
            form.alert = Some(sentence);
            StatusCode::INSUFFICIENT_STORAGE
        }
        SetupError::Name => mark(&mut form, "name", sentence),
        SetupError::Email(_) | SetupError::EmailTaken => mark(&mut form, "email", sentence),
        SetupError::Password(_) | SetupError::Department => mark(&mut form, "password", sentence),
    };
    show_setup(&state, status, form, fields.token)
}

fn mark(form: &mut GateForm, field: &'static str, sentence: String) -> StatusCode {
    form.field = Some((field, sentence));
    StatusCode::UNPROCESSABLE_ENTITY
}

fn show_setup(state: &AppState, status: StatusCode, form: GateForm, link: String) -> Response {
    answer(state, status, page::site("Set up", || site::setup(form, link)))
}

#[derive(Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

/// The log-in form; who is logged in goes on at once.
pub async fn login_page(State(state): State<AppState>, Query(next): Query<Next>, headers: HeaderMap) -> Response {
    if let Some(session) = cookie_of(&headers, SESSION_COOKIE)
        && state.desk.agent_of(&session).await.is_ok()
    {
        return Redirect::to(inside(&next.next)).into_response();
    }
    show_login(&state, StatusCode::OK, GateForm::default(), next.next)
}

#[derive(Deserialize)]
pub struct LoginFields {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// Logs an agent in.
pub async fn login(State(state): State<AppState>, parts: Parts, Form(fields): Form<LoginFields>) -> Response {
    match state.desk.log_in(&fields.email, fields.password, &state.ip(&parts)).await {
        Ok(session) => welcome(&state, &session, inside(&fields.next)),
        Err(error) => {
            let status = match error {
                LoginError::Wrong => StatusCode::UNAUTHORIZED,
                LoginError::Throttled => StatusCode::TOO_MANY_REQUESTS,
                LoginError::Failed(_) => StatusCode::INSUFFICIENT_STORAGE,
            };
            let form = GateForm { email: fields.email, alert: Some(error.to_string()), ..GateForm::default() };
            show_login(&state, status, form, fields.next)
        }
    }
}

fn show_login(state: &AppState, status: StatusCode, form: GateForm, next: String) -> Response {
    answer(state, status, page::site("Log in", || site::login(form, next)))
}

/// Ends the session.
pub async fn logout(State(state): State<AppState>, request: Request) -> Response {
    if let Some(session) = cookie_of(request.headers(), SESSION_COOKIE)
        && let Err(error) = state.desk.log_out(&session).await
    {
        tracing::error!(%error, "a session could not be ended");
    }
    let mut response = Redirect::to("/login").into_response();
    set_cookie(&state, &mut response, "", 0);
    response
}

/// Sends a fresh session on its way.
fn welcome(state: &AppState, session: &str, next: &str) -> Response {
    let mut response = Redirect::to(next).into_response();
    set_cookie(state, &mut response, session, SESSION_DAYS * 86_400);
    response
}

fn set_cookie(state: &AppState, response: &mut Response, value: &str, max_age_s: i64) {
    let secure = if state.is_https() { "; Secure" } else { "" };
    let cookie = format!("{SESSION_COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_s}{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// Where to go after logging in: only into the console, never to another website.
fn inside(next: &str) -> &str {
    let is_console = next == "/console" || next.starts_with("/console/") || next.starts_with("/console?");
    if is_console && !next.contains(['\\', '\r', '\n']) { next } else { "/console" }
}

fn answer(state: &AppState, status: StatusCode, html: String) -> Response {
    (status, headers::page(state, Framing::Nobody), Html(html)).into_response()
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn logging_in_never_leads_to_another_website() {
        assert_eq!(inside("/console/chats/7"), "/console/chats/7");
        for bad in ["", "//evil.example", "https://evil.example", "/consoles", "/login", "/console/\\evil"] {
            assert_eq!(inside(bad), "/console", "{bad}");
        }
    }
}
