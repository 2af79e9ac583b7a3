//! The pages that answer a form: what is so now, and what came of the form.

use super::visitor::{Visitor, fresh_id};
use crate::desk::{LogLink, now};
use crate::model::Millis;
use crate::model::chat::{Audience, Author, Chat, EntryKind, Status};
use crate::model::error::{ApiError, Refusal};
use crate::model::ids::ChatId;
use crate::model::visitor::Email;
use crate::server::headers::{self, Framing};
use crate::server::look::Look;
use crate::server::page;
use crate::server::state::AppState;
use crate::site::plain::{self as site, AfterPage, FormKind, FormPage, Hidden, TalkPage};
use crate::ui::words::{Language, fill, say, t};
use crate::widget::EMAIL_NEEDED;
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, REFERRER_POLICY, RETRY_AFTER};
use axum::response::{Html, IntoResponse, Response};
use leptos::prelude::AnyView;

/// What came of a form, for the page of a chat.
#[derive(Default)]
pub struct Outcome {
    pub error: Option<ApiError>,
    /// What is wrong with the address for the transcript.
    pub email_wrong: Option<ApiError>,
    pub good: Option<String>,
    pub event: Option<&'static str>,
    /// What was typed stays in the box.
    pub keeps: bool,
}

impl Outcome {
    pub fn of<T>(result: Result<T, ApiError>) -> Self {
        result.err().map(Outcome::failed).unwrap_or_default()
    }

    /// It was not carried out, so what was typed stays.
    pub fn failed(error: ApiError) -> Self {
        Outcome { keeps: true, error: Some(error), ..Outcome::default() }
    }
}

impl Visitor {
    /// The form's chat, else the one that goes on, else the form that starts one.
    pub async fn current(&self, outcome: Outcome) -> Response {
        if let Some(chat) = self.fields.chat() {
            return self.chat(chat, outcome).await;
        }
        let desk = &self.state.desk;
        let live = match desk.visitor(&self.token).await {
            Ok(Some(visitor)) => desk.live_chat_of(visitor).await,
            Ok(None) => Ok(None),
            Err(error) => Err(error),
        };
        match live {
            Ok(Some(chat)) => self.chat(chat, outcome).await,
            Ok(None) => self.form(None, outcome.error).await,
            Err(error) => self.form(None, Some(error)).await,
        }
    }

    /// The page of a chat of this visitor.
    pub async fn chat(&self, id: ChatId, outcome: Outcome) -> Response {
        let chat = match self.visible(id).await {
            Ok(chat) => chat,
            Err(error) => return self.form(None, Some(error)).await,
        };
        let Outcome { error, email_wrong, good, event, keeps } = outcome;
        let status = status_of(error.as_ref().or(email_wrong.as_ref()));
        let message = if keeps { self.fields.message.clone() } else { String::new() };
        let hidden = self.hidden(Some(id), error.as_ref());
        let is_over = matches!(error, Some(ApiError::Refused { refusal: Refusal::ChatEnded }));
        let note = error.map(|error| self.say(|| say(&error)));
        if chat.status != Status::Ended {
            let (log, waits) = (self.log(id, ""), chat.status == Status::Waiting);
            return self.page(status, || site::talk(TalkPage { hidden, log, message, note, waits, event }));
        }
        let email = chat.visitor.as_ref().and_then(|visitor| visitor.email.clone());
        let (itself, free): (Vec<_>, Vec<_>) = email.into_iter().partition(|email| chat.transcripts.contains(email));
        let itself =
            itself.first().map(|email| self.say(|| fill("The transcript is on its way to {0}.", &[email.as_str()])));
        let free = free.first().map(|email| email.as_str().to_owned()).unwrap_or_default();
        let view = AfterPage {
            hidden,
            log: self.log(id, "&after=1"),
            was_answered: chat.was_accepted(),
            rating: chat.rating,
            good: good.or(itself),
            // That it has ended is seen.
            bad: note.filter(|_| !is_over),
            comment: keeps.then(|| self.fields.comment.clone()).filter(|comment| !comment.is_empty()),
            email: if email_wrong.is_some() { self.fields.email.clone() } else { free },
            email_wrong: email_wrong.map(|error| self.say(|| say(&error))),
            message,
            event,
        };
        self.page(status, || site::after(view))
    }

