//! What the handlers share.

use super::address;
use super::config::ServeArgs;
use crate::api::Caller;
use crate::desk::Desk;
use axum::http::request::Parts;
use metrics_exporter_prometheus::PrometheusHandle;
use std::net::SocketAddr;
use std::sync::Arc;

/// What the handlers share. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    pub desk: Desk,
    pub config: Arc<ServeArgs>,
    pub metrics: PrometheusHandle,
}

impl AppState {
    /// Who sent this request.
    pub fn caller(&self, parts: &Parts) -> Caller {
        Caller::new(self.desk.clone(), parts, self.ip(parts))
    }

    /// The address of the one who sent this request.
    pub fn ip(&self, parts: &Parts) -> String {
        let peer = parts.extensions.get::<axum::extract::ConnectInfo<SocketAddr>>();
        match peer {
            Some(peer) => address::caller(peer.0.ip(), &parts.headers, &self.config.trusted_proxies).to_string(),
            None => String::new(),
        }
    }

    /// Whether browsers reach this server over HTTPS: cookies are then marked `Secure`.
    pub fn is_https(&self) -> bool {
        self.config.public_url().starts_with("https://")
    }
}
