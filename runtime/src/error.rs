//! What a stage fails with (language reference, section 7).
//!
//! Enters: a component's or expression's refusal. Leaves: one error with its type, which
//! retries, `catch_error_types`, the `error` name and the run report all read.

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

/// A failed stage, before the executor adds which stage and attempt it was.
#[derive(Clone, Debug)]
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
}

/// A boxed [`StageError`], so that results stay small.
pub type Fault = Box<StageError>;
