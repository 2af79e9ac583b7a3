//! How the widget calls the server functions of `src/api`: with the visitor's token as a bearer, because cookies do
//! not work in a foreign page's frame, and with nothing else around `fetch`, because everybody downloads it.

use super::browser::window;
use crate::model::calls::Call;
use crate::model::error::ApiError;
use crate::model::json::{read, write};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

thread_local! {
    static BEARER: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// From now on calls carry this token.
pub fn set_bearer(token: String) {
    BEARER.set(Some(token));
}

/// Calls the server function.
///
/// # Errors
/// What the server says; [`ApiError::Unreachable`] when it says nothing, or nothing of its own: a proxy's page, say.
pub async fn call<C: Call>(call: &C) -> Result<C::Answer, ApiError> {
    let body = write(call);
    let (ok, answer) = post(C::PATH, &body).await.map_err(|_| ApiError::Unreachable)?;
    if ok { read(&answer).ok_or(ApiError::Unreachable) } else { Err(read(&answer).unwrap_or(ApiError::Unreachable)) }
}

/// Posts JSON: whether it went well, and the answer.
async fn post(path: &str, body: &str) -> Result<(bool, String), JsValue> {
    let headers = Headers::new()?;
    headers.set("Content-Type", "application/json")?;
    headers.set("Accept", "application/json")?;
    if let Some(token) = BEARER.with_borrow(Clone::clone) {
        headers.set("Authorization", &format!("Bearer {token}"))?;
    }
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&JsValue::from_str(body));
    let response: Response = JsFuture::from(window().fetch_with_str_and_init(path, &init)).await?.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?;
    Ok((response.ok(), text.as_string().unwrap_or_default()))
}
