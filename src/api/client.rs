//! How the widget calls: with the visitor's token as a bearer, because cookies do not work in a foreign page's frame.

use server_fn::client::Client;
use server_fn::client::browser::BrowserClient;
use server_fn::error::FromServerFnError;
use server_fn::request::browser::BrowserRequest;
use server_fn::response::browser::BrowserResponse;
use std::cell::RefCell;
use std::future::Future;

thread_local! {
    static BEARER: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// From now on calls carry this token.
pub fn set_bearer(token: String) {
    BEARER.with_borrow_mut(|bearer| *bearer = Some(token));
}

/// `fetch` with `Authorization: Bearer …`.
pub struct BearerClient;

impl<Error, InputStreamError, OutputStreamError> Client<Error, InputStreamError, OutputStreamError> for BearerClient
where
    Error: FromServerFnError,
    InputStreamError: FromServerFnError,
    OutputStreamError: FromServerFnError,
{
    type Request = BrowserRequest;
    type Response = BrowserResponse;

    fn send(req: Self::Request) -> impl Future<Output = Result<Self::Response, Error>> + Send {
        BEARER.with_borrow(|bearer| {
            if let Some(token) = bearer {
                req.headers().set("Authorization", &format!("Bearer {token}"));
            }
        });
        <BrowserClient as Client<Error, InputStreamError, OutputStreamError>>::send(req)
    }

    fn open_websocket(
        path: &str,
    ) -> impl Future<
        Output = Result<
            (
                impl futures::Stream<Item = Result<bytes::Bytes, bytes::Bytes>> + Send + 'static,
                impl futures::Sink<bytes::Bytes> + Send + 'static,
            ),
            Error,
        >,
    > + Send {
        <BrowserClient as Client<Error, InputStreamError, OutputStreamError>>::open_websocket(path)
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <BrowserClient as Client<Error, InputStreamError, OutputStreamError>>::spawn(future);
    }
}
