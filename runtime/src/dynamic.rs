//! Conditions whose text is known at run time only (feature `dynamic`).
//!
//! Enters: the text of an expression, `data` and perhaps `item`. Leaves: its value. Only binaries
//! with such a condition name [`evaluate`], so only they link the parser. Must not know stages.

use fmc_expr::{Cx, EvalError, Value, condition::Condition};

use crate::scope::Memo;

/// Parses and evaluates `text` within the budget of an attempt. It can use `data`, `item` and the
/// pure functions. A text that was the latest one in `memo` is not parsed again.
///
/// # Errors
/// What is wrong with the text, or why it could not be evaluated, and where in the text.
pub fn evaluate(
    text: &str,
    data: Value,
    item: Option<Value>,
    cx: &Cx,
    memo: &Memo,
) -> Result<Value, EvalError> {
    let condition = memo.get(text, || Condition::parse(text, cx))?;
    condition.evaluate(data, item, cx)
}
