//! JSON in and out of values.
//!
//! Enters: JSON text through serde, or a value. Leaves: a value, or JSON as CPython writes it
//! (floats keep their point, `1e+16`). Must not know operators.

mod read;
mod shapes;
mod wide;
mod write;

pub use write::{float, write, write_string};

use crate::value::Value;

impl Value {
    /// Reads JSON. Of doubled keys the last wins.
    ///
    /// # Errors
    /// What `serde_json` says, with line and column; integers beyond 64 bits and text nested
    /// deeper than 128 too.
    pub fn from_json(text: &[u8]) -> Result<Self, String> {
        let value = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        match wide::wide_integer(text) {
            None => Ok(value),
            Some(error) => Err(error),
        }
    }

    /// Compact JSON, as the text form has it.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        write::write(&mut out, self, None);
        out
    }

    /// JSON over several lines, two blanks a level.
    #[must_use]
    pub fn to_json_pretty(&self) -> String {
        let mut out = String::new();
        write::write(&mut out, self, Some(2));
        out
    }
}

#[cfg(test)]
mod tests;
