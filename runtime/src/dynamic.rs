//! Conditions whose text is known at run time only (feature `dynamic`).
//!
//! Enters: the text of an expression, `data` and perhaps `item`. Leaves: its value. Only binaries
//! with such a condition name [`evaluate`], so only they link the parser. Must not know stages.

use fmc_expr::{EvalError, Value, condition};

/// Parses and evaluates `text`. It can use `data`, `item` and the pure functions.
///
/// # Errors
/// What is wrong with the text, or why it could not be evaluated, and where in the text.
pub fn evaluate(text: &str, data: Value, item: Option<Value>) -> Result<Value, EvalError> {
    condition::evaluate(text, data, item)
}
