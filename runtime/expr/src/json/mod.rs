//! Reading and writing values as JSON.
//!
//! Enters: JSON text, or a value. Leaves: a value, or JSON as CPython writes it (floats keep their
//! point: `1.0`, `1e+16`). Must not know operators.

mod integers;
mod read;
mod shapes;
mod write;

pub use write::{float, write, write_string, write_within};

use crate::value::Value;

impl Value {
    /// Reads JSON. When a key is given twice, the last value wins.
    ///
    /// # Errors
    /// The message of `serde_json`, with line and column. Integers that do not fit 64 bits and text
    /// nested deeper than 128 levels are errors too.
    pub fn from_json(text: &[u8]) -> Result<Self, String> {
        let (text, wide) = integers::prepared(text);
        let value = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
        match wide {
            None => Ok(value),
            Some(error) => Err(error),
        }
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
