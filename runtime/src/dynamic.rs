//! Conditions whose text arrives at run time (feature `dynamic`).
//!
//! Enters: the text of an expression, `data` and perhaps `item`. Leaves: its value. Only
//! binaries that need it name [`evaluate`], so only they link the parser.

use fmc_expr::{EvalError, Value, condition};

/// Parses and evaluates `text` in a scope of `data`, `item` and the pure functions.
///
/// # Errors
/// What is wrong with the text, or why it could not be evaluated, with its place in the text.
pub fn evaluate(text: &str, data: Value, item: Option<Value>) -> Result<Value, EvalError> {
    condition::evaluate(text, data, item)
}
