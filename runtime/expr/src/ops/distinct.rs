//! Lists without duplicates.
//!
//! Enters: values. Leaves: of values that are equal, the first. Each value is hashed as a whole,
//! so that finding an equal one costs its size and not the number of values. Must not know who
//! needs them.

use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use hashbrown::HashTable;

use super::compare::equal;
use crate::{
    cx::Cx,
    elements::Elements,
    error::EvalError,
    value::{Object, Value},
};

/// Two to the power of 63: integers are less.
const LIMIT: f64 = 9_223_372_036_854_775_808.0;
/// How many bytes a place of the table takes, with those that stay empty.
const ROW_BYTES: u64 = 24;
/// How many places the table has first. It doubles: with seven eighths of a power of two, all of its
/// places are used.
const FEW: usize = 7;

/// A list without duplicates, by Python's equality; of equal values the first is kept.
#[derive(Debug, Default)]
pub struct Distinct {
    items: Elements,
    table: HashTable<Row>,
    /// The places of the table for which room was made.
    room: usize,
    /// Random, so that nobody can make values that have the same hash.
    seed: RandomState,
}

/// The hash of a value, and its position.
#[derive(Debug)]
struct Row {
    hash: u64,
    at: usize,
}

impl Distinct {
    /// Adds a value unless there is an equal one; says whether it was added.
    ///
    /// # Errors
    /// A limit error when the budget is spent: hashing costs a step for each value inside, and more
    /// for a long text.
    pub fn insert(&mut self, cx: &Cx, item: Value) -> Result<bool, EvalError> {
        let hash = hash(cx, &self.seed, &item)?;
        let mut failure = None;
        let items = self.items.as_slice();
        let is_equal = |row: &Row| {
            row.hash == hash
                && items.get(row.at).is_some_and(|other| {
                    equal(cx, other, &item).unwrap_or_else(|error| {
                        failure = Some(error);
                        true
                    })
                })
        };
        let known = self.table.find(hash, is_equal).is_some();
        if let Some(failure) = failure {
            return Err(failure);
        }
        if known {
            return Ok(false);
        }
        let at = self.items.len();
        self.items.push(cx, item)?;
        if at == self.room {
            let room = (self.room * 2).max(FEW);
            cx.grow(ROW_BYTES * self.room as u64, ROW_BYTES * room as u64)?;
            self.table.reserve(room - at, |row| row.hash);
            self.room = room;
        }
        self.table
            .insert_unique(hash, Row { hash, at }, |row| row.hash);
        Ok(true)
    }

    /// How many values there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The list of the values, in the order in which they were added.
    ///
    /// # Errors
    /// A limit error when it cannot be moved to its last place.
    pub fn finish(self, cx: &Cx) -> Result<Value, EvalError> {
        drop(self.table);
        cx.release(ROW_BYTES * self.room as u64);
        self.items.finish(cx)
    }
}

/// A hash that is the same for values that are equal: `1`, `1.0` and `True` have one hash, and the
/// order of an object's keys does not matter.
fn hash(cx: &Cx, seed: &RandomState, value: &Value) -> Result<u64, EvalError> {
    cx.charge(1)?;
    Ok(match value {
        Value::Null => seed.hash_one(0_u8),
        Value::Bool(value) => number(seed, i64::from(*value)),
        Value::Int(value) => number(seed, *value),
        // Such a float is equal to an integer.
        Value::Float(value) if value.fract() == 0.0 && (-LIMIT..LIMIT).contains(value) => {
            number(seed, *value as i64)
        }
        Value::Float(value) => seed.hash_one((1_u8, value.to_bits())),
        Value::Str(text) => {
            cx.scan(text.len())?;
            seed.hash_one(text)
        }
        Value::List(items) => {
            let mut hasher = seed.build_hasher();
            (2_u8, items.len()).hash(&mut hasher);
            for item in items {
                hash(cx, seed, item)?.hash(&mut hasher);
            }
            hasher.finish()
        }
        Value::Object(entries) => object(cx, seed, entries)?,
    })
}

fn number(seed: &RandomState, value: i64) -> u64 {
    seed.hash_one((3_u8, value))
}

/// The entries are added up, because their order does not matter.
fn object(cx: &Cx, seed: &RandomState, entries: &Object) -> Result<u64, EvalError> {
    let mut sum = entries.len() as u64;
    for (key, item) in entries {
        cx.scan(key.len())?;
        sum = sum.wrapping_add(seed.hash_one((key, hash(cx, seed, item)?)));
    }
    Ok(seed.hash_one((4_u8, sum)))
}
