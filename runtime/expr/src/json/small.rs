//! Lists of one or two elements that a text has often, like the points of a shape: `[0, 1]`.
//!
//! Enters: the elements of a short list. Leaves: the list in memory that has the same elements, if
//! it was read not long ago. Nobody can fill memory with `[[[0]]]` over and over. Must not know
//! JSON.

use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use hashbrown::HashTable;

use crate::value::{List, Value};

/// A list with more elements than this is not shared.
pub(super) const FEW: usize = 2;
/// When so many lists are remembered, all of them are forgotten.
const MOST: usize = 4_096;

/// The lists that are remembered.
#[derive(Default)]
pub(super) struct Small {
    /// Random, so that nobody can make lists that have the same hash.
    seed: RandomState,
    lists: HashTable<(u64, List)>,
}

impl Small {
    /// A list of these elements that was made before. If there is none, the hash with which it
    /// should be remembered once it is made.
    pub(super) fn find(&self, items: &[Value]) -> Result<Value, u64> {
        let mut hasher = self.seed.build_hasher();
        items.iter().for_each(|item| mix(item, &mut hasher));
        let hash = hasher.finish();
        let is_same = |(_, list): &(u64, List)| {
            let mut pairs = list.iter().zip(items);
            list.len() == items.len() && pairs.all(|(known, item)| same(known, item))
        };
        match self.lists.find(hash, is_same) {
            Some((_, list)) => Ok(Value::List(list.clone())),
            None => Err(hash),
        }
    }

    /// Remembers a list.
    pub(super) fn put(&mut self, hash: u64, list: &List) {
        if self.lists.len() >= MOST {
            self.lists.clear();
        }
        let row = (hash, list.clone());
        self.lists.insert_unique(hash, row, |(hash, _)| *hash);
    }
}

/// Whether two elements are the same without a doubt. Long texts are not compared.
fn same(a: &Value, b: &Value) -> bool {
    let long = a.as_str().is_some_and(|text| text.len() > SHORT);
    !long && a.is_unchanged(b)
}

/// Of a longer text only the beginning is looked at.
const SHORT: usize = 16;

fn mix(item: &Value, hasher: &mut impl Hasher) {
    match item {
        Value::Null => hasher.write_u8(0),
        Value::Bool(value) => value.hash(hasher),
        Value::Int(number) => number.hash(hasher),
        Value::Float(number) => number.to_bits().hash(hasher),
        Value::Str(text) => text
            .as_bytes()
            .get(..SHORT)
            .unwrap_or(text.as_bytes())
            .hash(hasher),
        Value::List(items) => items.as_ptr().addr().hash(hasher),
        Value::Object(entries) => entries.values().as_slice().as_ptr().addr().hash(hasher),
    }
}
