//! Conditions whose text is known at run time only (language reference, "Dynamic conditions").
//!
//! Enters: a text, `data` and `item`. Leaves: a value. The text can only use these two names and
//! pure functions: no `input`, `upstream` or `env`, and no clock. Must not know who asks.

use crate::{
    ast::{self, Expr},
    cx::Cx,
    error::EvalError,
    interp::{self, Scope},
    parse,
    value::Value,
};

/// Texts with more bytes than this are refused without being parsed.
pub const MAX_TEXT: usize = 64 << 10;
/// How many steps the parsing of one byte costs. It takes half a microsecond at most: brackets in
/// brackets and f-strings take longest.
const STEPS_A_BYTE: u64 = 8;
/// How many characters of the text a message shows.
const SHOWN: usize = 200;

struct Restricted {
    data: Value,
    item: Option<Value>,
}

impl Scope for Restricted {
    fn name(&self, name: &str) -> Option<Value> {
        match name {
            "data" => Some(self.data.clone()),
            "item" => self.item.clone(),
            _ => None,
        }
    }

    fn names(&self) -> Vec<String> {
        let item = self.item.is_some().then(|| "item".to_owned());
        std::iter::once("data".to_owned()).chain(item).collect()
    }

    fn impure(&self) -> bool {
        false
    }
}

/// A text that was parsed as an expression.
#[derive(Debug)]
pub struct Condition {
    text: String,
    expr: Expr,
}

impl Condition {
    /// Parses a text.
    ///
    /// # Errors
    /// What is wrong and where; a limit error when the text is too long or the budget is spent.
    pub fn parse(text: &str, cx: &Cx) -> Result<Self, EvalError> {
        if text.len() > MAX_TEXT {
            let message = format!("condition is longer than {} KiB", MAX_TEXT >> 10);
            return Err(EvalError::limit(message));
        }
        cx.charge(text.len() as u64 * STEPS_A_BYTE)?;
        let parsed = parse::parse(text);
        if let Some(error) = parsed.errors.first() {
            let message = format!("{error} at byte {} of `{}`", error.span.start, shown(text));
            return Err(EvalError::value_error(message));
        }
        Ok(Self {
            text: text.to_owned(),
            expr: parsed.expr,
        })
    }

    /// The value of the expression.
    ///
    /// # Errors
    /// One line that says what is wrong and where. It contains nothing that the text itself could
    /// not see.
    pub fn evaluate(&self, data: Value, item: Option<Value>, cx: &Cx) -> Result<Value, EvalError> {
        cx.charge(self.text.len() as u64 / ast::BYTES_A_STEP)?;
        let scope = Restricted { data, item };
        interp::eval(&self.expr, &scope, cx).map_err(|located| {
            let message = format!(
                "{} at byte {} of `{}`",
                located.error,
                located.span.start,
                shown(&self.text)
            );
            EvalError {
                message,
                ..located.error
            }
        })
    }
}

/// Evaluates a text as an expression.
///
/// # Errors
/// Those of [`Condition::parse`] and [`Condition::evaluate`].
pub fn evaluate(text: &str, data: Value, item: Option<Value>, cx: &Cx) -> Result<Value, EvalError> {
    Condition::parse(text, cx)?.evaluate(data, item, cx)
}

/// The beginning of a text, for messages.
fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
#[path = "tests/condition.rs"]
mod tests;
