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

impl<V: Default> Object<V> {
    /// Makes an object of these keys and as many values. If there are fewer values, the others are
    /// the default; values beyond the last key are left out.
    #[must_use]
    pub fn new(keys: Keys, mut values: impl Iterator<Item = V>) -> Self {
        // The count of the keys decides, so an iterator that is wrong about its length does no
        // harm.
        let count = keys.as_slice().len();
        let values = (0..count).map(|_| values.next().unwrap_or_default());
        Self(ThinArc::from_header_and_iter(keys, values))
    }

    /// Like [`Self::new`], for values that may fail.
    ///
    /// # Errors
    /// The first failure. No value after it is computed.
    pub fn try_new<E>(
        keys: Keys,
        mut values: impl Iterator<Item = Result<V, E>>,
    ) -> Result<Self, E> {
        let mut failure = None;
        let values = std::iter::from_fn(|| match values.next()? {
            Ok(value) => Some(value),
            Err(error) => {
                failure = Some(error);
                None
            }
        });
        let object = Self::new(keys, values.fuse());
        match failure {
            None => Ok(object),
            Some(error) => Err(error),
        }
    }
}

impl<V> Object<V> {
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

impl<V: Default> Default for Object<V> {
    fn default() -> Self {
        Self::new(Keys::of_distinct(iter::empty()), iter::empty())
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
