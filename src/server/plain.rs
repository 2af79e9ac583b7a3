//! The widget without its code: every form of it is posted to `/widget`, and says in `do` what is asked for. The answer is
//! the next page. Thin: the desk does what it does for the server functions.

mod fields;
mod pages;
#[cfg(test)]
mod tests;
mod visitor;

use super::look::{Look, Wishes};
use super::page;
use super::state::AppState;
use crate::desk::LogLink;
use crate::model::chat::Command;
use crate::model::error::{ApiError, Refusal};
use crate::model::ids::ChatId;
use crate::model::text::RichText;
use crate::site::plain::{self as site, FormKind, LogPage};
use crate::ui::words::{self, fill, say, t};
use crate::widget::WidgetParams;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use fields::{Act, Fields, accepted_languages};
use pages::{Outcome, log_address, log_response, status_of};
use serde::Deserialize;
use visitor::Visitor;

/// A form of the widget.
pub async fn post(
    State(state): State<AppState>,
    Query(params): Query<WidgetParams>,
    Query(wishes): Query<Wishes>,
    parts: Parts,
    form: Result<Form<Fields>, FormRejection>,
) -> Response {
    let connection = state.caller(&parts).connection;
    let accepted = accepted_languages(&parts.headers);
    let visitor = |fields| Visitor::new(state, connection, params.bounded(), &wishes, accepted, fields);
    match form {
        Ok(Form(fields)) => answer(&visitor(fields)).await,
        Err(_) => {
            let sentence = site::BROKEN.into();
            visitor(Fields::default()).form(None, Some(ApiError::Invalid { sentence })).await
        }
    }
}

async fn answer(visitor: &Visitor) -> Response {
    match visitor.fields.act {
        Act::Start => start(visitor).await,
        Act::Leave => leave(visitor).await,
        Act::Instead => visitor.instead().await,
        Act::Send => send(visitor).await,
        Act::End => visitor.confirm_end().await,
        Act::EndNow => {
            let ended = visitor.command(visitor.fields.chat(), Command::End).await;
            let event = ended.is_ok().then_some("chat-ended");
            visitor.current(Outcome { event, ..Outcome::of(ended) }).await
        }
        Act::Helpful => rate(visitor, true, None).await,
        Act::NotHelpful => rate(visitor, false, None).await,
        Act::Comment => comment(visitor).await,
        Act::Transcript => transcript(visitor).await,
        Act::Again => visitor.again().await,
        Act::Show => visitor.current(Outcome { keeps: true, ..Outcome::default() }).await,
    }
}

async fn start(visitor: &Visitor) -> Response {
    let fields = &visitor.fields;
    let (visit, page) = visitor.visit();
    let command = Command::Start {
        name: fields.name.clone(),
        email: fields.email.clone(),
        department: fields.department(),
        text: RichText::from_typed(&fields.message),
        visit,
        page,
    };
    match visitor.command(None, command).await {
        Ok(chat) => visitor.chat(chat, Outcome { event: Some("chat-started"), ..Outcome::default() }).await,
        // Another window of this visitor was quicker: the message can go into that chat.
        Err(error @ ApiError::Refused { refusal: Refusal::AlreadyChatting { chat } }) => {
            visitor.chat(chat, Outcome::failed(error)).await
        }
        Err(error @ ApiError::Refused { refusal: Refusal::NobodyAvailable }) => {
            visitor.form(Some(FormKind::Away), Some(error)).await
        }
        Err(error) => visitor.form(Some(FormKind::Start), Some(error)).await,
    }
}

async fn leave(visitor: &Visitor) -> Response {
    let fields = &visitor.fields;
    let text = RichText::from_typed(&fields.message);
    let chat = fields.chat();
    let kind = if chat.is_some() { FormKind::Instead } else { FormKind::Away };
    let left = match chat {
        Some(_) => {
            let (name, email) = (fields.name.clone(), fields.email.clone());
            visitor.command(chat, Command::LeaveMessage { name, email, text }).await.map(drop)
        }
        None => visitor.leave_message(text).await,
    };
    match left {
        Ok(()) => visitor.left(),
        // An agent was quicker, or the chat is over.
        Err(error @ ApiError::Refused { refusal: Refusal::AcceptedBy { .. } | Refusal::ChatEnded }) => {
            visitor.current(Outcome::failed(error)).await
        }
        Err(error) => visitor.form(Some(kind), Some(error)).await,
    }
}

