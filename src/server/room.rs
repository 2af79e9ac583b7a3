//! Room: how many may come in at one time, and how many of them from one address.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Room for so many, of which each address has some at most.
pub struct Room {
    all: usize,
    per_address: usize,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    of: HashMap<IpAddr, usize>,
}

/// A place, free again when it is dropped.
pub struct Place {
    room: Arc<Room>,
    address: Option<IpAddr>,
}

impl Room {
    /// `all` places, `per_address` of them for each address: of IPv6 for each /64, of which one line has all.
    pub fn new(all: usize, per_address: usize) -> Arc<Self> {
        Arc::new(Room { all, per_address, taken: Mutex::default() })
    }

    /// A place for somebody from this address; none when there are too many. Without an address, those of one are not
    /// counted: a proxy comes for many.
    pub fn enter(self: &Arc<Self>, address: Option<IpAddr>) -> Option<Place> {
        let address = address.map(line_of);
        let mut taken = self.taken();
        if taken.all >= self.all {
            return None;
        }
        if let Some(address) = address {
            let own = taken.of.entry(address).or_default();
            if *own >= self.per_address {
                return None;
            }
            *own += 1;
        }
        taken.all += 1;
        Some(Place { room: self.clone(), address })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.room.taken();
        taken.all -= 1;
        if let Some(address) = self.address
            && let Some(own) = taken.of.get_mut(&address)
        {
            *own -= 1;
            if *own == 0 {
                taken.of.remove(&address);
            }
        }
    }
}

/// Whoever has one IPv6 connection has a whole /64.
fn line_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enter(room: &Arc<Room>, address: &str) -> Option<Place> {
        room.enter(Some(address.parse().unwrap()))
    }

    #[test]
    fn so_many_come_in_and_who_leaves_makes_room() {
        let room = Room::new(5, 3);
        let mut one: Vec<Option<Place>> = (0..3).map(|_| enter(&room, "192.0.2.1")).collect();
        assert!(one.iter().all(Option::is_some));
        assert!(enter(&room, "192.0.2.1").is_none(), "too many of one address");
        let others = (enter(&room, "2001:db8:1:2::1"), enter(&room, "2001:db8:1:2::2"));
        assert!(others.0.is_some() && others.1.is_some(), "others have room");
        assert!(enter(&room, "192.0.2.3").is_none(), "too many of all");
        one.pop();
        assert!(enter(&room, "192.0.2.3").is_some());
        drop((one, others));
        assert!(room.taken().of.is_empty() && room.taken().all == 0, "nothing is kept of who has left");
    }

    #[test]
    fn one_line_is_one_address() {
        let room = Room::new(5, 1);
        let _one = enter(&room, "2001:db8:1:2::1").unwrap();
        assert!(enter(&room, "2001:db8:1:2::2").is_none());
        assert!(enter(&room, "2001:db8:1:3::1").is_some());
        let _v4 = enter(&room, "192.0.2.1").unwrap();
        assert!(enter(&room, "::ffff:192.0.2.1").is_none(), "the same address, written as IPv6");
    }

    #[test]
    fn who_comes_for_many_has_all_places() {
        let room = Room::new(3, 1);
        let _many: Vec<Place> = (0..3).map(|_| room.enter(None).unwrap()).collect();
        assert!(room.enter(None).is_none());
    }
}
