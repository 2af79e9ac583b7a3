//! The two faces as pages: the widget, drawn here and taken over there, and the console, drawn there.

use super::errors::ErrorAnswer;
use super::headers::{self, Framing};
use super::look::{Look, Wishes};
use super::page;
use super::state::AppState;
use crate::api::{SESSION_COOKIE, cookie_of, me_of, visitor_offer};
use crate::auth::token::new_token;
use crate::model::error::ApiError;
use crate::site::{console_outline, plain};
use crate::ui::words::{self, Language, word};
use crate::widget::{self, PlainFields, WidgetParams};
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use axum::http::header::{ACCEPT_LANGUAGE, HeaderMap};
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use uuid::Uuid;

/// The widget. Which visitor it is for is known only in the browser, so everybody gets the same, but for a token of their
/// own: it is that of the visitor whose browser has none, because it runs no script.
pub async fn widget(
    State(state): State<AppState>,
    Query(params): Query<WidgetParams>,
    Query(wishes): Query<Wishes>,
    asked: HeaderMap,
) -> Response {
    let site = state.desk.site(&params.site);
    let params = params.bounded();
    let accepted = asked.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let language = words::choose(&params.lang, accepted);
    let visitor = visitor_offer(&state.desk, site.as_ref()).await.unwrap_or_default();
    let json = serde_json::to_string(&visitor).unwrap_or_default();
    let fields = PlainFields { token: new_token().unwrap_or_default(), id: Uuid::now_v7().to_string() };
    let look = Look::new(&wishes, site.as_ref());
    let html = page::app("widget", language, word("Chat with us"), &look, json, || {
        let beside = plain::beside(params.resumes());
        let face = InertElement::new(widget::render(params, visitor, &fields));
        view! { {face} {beside} }.into_any()
    });
    let framing = site.as_ref().map_or(Framing::AllowedSites, Framing::Site);
    (StatusCode::OK, headers::page_with(&state, framing, &look.style), Html(html)).into_response()
}

/// The console, for those who are logged in; others are asked to.
pub async fn console(State(state): State<AppState>, request: Request) -> Response {
    let session = cookie_of(request.headers(), SESSION_COOKIE).unwrap_or_default();
    let Ok(agent) = state.desk.agent_of(&session).await else {
        let path = request.uri().path();
        let to = if path == "/console" { "/login".to_owned() } else { format!("/login?next={path}") };
        return Redirect::to(&to).into_response();
    };
    let Ok(me) = me_of(&state.desk, agent).await else {
        return ErrorAnswer(ApiError::Internal).into_response();
    };
    let json = serde_json::to_string(&me).unwrap_or_default();
    let html = page::app("console", Language::ENGLISH, "Frontdesk", &Look::default(), json, console_outline);
    (StatusCode::OK, headers::page(&state, Framing::Nobody), Html(html)).into_response()
}
