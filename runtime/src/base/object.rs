//! Makes objects whose keys are literals, and integers for them.
//!
//! Enters: names and values in order. Leaves: one value. Must not know what the objects are for.

use fmc_expr::{Keys, Object, Str, Value, value::as_count};

/// An object with literal keys, which must all be different.
pub(crate) fn object(entries: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let entries: Vec<_> = entries.into_iter().collect();
    let keys = Keys::of_distinct(entries.iter().map(|(key, _)| Str::from_static(key)));
    let values = entries.into_iter().map(|(_, value)| value);
    Value::Object(Object::new(keys, values))
}

/// A count as a value. If it does not fit 64 bits, it becomes the largest integer.
pub(crate) fn int(number: impl TryInto<i64>) -> Value {
    Value::Int(as_count(number))
}
