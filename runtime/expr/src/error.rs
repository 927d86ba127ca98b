//! What an evaluation can fail with.
//!
//! Enters: an operator's or builtin's refusal. Leaves: one message that states found and
//! expected. Places (which expression, which stage) are added by the caller.

use std::fmt;

use crate::value::Value;

/// Why an evaluation failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// Operand or argument of a type the operation does not take.
    Type,
    /// A value the operation does not take: `int('x')`, division by zero, overflow.
    Value,
    /// A limit of language reference section 4 was reached.
    Limit,
}

/// A failed evaluation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvalError {
    /// What kind of refusal this is.
    pub kind: ErrorKind,
    /// Lower case, no final period, names the types found.
    pub message: String,
    /// Whether what it refused was null, which a missing key reads as.
    pub null: bool,
}

impl EvalError {
    /// A [`ErrorKind::Type`] error.
    pub fn type_error(message: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Type,
            message: message.into(),
            null: false,
        }
    }

    /// The same error, which these values were refused with.
    #[must_use]
    pub fn found(mut self, values: &[&Value]) -> Self {
        self.null = values.iter().any(|value| value.is_null());
        self
    }

    /// A [`ErrorKind::Value`] error.
    pub fn value_error(message: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Value,
            message: message.into(),
            null: false,
        }
    }

    /// A [`ErrorKind::Limit`] error.
    pub fn limit(message: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Limit,
            message: message.into(),
            null: false,
        }
    }
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EvalError {}
