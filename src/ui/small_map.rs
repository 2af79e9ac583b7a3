//! A map for the browser: a sorted list. Its code is a tenth of a tree's, and it holds tens of things, not thousands.

/// A map for few things.
#[derive(Clone, Debug)]
pub struct SmallMap<K, V>(Vec<(K, V)>);

impl<K, V> Default for SmallMap<K, V> {
    fn default() -> Self {
        SmallMap(Vec::new())
    }
}

impl<K: Ord + Copy, V> SmallMap<K, V> {
    pub fn new() -> Self {
        Self::default()
    }

    fn find(&self, key: K) -> Result<usize, usize> {
        self.0.binary_search_by(|(this, _)| this.cmp(&key))
    }

    pub fn get(&self, key: K) -> Option<&V> {
        self.find(key).ok().map(|at| &self.0[at].1)
    }

    pub fn get_mut(&mut self, key: K) -> Option<&mut V> {
        match self.find(key) {
            Ok(at) => Some(&mut self.0[at].1),
            Err(_) => None,
        }
    }

    /// What is there, or what `make` puts there.
    pub fn get_or(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let at = match self.find(key) {
            Ok(at) => at,
            Err(at) => {
                self.0.insert(at, (key, make()));
                at
            }
        };
        &mut self.0[at].1
    }

    pub fn insert(&mut self, key: K, value: V) {
        match self.find(key) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (key, value)),
        }
    }

    pub fn remove(&mut self, key: K) -> Option<V> {
        self.find(key).ok().map(|at| self.0.remove(at).1)
    }

    pub fn retain(&mut self, keep: impl Fn(K) -> bool) {
        self.0.retain(|(key, _)| keep(*key));
    }

    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_is_found_until_it_is_taken_out() {
        let mut map = SmallMap::new();
        for key in [5, 1, 3] {
            map.insert(key, key * 10);
        }
        map.insert(3, 33);
        *map.get_or(4, || 0) += 1;
        assert_eq!([map.get(1), map.get(3), map.get(4), map.get(2)], [Some(&10), Some(&33), Some(&1), None]);
        assert_eq!(map.values().copied().collect::<Vec<_>>(), [10, 33, 1, 50]);
        assert_eq!((map.remove(5), map.remove(5)), (Some(50), None));
        map.retain(|key| key != 1);
        *map.get_mut(3).unwrap() = 7;
        assert_eq!(map.values().copied().collect::<Vec<_>>(), [7, 1]);
    }
}
