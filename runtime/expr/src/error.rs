//! What an evaluation can fail with.
//!
//! Enters: an operator's or builtin's refusal. Leaves: one message that states found and
//! expected. Places (which expression, which stage) are added by the caller.

use std::fmt;

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
}

impl EvalError {
    /// A [`ErrorKind::Type`] error.
    pub fn type_error(message: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Type,
            message: message.into(),
        }
    }

    /// A [`ErrorKind::Value`] error.
    pub fn value_error(message: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Value,
            message: message.into(),
        }
    }

    /// A [`ErrorKind::Limit`] error.
    pub fn limit(message: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Limit,
            message: message.into(),
        }
    }
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EvalError {}
