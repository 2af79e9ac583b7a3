//! Blocks (M12): a visitor who may not chat for a day, and perhaps everybody at the same address.

use super::Millis;
use super::agent::AgentRef;
use super::ids::{BlockId, ChatId, VisitorId};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// A block lasts 24 hours.
pub const BLOCK_MS: Millis = 24 * 3_600_000;
/// Longest accepted reason, in characters.
pub const MAX_REASON_CHARS: usize = 500;

/// A block, for the list of those who may lift it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    pub id: BlockId,
    pub visitor: VisitorId,
    /// What the visitor was called.
    pub name: String,
    /// The blocked address as [`address_key`] writes it, when the address is blocked too.
    pub address: Option<String>,
    pub reason: String,
    pub by: AgentRef,
    /// The chat in which it was decided.
    pub chat: ChatId,
    pub at: Millis,
    pub until: Millis,
    /// Who lifted it, and when.
    pub lifted: Option<(AgentRef, Millis)>,
}

impl Block {
    /// Whether it keeps anybody out at this time.
    pub fn is_active(&self, now: Millis) -> bool {
        self.lifted.is_none() && now < self.until
    }
}

/// What is blocked when this address is: an IPv4 address alone, of IPv6 the /64, which is what one connection gets.
pub fn address_key(ip: &str) -> Option<String> {
    match ip.parse::<IpAddr>().ok()?.to_canonical() {
        IpAddr::V4(v4) => Some(v4.to_string()),
        IpAddr::V6(v6) => {
            let net = std::net::Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX));
            Some(format!("{net}/64"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_version_6_stands_for_its_network() {
        assert_eq!(address_key("203.0.113.7").as_deref(), Some("203.0.113.7"));
        assert_eq!(address_key("::ffff:203.0.113.7").as_deref(), Some("203.0.113.7"));
        assert_eq!(address_key("2001:db8:1:2:3:4:5:6").as_deref(), Some("2001:db8:1:2::/64"));
        assert_eq!(address_key("2001:db8:1:2:ffff::1"), address_key("2001:db8:1:2::9"));
        assert_ne!(address_key("2001:db8:1:3::1"), address_key("2001:db8:1:2::1"));
        assert_eq!(address_key("unknown"), None);
    }
}
