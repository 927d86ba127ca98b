//! Shortens values and texts for messages.
//!
//! Enters: a value or a text of any length. Leaves: its beginning. If something is left out, a mark
//! follows, by which the mask recognizes a secret that was cut. Work and memory depend on what is
//! shown, not on the length. Must not know messages.

use fmc_expr::{Map, Value};

/// How many characters of a value a message shows.
const SHOWN: usize = 60;

/// A value as JSON, shortened.
pub(crate) fn excerpt(value: &Value) -> String {
    let mut left = SHOWN + 1;
    short(&beginning(value, &mut left).to_json())
}

/// A text, shortened.
pub(crate) fn short(text: &str) -> String {
    cut(text, SHOWN)
}

/// The first `most` characters of a text; if there are more, a mark follows.
pub(crate) fn cut(text: &str, most: usize) -> String {
    fmc_expr::error::cut(text, most).into_owned()
}

/// A value whose JSON begins with the same `left` characters. Each part of a value takes at least
/// one character, so few parts are looked at.
fn beginning(value: &Value, left: &mut usize) -> Value {
    *left = left.saturating_sub(1);
    match value {
        Value::Str(text) => {
            let (text, taken) = start(text, *left);
            *left = left.saturating_sub(taken);
            Value::from(text)
        }
        Value::List(items) => {
            let mut kept = Vec::new();
            for item in items.iter() {
                if *left == 0 {
                    break;
                }
                kept.push(beginning(item, left));
            }
            Value::list(kept)
        }
        Value::Object(entries) => {
            let mut kept = Map::new();
            for (key, item) in entries.iter() {
                if *left == 0 {
                    break;
                }
                let (key, taken) = start(key, *left);
                *left = left.saturating_sub(taken);
                kept.insert(key.into(), beginning(item, left));
            }
            Value::object(kept)
        }
        scalar @ (Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_)) => scalar.clone(),
    }
}

/// The first `most` characters of a text and one more, and how many they are.
fn start(text: &str, most: usize) -> (&str, usize) {
    match text.char_indices().nth(most + 1) {
        Some((end, _)) => (text.get(..end).unwrap_or_default(), most + 1),
        None => (text, text.chars().count()),
    }
}

#[cfg(test)]
#[path = "tests/excerpt.rs"]
mod tests;
