//! The error a stage fails with (language reference, section 7).
//!
//! Enters: a refusal of a component or expression. Leaves: one error with its type. Retries,
//! `catch_error_types`, the name `error` and the report of the run all read it. Must not know which
//! stage failed; the executor adds that.

use std::fmt;

use fmc_expr::{EvalError, Value};

use crate::base::excerpt::cut;

/// The type of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorType {
    /// There was no connection, or it broke.
    Connection,
    /// A time limit was reached.
    Timeout,
    /// A response with a status of 400 or more, which no expression reads.
    HttpStatus,
    /// An expression could not be evaluated.
    Expression,
    /// The value of a setting does not fit its field.
    Config,
    /// Data does not fit its schema.
    Validation,
    /// A model provider refused, or its response cannot be used.
    Provider,
    /// The last of several attempts failed.
    RetryExhausted,
    /// The run was interrupted.
    Cancelled,
    /// fmc has a bug.
    Internal,
}

/// Every type with its name, and the names of FlowMason's classes for it.
pub const ERROR_TYPES: &[(ErrorType, &str, &[&str])] = &[
    (ErrorType::Connection, "ConnectionError", &["CONNECTIVITY"]),
    (ErrorType::Timeout, "TimeoutError", &["TIMEOUT"]),
    (
        ErrorType::HttpStatus,
        "HttpStatusError",
        &["EXECUTION", "CONNECTIVITY"],
    ),
    (
        ErrorType::Expression,
        "ExpressionError",
        &["EXPRESSION", "TRANSFORMATION"],
    ),
    (ErrorType::Config, "ConfigError", &["VALIDATION"]),
    (ErrorType::Validation, "ValidationError", &["VALIDATION"]),
    (
        ErrorType::Provider,
        "ProviderError",
        &["CONNECTIVITY", "EXECUTION"],
    ),
    (
        ErrorType::RetryExhausted,
        "RetryExhausted",
        &["RETRY_EXHAUSTED"],
    ),
    (ErrorType::Cancelled, "Cancelled", &["UNKNOWN"]),
    (ErrorType::Internal, "InternalError", &["UNKNOWN"]),
];

impl ErrorType {
    /// The name that pipelines, reports and `error.type` use.
    #[must_use]
    pub fn name(self) -> &'static str {
        let row = ERROR_TYPES.iter().find(|(kind, _, _)| *kind == self);
        row.map_or("Error", |(_, name, _)| name)
    }

    /// Every type.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        ERROR_TYPES.iter().map(|(kind, _, _)| *kind)
    }

    /// The type with this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::all().find(|kind| kind.name() == name)
    }

    /// Whether an entry of `catch_error_types` means this type, by its name or by a FlowMason
    /// class.
    #[must_use]
    pub fn is_called(self, entry: &str) -> bool {
        ERROR_TYPES.iter().any(|(kind, name, classes)| {
            *kind == self && (*name == entry || classes.contains(&entry))
        })
    }

    /// Whether another attempt could end differently. It could not for expressions, settings and
    /// bugs.
    #[must_use]
    pub fn is_retryable(self) -> bool {
        !matches!(
            self,
            Self::Expression | Self::Config | Self::Cancelled | Self::Internal
        )
    }
}

impl fmt::Display for ErrorType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How many characters a message may have. It quotes data, which has any length.
const MESSAGE: usize = 4_000;

/// A failed stage, before the executor adds which stage and attempt it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageError {
    /// Its type.
    pub kind: ErrorType,
    /// Starts in lower case, has no final period. Secrets are not masked yet.
    pub message: String,
    /// The HTTP status, if one was received.
    pub status_code: Option<u16>,
    /// How long the server asked to wait (`Retry-After`), in milliseconds.
    pub retry_after_ms: Option<u64>,
    /// For [`ErrorType::RetryExhausted`], the type of the last failure.
    pub last: Option<ErrorType>,
    /// The first 4 KiB of the response, if a server refused.
    pub body: Option<String>,
    /// Whether an expression failed because of a null, as in `data.missing > 1`: a missing key
    /// reads as null. Set by [`StageError::evaluation`]; `filter` reads it when `pass_if_missing`
    /// is set.
    pub null: bool,
}

/// A boxed [`StageError`], so that results stay small.
pub type Fault = Box<StageError>;

/// The result of rendering a template, condition or configuration, or of running a stage.
pub type Outcome = Result<Value, Fault>;

impl StageError {
    /// An error of this type with a message.
    #[must_use]
    pub fn new(kind: ErrorType, message: impl Into<String>) -> Fault {
        let message: String = message.into();
        Box::new(Self {
            kind,
            message: if message.len() > MESSAGE {
                cut(&message, MESSAGE)
            } else {
                message
            },
            status_code: None,
            retry_after_ms: None,
            last: None,
            body: None,
            null: false,
        })
    }

    /// The error for a value that does not fit its field.
    #[must_use]
    pub fn config(message: impl Into<String>) -> Fault {
        Self::new(ErrorType::Config, message)
    }

    /// The error for an expression that could not be evaluated.
    #[must_use]
    pub fn expression(message: impl Into<String>) -> Fault {
        Self::new(ErrorType::Expression, message)
    }

    /// The error for an expression that could not be evaluated for this reason.
    #[must_use]
    pub fn evaluation(message: impl Into<String>, reason: &EvalError) -> Fault {
        let mut fault = Self::expression(message);
        fault.null = reason.null;
        fault
    }

    /// The error of a stage in which fmc has a bug, with a sentence about it.
    #[must_use]
    pub fn bug(sentence: impl Into<String>) -> Fault {
        Self::new(ErrorType::Internal, sentence)
    }

    /// The error of a stage after its last attempt failed with `last`.
    #[must_use]
    pub fn exhausted(mut last: Fault, attempts: u32) -> Fault {
        last.last = Some(last.kind);
        last.message = format!(
            "{attempts} attempts failed, the last with {}: {}",
            last.kind, last.message
        );
        last.kind = ErrorType::RetryExhausted;
        last
    }

    /// Whether `catch_error_types` with these entries catches this error, or the one it wraps. An
    /// empty list catches every error.
    #[must_use]
    pub fn is_caught_by(&self, entries: &[String]) -> bool {
        entries.is_empty()
            || entries.iter().any(|entry| {
                self.kind.is_called(entry) || self.last.is_some_and(|last| last.is_called(entry))
            })
    }
}

#[cfg(test)]
#[path = "tests/fault.rs"]
mod tests;
