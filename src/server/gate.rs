//! How much is worked on at one time. What comes on top is told at once to come back, instead of waiting with everybody
//! else: so what is let in is answered soon, memory stays where it is, and when the rush is over nothing of it is left.

use super::errors::ErrorAnswer;
use super::state::AppState;
use crate::desk::BUSY_FOR_MS;
use crate::model::error::ApiError;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::timeout;

/// Requests that are worked on at one time. Each may hold a body of 256 KiB.
const AT_ONCE: usize = 1_024;
/// Of those, requests from one address, of IPv6 from one /64: a company with hundreds of people behind it.
const PER_ADDRESS: usize = 256;
/// A request that takes longer, its body included, is given up.
const WITHIN: Duration = Duration::from_secs(30);

/// What is worked on now.
pub struct Gate {
    inside: Mutex<Inside>,
    at_once: usize,
    per_address: usize,
}

#[derive(Default)]
struct Inside {
    all: usize,
    of: HashMap<IpAddr, usize>,
}

/// A place inside, free again when it is dropped.
pub struct Place {
    gate: Arc<Gate>,
    address: IpAddr,
}

impl Default for Gate {
    fn default() -> Self {
        Gate { inside: Mutex::default(), at_once: AT_ONCE, per_address: PER_ADDRESS }
    }
}

impl Gate {
    /// A place for a request from this address; none when there are too many.
    pub fn enter(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let address = line_of(address);
        let mut inside = self.inside();
        if inside.all >= self.at_once || inside.of.get(&address).is_some_and(|count| *count >= self.per_address) {
            return None;
        }
        inside.all += 1;
        *inside.of.entry(address).or_default() += 1;
        Some(Place { gate: self.clone(), address })
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut inside = self.gate.inside();
        inside.all -= 1;
        if let Some(count) = inside.of.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                inside.of.remove(&self.address);
            }
        }
    }
}

/// Whoever has one IPv6 connection has a whole /64.
fn line_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
    }
}

/// Lets a request in, or tells it to come back.
pub async fn pass(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let address = state.address(request.headers(), request.extensions());
    let wants_page = wants_page(request.headers());
    let Some(_place) = state.gate.enter(address) else { return busy(wants_page) };
    match timeout(WITHIN, next.run(request)).await {
        Ok(response) => response,
        Err(_) => busy(wants_page),
    }
}

fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

fn busy(wants_page: bool) -> Response {
    if wants_page {
        let headers = [(header::RETRY_AFTER, "1"), (header::REFRESH, "2")];
        let sentence = "There is more to do here at the moment than can be done. This page tries again by itself.\n";
        return (StatusCode::SERVICE_UNAVAILABLE, headers, sentence).into_response();
    }
    ErrorAnswer(ApiError::Busy { retry_after_ms: BUSY_FOR_MS }).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_come_in_and_who_leaves_makes_room() {
        let gate = Arc::new(Gate { at_once: 5, per_address: 3, ..Gate::default() });
        let enter = |address: &str| gate.enter(address.parse().unwrap());
        let mut one: Vec<Option<Place>> = (0..3).map(|_| enter("192.0.2.1")).collect();
        assert!(one.iter().all(Option::is_some));
        assert!(enter("192.0.2.1").is_none(), "too many of one address");
        let others = (enter("2001:db8:1:2::1"), enter("2001:db8:1:2::2"));
        assert!(others.0.is_some() && others.1.is_some(), "others have room");
        assert!(enter("192.0.2.3").is_none(), "too many of all");
        one.pop();
        assert!(enter("192.0.2.3").is_some());
        drop((one, others));
        assert!(gate.inside().of.is_empty() && gate.inside().all == 0, "nothing is kept of who has left");
    }

    #[test]
    fn one_line_is_one_address() {
        let gate = Arc::new(Gate { at_once: 5, per_address: 1, ..Gate::default() });
        let enter = |address: &str| gate.enter(address.parse().unwrap());
        let _one = enter("2001:db8:1:2::1").unwrap();
        assert!(enter("2001:db8:1:2::2").is_none());
        assert!(enter("2001:db8:1:3::1").is_some());
    }
}
