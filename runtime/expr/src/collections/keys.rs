//! The keys of an object, stored apart from its values.
//!
//! Enters: distinct keys in order. Leaves: the position of a key, or the key at a position. A list
//! of a thousand alerts stores a thousand rows of values but its keys only once. Must not know
//! values.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;
use triomphe::ThinArc;

use crate::str::Str;

/// Up to this many keys, comparing them one by one is faster than hashing.
const FEW: usize = 8;

/// Distinct keys in order, shared. One pointer wide.
#[derive(Clone)]
pub struct Keys(ThinArc<Index, Str>);

impl Keys {
    /// Makes the keys. The caller guarantees that no two are equal.
    #[must_use]
    pub fn of_distinct(keys: impl ExactSizeIterator<Item = Str>) -> Self {
        if keys.len() <= FEW {
            return Self(ThinArc::from_header_and_iter(Index::default(), keys));
        }
        let mut list = KeyList::with_capacity(keys.len());
        keys.for_each(|key| list.push(key));
        list.into()
    }

    /// The keys, in order.
    #[must_use]
    pub fn as_slice(&self) -> &[Str] {
        &self.0.slice
    }

    /// The position of a key.
    #[must_use]
    pub fn position(&self, key: &str) -> Option<usize> {
        self.0.header.header.position(self.as_slice(), key)
    }
}

impl From<KeyList> for Keys {
    fn from(list: KeyList) -> Self {
        Self(ThinArc::from_header_and_iter(
            list.index,
            list.keys.into_iter(),
        ))
    }
}

/// Keys to which more can be added.
#[derive(Clone, Default)]
pub(super) struct KeyList {
    keys: Vec<Str>,
    index: Index,
}

impl KeyList {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self {
            keys: Vec::with_capacity(capacity),
            index: Index::default(),
        }
    }

    pub(super) fn reserve_exact(&mut self, more: usize) {
        self.keys.reserve_exact(more);
    }

    pub(super) fn as_slice(&self) -> &[Str] {
        &self.keys
    }

    pub(super) fn position(&self, key: &str) -> Option<usize> {
        self.index.position(&self.keys, key)
    }

    /// Adds a key that is not there yet.
    pub(super) fn push(&mut self, key: Str) {
        self.keys.push(key);
        self.index.extend(&self.keys);
    }
}

impl From<&Keys> for KeyList {
    fn from(keys: &Keys) -> Self {
        Self {
            keys: keys.as_slice().to_vec(),
            index: keys.0.header.header.clone(),
        }
    }
}

/// Finds the position of a key by its hash. Empty while there are few keys. The hash has a random
/// seed, so nobody can write keys that all collide.
#[derive(Clone, Default)]
struct Index(Option<Box<Places>>);

#[derive(Clone, Default)]
struct Places {
    seed: RandomState,
    table: HashTable<u32>,
}

impl Index {
    fn position(&self, keys: &[Str], key: &str) -> Option<usize> {
        let Some(places) = &self.0 else {
            return keys.iter().position(|one| one == key);
        };
        let is_there = |place: &u32| keys.get(*place as usize).is_some_and(|one| one == key);
        let place = places.table.find(places.seed.hash_one(key), is_there)?;
        Some(*place as usize)
    }

    /// Adds the last of the keys. When the keys become too many to compare one by one, adds all of
    /// them.
    fn extend(&mut self, keys: &[Str]) {
        if keys.len() <= FEW {
            return;
        }
        let known = if self.0.is_some() { keys.len() - 1 } else { 0 };
        let Places { seed, table } = &mut **self.0.get_or_insert_default();
        let hash = |place: &u32| {
            let key = keys.get(*place as usize);
            key.map_or(0, |key| seed.hash_one(key.as_str()))
        };
        // No object within the size limit has 2³² keys, so the conversion never fails.
        for place in (known..keys.len()).filter_map(|place| u32::try_from(place).ok()) {
            table.insert_unique(hash(&place), place, hash);
        }
    }
}
