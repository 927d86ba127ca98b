//! Rust literals of any text or number.
//!
//! Enters: text and numbers. Leaves: Rust source that reads back as exactly that value. Only
//! through this type can text of a pipeline get into generated code. Must not know where it is put.

use std::fmt;

/// A literal, as source text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::codegen) struct Literal(String);

impl Literal {
    /// A string literal.
    pub(in crate::codegen) fn text(text: &str) -> Self {
        // `Debug` of `str` writes a Rust literal: it escapes quotes, backslashes, control
        // characters and bidirectional characters (rustc's lints forbid the last).
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
        // No count is larger than a `u64`.
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