async fn send(visitor: &Visitor) -> Response {
    let command = Command::Send { text: RichText::from_typed(&visitor.fields.message), attachments: Vec::new() };
    let sent = visitor.command(visitor.fields.chat(), command).await;
    if sent.is_ok() {
        // Whoever writes has the log before them.
        visitor.read().await;
    }
    visitor.current(Outcome::of(sent)).await
}

async fn rate(visitor: &Visitor, helpful: bool, comment: Option<String>) -> Response {
    let before = visitor.rating().await;
    let said = comment.is_some();
    let comment = comment.or(before.map(|rating| rating.comment)).unwrap_or_default();
    let rated = visitor.command(visitor.fields.chat(), Command::Rate { helpful, comment }).await;
    let good = (said && rated.is_ok()).then(|| visitor.say(|| t("Your comment was sent.")));
    visitor.current(Outcome { good, ..Outcome::of(rated) }).await
}

async fn comment(visitor: &Visitor) -> Response {
    match visitor.rating().await {
        Some(rating) => rate(visitor, rating.helpful, Some(visitor.fields.comment.clone())).await,
        None => visitor.current(Outcome::default()).await,
    }
}

async fn transcript(visitor: &Visitor) -> Response {
    let email = visitor.fields.email.trim().to_owned();
    let command = Command::RequestTranscript { email: email.clone() };
    match visitor.command(visitor.fields.chat(), command).await {
        Ok(_) => {
            let good = Some(visitor.say(|| fill("Transcript sent to {0}.", &[&email])));
            visitor.current(Outcome { good, ..Outcome::default() }).await
        }
        Err(error) => visitor.current(Outcome { email_wrong: Some(error), ..Outcome::default() }).await,
    }
}

/// What the address of a log says.
#[derive(Deserialize)]
pub struct LogQuery {
    chat: i64,
    until: i64,
    signature: String,
    /// Not to be fetched again.
    #[serde(default)]
    paused: u8,
    /// The page around the frame is that of an ended chat.
    #[serde(default)]
    after: u8,
    #[serde(default)]
    lang: String,
}

/// The log of a chat, for its frame.
pub async fn log(
    State(state): State<AppState>,
    Query(query): Query<LogQuery>,
    Query(wishes): Query<Wishes>,
    parts: Parts,
) -> Response {
    let look = Look::new(&wishes, None);
    let LogQuery { chat, until, signature, paused, after, lang } = query;
    let language = words::choose(&lang, &accepted_languages(&parts.headers));
    let connection = state.caller(&parts).connection;
    let link = LogLink { chat: ChatId(chat), until, signature };
    let read = match state.desk.log_by_link(&link, connection).await {
        Ok(read) => read,
        Err(error) => {
            let status = status_of(Some(&error));
            // What passes by itself is tried again under the same address.
            let again = error.is_passing().then(|| (10, log_address(&link, language, &look, "")));
            let body = || match error {
                ApiError::NotAllowed => site::log_halt(t(site::TOO_OLD)),
                other => site::log_halt(say(&other)),
            };
            return log_response(&state, status, &look, page::plain_log(language, &look, again, body));
        }
    };
    let now = crate::desk::now();
    let (is_paused, is_after) = (paused != 0, after != 0);
    // Each view brings the link for the next one.
    let fresh = state.desk.log_link(read.chat.id);
    let seconds = site::refresh_s(&read.chat, now).filter(|_| !is_paused && !is_after);
    let refresh = seconds.map(|seconds| (seconds, log_address(&fresh, language, &look, "")));
    let view = LogPage {
        chat: read.chat,
        entries: read.entries,
        is_cut: read.is_cut,
        links: read.links,
        now,
        answer_within_ms: i64::from(state.desk.rules().answer_within_s) * 1_000,
        other: log_address(&fresh, language, &look, if is_paused { "" } else { "&paused=1" }),
        is_paused,
        is_after,
    };
    let html = page::plain_log(language, &look, refresh, || site::log(view));
    log_response(&state, StatusCode::OK, &look, html)
}