    /// The question whether to end the chat.
    pub async fn confirm_end(&self) -> Response {
        match self.own_chat().await {
            Some(chat) if chat.status.is_live() => {
                let (hidden, log) = (self.hidden(Some(chat.id), None), self.log(chat.id, "&paused=1"));
                let message = self.fields.message.clone();
                self.page(StatusCode::OK, || site::confirm_end(hidden, log, message))
            }
            _ => self.current(Outcome { keeps: true, ..Outcome::default() }).await,
        }
    }

    /// The form that leaves a message instead of waiting any longer, with what was written so far.
    pub async fn instead(&self) -> Response {
        let Some(chat) = self.own_chat().await.filter(|chat| chat.status == Status::Waiting) else {
            return self.current(Outcome { keeps: true, ..Outcome::default() }).await;
        };
        let conversation = self.state.desk.conversation(chat.id, Audience::Visitor).await;
        let entries = conversation.map(|conversation| conversation.entries).unwrap_or_default();
        let written = entries.iter().filter_map(|entry| match (&entry.kind, &entry.by) {
            (EntryKind::Message { text, .. }, Author::Visitor) if !text.is_blank() => Some(text.to_plain()),
            _ => None,
        });
        let typed = Some(self.fields.message.clone()).filter(|typed| !typed.trim().is_empty());
        let message = written.chain(typed).collect::<Vec<_>>().join("\n");
        let (name, email) = card(&chat);
        let view = FormPage { name, email, message, ..self.blank(FormKind::Instead, Some(chat.id)) };
        self.page(StatusCode::OK, || site::form(view))
    }

    /// The form for a new chat. Who this is stays filled in, as does what could not be sent any more.
    pub async fn again(&self) -> Response {
        if let Some(until) = self.blocked_until().await {
            return self.blocked(until);
        }
        let (name, email) = self.own_chat().await.map(|chat| card(&chat)).unwrap_or_default();
        let (available, departments) = match self.state.desk.offered_departments(self.site.as_ref()).await {
            Ok(offer) => offer,
            Err(error) => return self.form(None, Some(error)).await,
        };
        let kind = if available { FormKind::Start } else { FormKind::Away };
        let department = self.preferred(&departments);
        let message = self.fields.message.clone();
        let view = FormPage { name, email, message, departments, department, ..self.blank(kind, None) };
        self.page(StatusCode::OK, || site::form(view))
    }

