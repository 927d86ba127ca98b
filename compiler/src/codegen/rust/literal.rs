//! Rust literals of any text or number.
//!
//! Enters: text, numbers. Leaves: Rust source that reads back as exactly that. The only way by
//! which text of a pipeline gets into generated code. Must not know where it is put.

use std::fmt;

/// A literal, as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::codegen) struct Literal(String);

impl Literal {
    /// A string literal.
    pub(in crate::codegen) fn text(text: &str) -> Self {
        // `Debug` of `str` writes a Rust literal: quotes, backslashes, control and bidirectional
        // characters are escaped (the latter would trip a lint of rustc's).
        Self(format!("{text:?}"))
    }

    /// A character literal.
    pub(in crate::codegen) fn character(character: char) -> Self {
        Self(format!("{character:?}"))
    }

    /// An integer literal.
    pub(in crate::codegen) fn int(value: i64) -> Self {
        Self(value.to_string())
    }

    /// A literal of a count, an index or a time.
    pub(in crate::codegen) fn count(value: impl TryInto<u64>) -> Self {
        // Counts that a `u64` cannot hold do not exist.
        let value = value.try_into().unwrap_or(u64::MAX);
        Self(value.to_string())
    }

    /// A float literal; always with a point or an exponent.
    pub(in crate::codegen) fn float(value: f64) -> Self {
        Self(format!("{value:?}"))
    }

    /// `true` or `false`.
    pub(in crate::codegen) fn bool(value: bool) -> Self {
        Self(value.to_string())
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
