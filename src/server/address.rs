//! The address of the one who calls: the connection's, unless a trusted proxy says whom it forwards.

use axum::http::HeaderMap;
use ipnet::IpNet;
use std::net::IpAddr;

/// The caller's address. `X-Forwarded-For` is read from its end: each trusted proxy vouches for the entry before it, and
/// the first address that is not a trusted proxy is the caller.
pub fn caller(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let mut caller = peer.to_canonical();
    if !is_trusted(caller, trusted) {
        return caller;
    }
    let hops: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(','))
        .collect();
    for hop in hops.iter().rev() {
        let Ok(ip) = hop.trim().parse::<IpAddr>() else { break };
        caller = ip.to_canonical();
        if !is_trusted(caller, trusted) {
            break;
        }
    }
    caller
}

/// Whether this is the address of a proxy that is trusted.
pub fn is_trusted(ip: IpAddr, trusted: &[IpNet]) -> bool {
    let ip = ip.to_canonical();
    trusted.iter().any(|net| net.contains(&ip))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(peer: &str, forwarded: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        caller(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_trusted_proxies_may_speak_for_others() {
        assert_eq!(of("203.0.113.9", "1.2.3.4"), "203.0.113.9");
        assert_eq!(of("10.0.0.1", "1.2.3.4"), "1.2.3.4");
        assert_eq!(of("::ffff:10.0.0.1", "1.2.3.4, 10.0.0.2"), "1.2.3.4");
    }

    #[test]
    fn a_forged_entry_before_the_real_one_does_not_count() {
        assert_eq!(of("10.0.0.1", "6.6.6.6, 198.51.100.7"), "198.51.100.7");
        assert_eq!(of("10.0.0.1", "6.6.6.6, nonsense"), "10.0.0.1");
    }
}
