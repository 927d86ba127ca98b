//! What a stage fails with (language reference, section 7).
//!
//! Enters: a component's or expression's refusal. Leaves: one error with its type, which
//! retries, `catch_error_types`, the `error` name and the run report all read. Must not know
//! which stage failed: the executor adds that.

use std::fmt;

use fmc_expr::{EvalError, Value};

/// The type of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorType {
    /// No connection, or it broke.
    Connection,
    /// A limit in time was reached.
    Timeout,
    /// A response of status 400 or more that no expression looks at.
    HttpStatus,
    /// An expression could not be evaluated.
    Expression,
    /// A resolved value does not fit its field.
    Config,
    /// Data does not fit its schema.
    Validation,
    /// A model provider refused or answered nonsense.
    Provider,
    /// The last of several attempts failed.
    RetryExhausted,
    /// The run was interrupted.
    Cancelled,
}

/// Every type with its name and FlowMason's class names for it.
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

    /// The type that [`ErrorType::name`] names.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::all().find(|kind| kind.name() == name)
    }

    /// Whether an entry of `catch_error_types` means this type: its name, or FlowMason's class.
    #[must_use]
    pub fn is_called(self, entry: &str) -> bool {
        ERROR_TYPES.iter().any(|(kind, name, classes)| {
            *kind == self && (*name == entry || classes.contains(&entry))
        })
    }

    /// Whether another attempt could end differently: not for expressions and settings.
    #[must_use]
    pub fn is_retryable(self) -> bool {
        !matches!(self, Self::Expression | Self::Config | Self::Cancelled)
    }
}

impl fmt::Display for ErrorType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A failed stage, before the executor adds which stage and attempt it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageError {
    /// Its type.
    pub kind: ErrorType,
    /// Lower case, no final period, secrets not yet masked.
    pub message: String,
    /// The HTTP status, if one was received.
    pub status_code: Option<u16>,
    /// How long the server asked to wait, in milliseconds (`Retry-After`).
    pub retry_after_ms: Option<u64>,
    /// For [`ErrorType::RetryExhausted`], the type of the last failure.
    pub last: Option<ErrorType>,
    /// The first 4 KiB of a refusing server's answer.
    pub body: Option<String>,
    /// Whether an expression failed because of a null, which a missing key reads as.
    pub null: bool,
}

/// A boxed [`StageError`], so that results stay small.
pub type Fault = Box<StageError>;

/// A rendered template, condition or configuration, or a stage's output.
pub type Outcome = Result<Value, Fault>;

impl StageError {
    /// An error of a type with a message and nothing else.
    #[must_use]
    pub fn new(kind: ErrorType, message: impl Into<String>) -> Fault {
        Box::new(Self {
            kind,
            message: message.into(),
            status_code: None,
            retry_after_ms: None,
            last: None,
            body: None,
            null: false,
        })
    }

    /// A resolved value does not fit its field.
    #[must_use]
    pub fn config(message: impl Into<String>) -> Fault {
        Self::new(ErrorType::Config, message)
    }

    /// An expression could not be evaluated.
    #[must_use]
    pub fn expression(message: impl Into<String>) -> Fault {
        Self::new(ErrorType::Expression, message)
    }

    /// An expression could not be evaluated, for this reason.
    #[must_use]
    pub fn evaluation(message: impl Into<String>, reason: &EvalError) -> Fault {
        let mut fault = Self::expression(message);
        fault.null = reason.null;
        fault
    }

    /// The error of a stage whose last attempt failed with `last`.
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

    /// Whether any of `entries` means this error or the one it wraps; no entries mean all.
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
