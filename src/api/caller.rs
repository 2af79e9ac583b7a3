//! Who calls, read from the request alone: never from an id in what is sent.

use crate::desk::{Desk, Viewer};
use crate::model::agent::{Agent, Role};
use crate::model::error::{ApiError, Refusal};
use crate::model::visitor::Connection;
use axum::http::header::{AUTHORIZATION, COOKIE, HeaderMap};
use axum::http::request::Parts;
use leptos::prelude::expect_context;

/// The cookie that holds an agent's session.
pub const SESSION_COOKIE: &str = "frontdesk_session";

/// The caller of a server function, and the desk that serves them.
#[derive(Clone)]
pub struct Caller {
    pub desk: Desk,
    /// The address and user agent of the connection.
    pub connection: Connection,
    bearer: Option<String>,
    session: Option<String>,
}

impl Caller {
    /// Reads the caller from a request.
    pub fn new(desk: Desk, parts: &Parts, ip: String) -> Self {
        let user_agent = parts.headers.get("user-agent").map(|value| String::from_utf8_lossy(value.as_bytes()).into());
        Caller {
            desk,
            connection: Connection { ip, user_agent: user_agent.unwrap_or_default() }.bounded(),
            bearer: bearer_of(&parts.headers),
            session: cookie_of(&parts.headers, SESSION_COOKIE),
        }
    }

    /// The caller of the running server function.
    pub fn current() -> Self {
        expect_context()
    }

    /// The visitor's token.
    ///
    /// # Errors
    /// [`ApiError::NotLoggedIn`] when there is none.
    pub fn bearer(&self) -> Result<&str, ApiError> {
        self.bearer.as_deref().ok_or(ApiError::NotLoggedIn)
    }

    /// The agent who is logged in.
    ///
    /// # Errors
    /// [`ApiError::NotLoggedIn`] when nobody is.
    pub async fn agent(&self) -> Result<Agent, ApiError> {
        self.desk.agent_of(self.session.as_deref().ok_or(ApiError::NotLoggedIn)?).await
    }

    /// The admin who is logged in.
    ///
    /// # Errors
    /// [`ApiError::NotLoggedIn`] when nobody is, [`ApiError::NotAllowed`] when it is not an admin.
    pub async fn admin(&self) -> Result<Agent, ApiError> {
        let agent = self.agent().await?;
        if agent.role == Role::Admin { Ok(agent) } else { Err(ApiError::NotAllowed) }
    }

    /// Who wants to upload or read a file: the visitor of the token when there is one, else the agent.
    ///
    /// # Errors
    /// [`ApiError::NotLoggedIn`] when it is neither, [`Refusal::Blocked`] for a visitor who is kept out.
    pub async fn uploader(&self) -> Result<Viewer, ApiError> {
        let Some(token) = &self.bearer else { return Ok(Viewer::Agent(self.agent().await?)) };
        let visitor = self.desk.visitor(token).await?.ok_or(ApiError::NotLoggedIn)?;
        match self.desk.blocked_until(Some(visitor), &self.connection.ip) {
            Some(until) => Err(Refusal::Blocked { until }.into()),
            None => Ok(Viewer::Visitor(visitor)),
        }
    }
}

/// The token of an `Authorization: Bearer` header.
pub fn bearer_of(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ").map(|token| token.trim().to_owned())
}

/// The value of a cookie.
pub fn cookie_of(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|line| line.split(';')).find_map(
        |pair| {
            let (key, value) = pair.trim().split_once('=')?;
            (key == name).then(|| value.to_owned())
        },
    )
}
