//! Objects that are shared and never change.
//!
//! Enters: keys, and their values in the same order. Leaves: an object whose values are in one
//! block of memory, together with a pointer to the keys. Must not know what a value is.

use std::{fmt, iter, slice};

use triomphe::ThinArc;

use super::keys::Keys;
use crate::str::Str;

/// A shared object. It is as large as one pointer.
pub struct Object<V>(ThinArc<Keys, V>);

impl<V> Object<V> {
    /// Makes an object. There must be as many values as keys.
    #[must_use]
    pub fn new(keys: Keys, values: impl ExactSizeIterator<Item = V>) -> Self {
        debug_assert_eq!(keys.as_slice().len(), values.len());
        Self(ThinArc::from_header_and_iter(keys, values))
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&V> {
        self.0.slice.get(self.shared_keys().position(key)?)
    }

    /// Whether the key is there.
    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.shared_keys().position(key).is_some()
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.slice.len()
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.slice.is_empty()
    }

    /// The keys, in order.
    pub fn keys(&self) -> slice::Iter<'_, Str> {
        self.shared_keys().as_slice().iter()
    }

    /// The values, in the order of their keys.
    pub fn values(&self) -> slice::Iter<'_, V> {
        self.0.slice.iter()
    }

    /// The entries, in order.
    pub fn iter(&self) -> Entries<'_, V> {
        iter::zip(self.keys(), self.values())
    }

    /// Whether both are the same object in memory.
    #[must_use]
    pub fn is_shared_with(&self, other: &Self) -> bool {
        std::ptr::addr_eq(&raw const *self.0, &raw const *other.0)
    }

    /// The keys, as other objects with the same keys can share them.
    #[must_use]
    pub fn shared_keys(&self) -> &Keys {
        &self.0.header.header
    }
}

/// The entries of an object, in order.
pub type Entries<'a, V> = iter::Zip<slice::Iter<'a, Str>, slice::Iter<'a, V>>;

impl<V> Clone for Object<V> {
    fn clone(&self) -> Self {
        Self(ThinArc::clone(&self.0))
    }
}

impl<V> Default for Object<V> {
    fn default() -> Self {
        Self::new(Keys::of_distinct(Vec::new()), iter::empty())
    }
}

impl<V: fmt::Debug> fmt::Debug for Object<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<'a, V> IntoIterator for &'a Object<V> {
    type Item = (&'a Str, &'a V);
    type IntoIter = Entries<'a, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
