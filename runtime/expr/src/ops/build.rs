//! Building lists, sets and objects.
//!
//! Enters: elements in order. Leaves: one value. A set is a list without duplicates. Must not know
//! how elements were written.

use std::collections::HashMap;

use super::compare::equal;
use crate::{
    cx::Cx,
    error::EvalError,
    value::{Map, Value},
};

/// `[a, b]`
///
/// # Errors
/// A limit error.
pub fn list(cx: &Cx, items: Vec<Value>) -> Result<Value, EvalError> {
    cx.charge(items.len() as u64)?;
    Ok(Value::list(items))
}

/// `{a, b}`: a list without duplicates; of equal elements the first is kept.
///
/// # Errors
/// A limit error.
pub fn set(cx: &Cx, items: Vec<Value>) -> Result<Value, EvalError> {
    let mut distinct = Distinct::default();
    for item in items {
        cx.charge(1)?;
        distinct.insert(item);
    }
    Ok(Value::list(distinct.items))
}

/// `{k: v}`: when a key is given twice, the last value wins and the first position is kept.
///
/// # Errors
/// A key that is not a string (language reference, section 4, difference 7).
pub fn object(cx: &Cx, entries: Vec<(Value, Value)>) -> Result<Value, EvalError> {
    let mut map = Map::with_capacity(entries.len());
    for (key, value) in entries {
        cx.charge(1)?;
        let Value::Str(key) = key else {
            return Err(EvalError::type_error(format!(
                "object keys are strings, found `{}`",
                key.kind_name()
            ))
            .found(&[&key]));
        };
        map.insert(key, value);
    }
    Ok(Value::object(map))
}

/// A list without duplicates, by Python's equality; of equal values the first is kept.
#[derive(Default)]
struct Distinct {
    items: Vec<Value>,
    // Positions in `items` by fingerprint. Different values can have the same fingerprint, so there
    // may be several.
    seen: HashMap<u64, Vec<usize>>,
}

impl Distinct {
    /// Adds a value unless there is an equal one; says whether it was added.
    fn insert(&mut self, item: Value) -> bool {
        let places = self.seen.entry(fingerprint(&item)).or_default();
        let known = places
            .iter()
            .any(|&at| self.items.get(at).is_some_and(|other| equal(other, &item)));
        if known {
            return false;
        }
        places.push(self.items.len());
        self.items.push(item);
        true
    }
}

/// A hash that is the same for values that are equal: numbers count as floats, since `1 == 1.0 ==
/// True`, and of a collection only the size and the first element count.
fn fingerprint(value: &Value) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    match value {
        Value::Null => 0_u8.hash(&mut hasher),
        Value::Bool(value) => f64::from(u8::from(*value)).to_bits().hash(&mut hasher),
        Value::Int(value) => (*value as f64 + 0.0).to_bits().hash(&mut hasher),
        Value::Float(value) => (*value + 0.0).to_bits().hash(&mut hasher),
        Value::Str(text) => text.hash(&mut hasher),
        Value::List(items) => {
            (1_u8, items.len()).hash(&mut hasher);
            items.first().map(fingerprint).hash(&mut hasher);
        }
        Value::Object(entries) => (2_u8, entries.len()).hash(&mut hasher),
    }
    hasher.finish()
}
