//! What the handlers share.

use super::address;
use super::config::ServeArgs;
use super::readiness::Readiness;
use super::room::Room;
use crate::api::Caller;
use crate::desk::Desk;
use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};
use metrics_exporter_prometheus::PrometheusHandle;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

/// What the handlers share. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    pub desk: Desk,
    pub config: Arc<ServeArgs>,
    pub metrics: PrometheusHandle,
    /// Held by the one who counts for the metrics.
    pub counting: Arc<tokio::sync::Mutex<()>>,
    pub readiness: Arc<Readiness>,
    /// Of requests that are worked on at one time.
    pub gate: Arc<Room>,
}

impl AppState {
    /// Who sent this request.
    pub fn caller(&self, parts: &Parts) -> Caller {
        Caller::new(self.desk.clone(), parts, self.ip(parts))
    }

    /// The address of the one who sent this request.
    pub fn ip(&self, parts: &Parts) -> String {
        match parts.extensions.get::<ConnectInfo<SocketAddr>>() {
            Some(_) => self.address(&parts.headers, &parts.extensions).to_string(),
            None => String::new(),
        }
    }

    /// The same, as a number; nobody's without a connection.
    pub fn address(&self, headers: &HeaderMap, extensions: &Extensions) -> IpAddr {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        peer.map_or(Ipv4Addr::UNSPECIFIED.into(), |peer| address::caller(peer, headers, &self.config.trusted_proxies))
    }

    /// Whether browsers reach this server over HTTPS: cookies are then marked `Secure`.
    pub fn is_https(&self) -> bool {
        self.config.public_url().starts_with("https://")
    }
}
