//! Connections: speaks HTTP on each that comes in at the door, and lets those that are at work finish when the server stops.
//!
//! Not axum's own loop: that has no clock, so that a head could come in byte by byte for ever.

use super::door::Door;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::serve::Listener as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::pin::pin;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

/// The head of a request must be there within this time after the connection began, or after the answer before.
const HEAD_WITHIN: Duration = Duration::from_secs(60);
/// Longest head of a request, and how much of a body is read ahead, in bytes.
const MAX_HEAD: usize = 64 << 10;

/// Serves what comes in until `closing`, and then what is being answered.
pub async fn serve(mut door: Door, app: Router, closing: CancellationToken) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_WITHIN).max_buf_size(MAX_HEAD);
    let open = TaskTracker::new();
    loop {
        let (io, peer) = tokio::select! {
            accepted = door.accept() => accepted,
            () = closing.cancelled() => break,
        };
        let app = app.clone();
        let service = service_fn(move |mut request: http::Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            app.clone().oneshot(request.map(Body::new))
        });
        let connection = http.serve_connection(TokioIo::new(io), service).with_upgrades();
        let closing = closing.clone();
        open.spawn(async move {
            let mut connection = pin!(connection);
            tokio::select! {
                biased;
                // Who hangs up, or says what is not HTTP, is gone.
                _ = connection.as_mut() => return,
                () = closing.cancelled() => connection.as_mut().graceful_shutdown(),
            }
            let _ = connection.await;
        });
    }
    // Nobody else comes in.
    drop(door);
    open.close();
    open.wait().await;
}
