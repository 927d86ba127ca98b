//! Building lists, sets and objects.
//!
//! Enters: elements in order. Leaves: one value. A set is a list without duplicates. Must not know
//! how elements were written.

use super::{compare::find_key, distinct::Distinct};
use crate::{cx::Cx, elements::Entries, error::EvalError, value::Value};

/// `[a, b]`
///
/// # Errors
/// A limit error.
pub fn list(cx: &Cx, items: Vec<Value>) -> Result<Value, EvalError> {
    cx.charge(items.len() as u64)?;
    cx.allocate_list(items.len())?;
    Ok(Value::list(items))
}

/// `{a, b}`: a list without duplicates; of equal elements the first is kept.
///
/// # Errors
/// A limit error.
pub fn set(cx: &Cx, items: Vec<Value>) -> Result<Value, EvalError> {
    distinct(cx, items)
}

/// [`set`] of any elements.
pub(crate) fn distinct(
    cx: &Cx,
    items: impl IntoIterator<Item = Value>,
) -> Result<Value, EvalError> {
    let mut distinct = Distinct::default();
    for item in items {
        distinct.insert(cx, item)?;
    }
    distinct.finish(cx)
}

/// With so many keys, an object has a table of them.
const FEW: usize = 8;

/// `{k: v}`: when a key is given twice, the last value wins and the first position is kept.
///
/// # Errors
/// A key that is not a string (language reference, section 4, difference 7).
pub fn object(cx: &Cx, entries: Vec<(Value, Value)>) -> Result<Value, EvalError> {
    let mut made = Entries::with_room(cx, entries.len())?;
    for (key, value) in entries {
        insert(cx, &mut made, key, value)?;
    }
    made.finish(cx)
}

/// Sets an entry, and makes room for it when it is new.
pub(crate) fn insert(
    cx: &Cx,
    entries: &mut Entries,
    key: Value,
    value: Value,
) -> Result<(), EvalError> {
    let Value::Str(key) = key else {
        return Err(EvalError::type_error(format!(
            "object keys are strings, found `{}`",
            key.kind_name()
        ))
        .found(&[&key]));
    };
    find_key(cx, &key)?;
    cx.charge(1)?;
    if let Some(known) = entries.get_mut(&key) {
        *known = value;
        return Ok(());
    }
    // A new key of a large object is hashed again, and more than once when the table of the keys
    // grows. Few keys are not hashed.
    if entries.len() >= FEW {
        cx.charge(4)?;
    }
    entries.push(cx, key, value)
}
