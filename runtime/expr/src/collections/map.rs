//! The entries of an object while it is being built.
//!
//! Enters: entries in order. Leaves: the same entries; when a key is given twice, its last value at
//! its first position; then an `Object`. Must not know what a value is.

use std::{fmt, iter};

use super::{
    keys::{KeyList, Keys},
    object::{Entries, Object},
};
use crate::str::Str;

/// Entries in the order in which their keys were first added.
#[derive(Clone)]
pub struct Map<V> {
    keys: KeyList,
    values: Vec<V>,
}

impl<V> Map<V> {
    /// A map without entries.
    #[must_use]
    pub fn new() -> Self {
        Self::with_capacity(0)
    }

    /// A map without entries, with room for this many.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            keys: KeyList::with_capacity(capacity),
            values: Vec::with_capacity(capacity),
        }
    }

    /// Makes room for so many entries more, and no other.
    pub(crate) fn reserve_exact(&mut self, more: usize) {
        self.keys.reserve_exact(more);
        self.values.reserve_exact(more);
    }

    /// Sets the value of a key and returns its old value. A new key comes last.
    pub fn insert(&mut self, key: Str, value: V) -> Option<V> {
        if let Some(known) = self.get_mut(&key) {
            return Some(std::mem::replace(known, value));
        }
        self.keys.push(key);
        self.values.push(value);
        None
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&V> {
        self.values.get(self.keys.position(key)?)
    }

    /// The value of a key, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        self.values.get_mut(self.keys.position(key)?)
    }

    /// Whether the key is there.
    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.keys.position(key).is_some()
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The entries, in order.
    pub fn iter(&self) -> Entries<'_, V> {
        iter::zip(self.keys.as_slice(), &self.values)
    }

    /// The entries, in order, to change their values.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&Str, &mut V)> {
        iter::zip(self.keys.as_slice(), &mut self.values)
    }
}

impl<V> Default for Map<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V: fmt::Debug> fmt::Debug for Map<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<V> Extend<(Str, V)> for Map<V> {
    fn extend<I: IntoIterator<Item = (Str, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl<V> FromIterator<(Str, V)> for Map<V> {
    fn from_iter<I: IntoIterator<Item = (Str, V)>>(entries: I) -> Self {
        let entries = entries.into_iter();
        let mut map = Self::with_capacity(entries.size_hint().0);
        map.extend(entries);
        map
    }
}

impl<V: Clone> From<&Object<V>> for Map<V> {
    fn from(object: &Object<V>) -> Self {
        Self {
            keys: object.shared_keys().into(),
            values: object.values().cloned().collect(),
        }
    }
}

impl<V: Default> From<Map<V>> for Object<V> {
    fn from(map: Map<V>) -> Self {
        Self::new(Keys::from(map.keys), map.values.into_iter())
    }
}