    /// The form with all that was typed, and what is wrong with it. Without a kind, the one that can be used now.
    pub async fn form(&self, kind: Option<FormKind>, error: Option<ApiError>) -> Response {
        if let Some(ApiError::Refused { refusal: Refusal::Blocked { until } }) = error {
            return self.blocked(until);
        }
        if let Some(until) = self.blocked_until().await {
            return self.blocked(until);
        }
        let (available, departments) =
            self.state.desk.offered_departments(self.site.as_ref()).await.unwrap_or_default();
        let kind = kind.unwrap_or(if available { FormKind::Start } else { FormKind::Away });
        let status = status_of(error.as_ref());
        let field = match &error {
            Some(ApiError::Refused { refusal }) => refusal.field(),
            _ => None,
        };
        let field = field.filter(|field| *field != "department" || kind == FormKind::Start);
        let sentence = error.as_ref().map(|error| match field {
            Some("email") if self.fields.email.trim().is_empty() => self.say(|| t(EMAIL_NEEDED)),
            Some(_) => self.say(|| say(error)),
            None => self.say(|| format!("{} {}", say(error), t("What you wrote is still here."))),
        });
        let chat = self.fields.chat().filter(|_| kind == FormKind::Instead);
        let retry = retry_after(error.as_ref());
        let view = FormPage {
            hidden: self.hidden(chat, error.as_ref()),
            name: self.fields.name.clone(),
            email: self.fields.email.clone(),
            message: self.fields.message.clone(),
            department: self.fields.department().or_else(|| self.preferred(&departments)),
            departments,
            alert: sentence.clone().filter(|_| field.is_none()),
            wrong: field.zip(sentence),
            ..self.blank(kind, chat)
        };
        let mut response = self.page(status, || site::form(view));
        if let Some(seconds) = retry {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }

    /// A message was left.
    pub fn left(&self) -> Response {
        let email = Email::parse(&self.fields.email).map(String::from).unwrap_or_default();
        let hidden = Hidden { id: fresh_id(), ..self.hidden(None, None) };
        self.page(StatusCode::OK, || site::left(hidden, email))
    }

    fn blocked(&self, until: Millis) -> Response {
        self.page(StatusCode::FORBIDDEN, || site::blocked(until, now()))
    }

    fn blank(&self, kind: FormKind, chat: Option<ChatId>) -> FormPage {
        FormPage {
            kind,
            hidden: Hidden { id: fresh_id(), ..self.hidden(chat, None) },
            name: String::new(),
            email: String::new(),
            message: String::new(),
            department: None,
            departments: Vec::new(),
            alert: None,
            wrong: None,
            text: self.site.as_ref().map(|site| match kind {
                FormKind::Start => site.form.greeting.clone(),
                FormKind::Away => site.form.away.clone(),
                FormKind::Instead => String::new(),
            }),
        }
    }

    /// What the next form carries. What was not carried out keeps its name: perhaps it was, and only the answer failed.
    fn hidden(&self, chat: Option<ChatId>, error: Option<&ApiError>) -> Hidden {
        let is_spent = matches!(error, None | Some(ApiError::Refused { refusal: Refusal::CommandReused }));
        let id = if is_spent { fresh_id() } else { self.id };
        Hidden { token: self.token.clone(), id, chat, stays: self.fields.stays() }
    }

    fn log(&self, chat: ChatId, more: &str) -> String {
        log_address(&self.state.desk.log_link(chat), self.language, &self.look, more)
    }

    /// A text in the language of the pages.
    pub fn say(&self, text: impl FnOnce() -> String) -> String {
        page::say(self.language, text)
    }

    fn page(&self, status: StatusCode, body: impl FnOnce() -> AnyView) -> Response {
        let framing = self.site.as_ref().map_or(Framing::AllowedSites, Framing::Site);
        let headers = headers::page_with(&self.state, framing, &self.look.style);
        (status, headers, Html(page::plain(self.language, &self.look, body))).into_response()
    }
}

/// The address of a log.
pub fn log_address(link: &LogLink, language: Language, look: &Look, more: &str) -> String {
    let LogLink { chat, until, signature } = link;
    let look = look.in_address();
    format!("/widget/log?chat={chat}&until={until}&signature={signature}&lang={}{look}{more}", language.code())
}

/// The page of a log. Its address permits to read the chat, so no link in it tells where it was clicked.
pub fn log_response(state: &AppState, status: StatusCode, look: &Look, html: String) -> Response {
    let mut headers = headers::page_with(state, Framing::AllowedSites, &look.style);
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    (status, headers, Html(html)).into_response()
}

/// The status that tells of an error; 200 when there is none.
pub fn status_of(error: Option<&ApiError>) -> StatusCode {
    error.map_or(StatusCode::OK, |error| {
        StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    })
}

fn retry_after(error: Option<&ApiError>) -> Option<i64> {
    match error {
        Some(ApiError::TooMany { retry_after_ms }) => Some((retry_after_ms / 1_000).max(1)),
        _ => None,
    }
}

/// Name and email of a chat's visitor.
fn card(chat: &Chat) -> (String, String) {
    let card = chat.visitor.as_ref();
    let name = card.and_then(|card| card.name.clone()).unwrap_or_default();
    let email = card.and_then(|card| card.email.clone()).map(String::from).unwrap_or_default();
    (name, email)
}
