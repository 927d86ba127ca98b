//! The operators: the interpreter and generated code call these and nothing else.
//!
//! Enters: values. Leaves: a value, or a refusal that names the types of the operands. They work
//! like CPython's, except for the differences in section 4 of the language reference. Must not know
//! names or stages.

mod access;
mod arithmetic;
mod build;
mod compare;
mod distinct;
mod gather;

pub use access::{index, iterate, member, path, slice, unpack};
pub use arithmetic::{add, div, floor_div, mul, neg, pos, pow, rem, sub};
pub use build::{list, object, set};
pub use compare::{contains, equal, greater, greater_equal, is, less, less_equal};
pub use distinct::Distinct;
pub use gather::{Gather, gathered};

pub(crate) use arithmetic::{finite, to_float};
pub(crate) use build::{distinct, insert};
pub(crate) use compare::{find_key, ordering};

use crate::value::Value;

/// Python's truth of a value: null, `false`, zero and everything empty are false.
#[must_use]
pub fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Int(value) => *value != 0,
        Value::Float(value) => *value != 0.0,
        Value::Str(text) => !text.is_empty(),
        Value::List(items) => !items.is_empty(),
        Value::Object(entries) => !entries.is_empty(),
    }
}

/// `not value`
#[must_use]
pub fn not(value: &Value) -> Value {
    Value::Bool(!truthy(value))
}
