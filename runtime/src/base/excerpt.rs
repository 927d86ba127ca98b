//! Values and texts as messages show them: short.
//!
//! Enters: a value or a text of any length. Leaves: its beginning. Where something is left out
//! stands a mark, by which a mask knows the cut beginning of a secret.

use fmc_expr::Value;

/// How many characters of a value a message shows.
const SHOWN: usize = 60;

/// A value as short JSON.
pub(crate) fn excerpt(value: &Value) -> String {
    short(&value.to_json())
}

/// A text as a message shows it.
pub(crate) fn short(text: &str) -> String {
    cut(text, SHOWN)
}

/// The first `most` characters of a text, with a mark where the rest is left out.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
