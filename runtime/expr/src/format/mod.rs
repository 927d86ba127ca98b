//! Python's format mini-language: f-strings and `str.format`.
//!
//! Enters: a value and a specification such as `>8,.2f`. Leaves: text; or a refusal, where CPython
//! refuses. Must not know templates or expressions.

mod fill;

mod spec;

pub use fill::str_format;
pub use spec::field;

#[cfg(test)]
mod tests;
