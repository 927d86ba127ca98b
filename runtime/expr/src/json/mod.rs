//! Reading and writing values as JSON.
//!
//! Enters: JSON text, or a value. Leaves: a value, or JSON as CPython writes it (floats keep their
//! point: `1.0`, `1e+16`). Must not know operators.

mod place;
mod prepare;
mod read;
mod shapes;
mod small;
mod write;

pub use read::Read;
pub(crate) use write::write_within;
pub use write::{float, write, write_string};

use crate::{cx::Cx, error::EvalError, value::Value};

/// Reads JSON that comes from outside, within a budget: a response, an input. When a key is given
/// twice, the last value wins. An integer that does not fit 64 bits is kept as text.
///
/// # Errors
/// A value error with line and column for text that is not JSON, or that is nested too deep. A
/// limit error when the budget is spent, or when the values would take much more memory than the
/// text. A stop when the alarm rings.
pub fn read(cx: &Cx, text: &[u8]) -> Result<Read, EvalError> {
    read::read(Some(cx), text)
}

/// [`read`] without a budget, for what a person gives to a program. Memory is bounded all the same.
///
/// # Errors
/// What is wrong.
pub fn read_freely(text: &[u8]) -> Result<Read, EvalError> {
    read::read(None, text)
}

/// [`read`], but an integer that does not fit 64 bits is an error.
///
/// # Errors
/// As [`read`].
pub fn read_exact(cx: &Cx, text: &[u8]) -> Result<Value, EvalError> {
    read::exact(Some(cx), text)
}

impl Value {
    /// Reads JSON without a budget; otherwise as [`read_exact`].
    ///
    /// # Errors
    /// What is wrong, with line and column.
    pub fn from_json(text: &[u8]) -> Result<Self, String> {
        read::exact(None, text).map_err(|error| error.message)
    }

    /// Compact JSON, as the text form of a list or object.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        write::write(&mut out, self, None);
        out
    }

    /// JSON over several lines, indented by two spaces a level.
    #[must_use]
    pub fn to_json_pretty(&self) -> String {
        let mut out = String::new();
        write::write(&mut out, self, Some(2));
        out
    }
}

#[cfg(test)]
mod tests;
