//! Building lists, sets and objects.
//!
//! Enters: elements in order. Leaves: one value. A set is a list without duplicates. Must not know
//! how elements were written.

use super::distinct::Distinct;
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
        distinct.insert(cx, item)?;
    }
    Ok(Value::list(distinct.finish(cx)))
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
