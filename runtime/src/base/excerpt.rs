//! Shortens values and texts for messages.
//!
//! Enters: a value or a text of any length. Leaves: its beginning. If something is left out, a mark
//! follows, by which the mask recognizes a secret that was cut. Must not know messages.

use fmc_expr::Value;

/// How many characters of a value a message shows.
const SHOWN: usize = 60;

/// A value as JSON, shortened.
pub(crate) fn excerpt(value: &Value) -> String {
    short(&value.to_json())
}

/// A text, shortened.
pub(crate) fn short(text: &str) -> String {
    cut(text, SHOWN)
}

/// The first `most` characters of a text; if there are more, a mark follows.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
