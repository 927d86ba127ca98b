//! Conditions whose text is known at run time only (language reference, "Dynamic conditions").
//!
//! Enters: a text, `data` and `item`. Leaves: a value. The text can only use these two names and
//! pure functions: no `input`, `upstream` or `env`, and no clock. Must not know who asks.

use crate::{
    cx::Cx,
    error::EvalError,
    interp::{self, Scope},
    parse,
    value::Value,
};

/// Texts with more bytes than this are refused without being parsed.
pub const MAX_TEXT: usize = 64 << 10;

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

/// Evaluates a text as an expression.
///
/// # Errors
/// One line that says what is wrong and where. It contains nothing that the text itself could not
/// see.
pub fn evaluate(text: &str, data: Value, item: Option<Value>) -> Result<Value, EvalError> {
    if text.len() > MAX_TEXT {
        let message = format!("condition is longer than {} KiB", MAX_TEXT >> 10);
        return Err(EvalError::limit(message));
    }
    let parsed = parse::parse(text);
    if let Some(error) = parsed.errors.first() {
        let message = format!("{error} at byte {} of `{text}`", error.span.start);
        return Err(EvalError::value_error(message));
    }
    let scope = Restricted { data, item };
    interp::eval(&parsed.expr, &scope, &Cx::new()).map_err(|located| {
        let message = format!(
            "{} at byte {} of `{text}`",
            located.error, located.span.start
        );
        EvalError {
            message,
            ..located.error
        }
    })
}

#[cfg(test)]
#[path = "tests/condition.rs"]
mod tests;
