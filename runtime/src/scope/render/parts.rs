//! Makes text and objects from parts that have been evaluated.
//!
//! Enters: values of expressions, and literal text. Leaves: one value. It is never parsed again, so
//! data that looks like a template stays data. Must not know where the parts come from.

use fmc_expr::{Cx, EvalError, Map, Str, Value, text as text_form};

use crate::base::fault::{Fault, Outcome, StageError};

/// Literal text.
#[must_use]
pub fn text(text: &'static str) -> Value {
    Value::Str(Str::from_static(text))
}

/// A list or object that the compiler wrote as JSON, because as code a large one takes `rustc` long.
#[must_use]
pub fn constant(json: &'static str) -> Value {
    // The compiler has read this very text before.
    Value::from_json(json.as_bytes()).unwrap_or_default()
}

/// An object with templated keys. Each key is written in its text form.
///
/// # Errors
/// A `ConfigError` if two keys are equal. An `ExpressionError` if the budget is spent.
pub(crate) fn keyed(cx: &Cx, entries: Vec<(Value, Value)>) -> Outcome {
    let mut map = Map::with_capacity(entries.len());
    for (key, value) in entries {
        cx.check_size(&key).map_err(|error| limit(&error))?;
        let key = text_form::text(&key);
        if map.contains_key(&key) {
            return Err(StageError::config(format!(
                "two keys of an object are both `{key}`"
            )));
        }
        map.insert(key, value);
    }
    Ok(Value::object(map))
}

/// A template with text around its expressions. Each part is written in its text form.
///
/// # Errors
/// An `ExpressionError` if the text would be larger than 64 MiB, or if the budget is spent.
pub(crate) fn join(cx: &Cx, parts: &[Value]) -> Outcome {
    text_form::join(cx, parts).map_err(|error| limit(&error))
}

pub(super) fn limit(error: &EvalError) -> Fault {
    StageError::expression(error.to_string())
}
