//! Makes objects whose keys are literals, and integers for them.
//!
//! Enters: names and values in order. Leaves: one value. Must not know what the objects are for.

use fmc_expr::{Str, Value};

/// An object with literal keys.
pub(crate) fn object(entries: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let entries = entries.into_iter();
    Value::object(
        entries
            .map(|(key, value)| (Str::from_static(key), value))
            .collect(),
    )
}

/// A count as a value. If it does not fit 64 bits, it becomes the largest integer.
pub(crate) fn int(number: impl TryInto<i64>) -> Value {
    Value::Int(number.try_into().unwrap_or(i64::MAX))
}
