//! How an evaluation can fail.
//!
//! Enters: a refusal of an operator or builtin. Leaves: one message that says what was found and
//! expected. Must not know where the expression is; the caller adds that.

use std::{borrow::Cow, fmt};

use crate::value::Value;

/// Why an evaluation failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// An operand or argument of a type that the operation does not take.
    Type,
    /// A value that the operation does not take: `int('x')`, division by zero, overflow.
    Value,
    /// A limit was reached (language reference, section 4).
    Limit,
    /// The work was stopped from outside: a time limit was reached, or the process must end.
    Stopped,
}

/// The error of a failed evaluation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvalError {
    /// What kind of refusal this is.
    pub kind: ErrorKind,
    /// Starts in lower case, has no final period, names the types that were found.
    pub message: String,
    /// Whether a null was refused, as in `data.missing > 1`: a missing key reads as null. Set by
    /// operators and builtins through [`EvalError::found`]; the `filter` component reads it when
    /// `pass_if_missing` is set.
    pub null: bool,
}

impl EvalError {
    /// An error of kind [`ErrorKind::Type`].
    pub fn type_error(message: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Type,
            message: message.into(),
            null: false,
        }
    }

    /// The same error, with the values that were refused: it notes whether one of them was null.
    #[must_use]
    pub fn found(mut self, values: &[&Value]) -> Self {
        self.null = values.iter().any(|value| value.is_null());
        self
    }

    /// An error of kind [`ErrorKind::Value`].
    pub fn value_error(message: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Value,
            message: message.into(),
            null: false,
        }
    }

    /// An error of kind [`ErrorKind::Limit`].
    pub fn limit(message: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Limit,
            message: message.into(),
            null: false,
        }
    }
}

impl EvalError {
    /// An error of kind [`ErrorKind::Stopped`]. Who set the alarm knows why it rang.
    #[must_use]
    pub fn stopped() -> Self {
        Self {
            kind: ErrorKind::Stopped,
            message: "stopped".to_owned(),
            null: false,
        }
    }
}

/// How many characters of a text a message quotes.
const QUOTED: usize = 80;

/// The beginning of a text, for a message that quotes it: the text may be 60 MB long. If something
/// is left out, `…` follows.
#[must_use]
pub fn excerpt(text: &str) -> Cow<'_, str> {
    cut(text, QUOTED)
}

/// The first `most` characters of a text. If there are more, `…` follows.
#[must_use]
pub fn cut(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
    }
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EvalError {}
