//! For each key the positions of the policies that name it.

use std::collections::HashMap;
use std::hash::Hash;

/// Positions of policies by the key they name, each list ascending. They are looked up and never gone through, so that
/// the order of the keys is nobody's.
#[derive(Debug, Clone)]
pub(super) struct Postings<K>(HashMap<K, Vec<u32>>);

impl<K> Default for Postings<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Hash + Eq + Clone> Postings<K> {
    /// Notes that the policy at a position names these keys.
    pub(super) fn add<'a>(&mut self, position: u32, keys: impl IntoIterator<Item = &'a K>)
    where
        K: 'a,
    {
        for key in keys {
            self.0.entry(key.clone()).or_default().push(position);
        }
    }

    /// The policies that name a key.
    pub(super) fn naming(&self, key: &K) -> &[u32] {
        self.0.get(key).map_or(&[], Vec::as_slice)
    }
}
