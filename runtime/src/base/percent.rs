//! Percent-encodes text that becomes one part of a URL or of a form.
//!
//! Enters: any text. Leaves: the text, with every byte escaped except those that RFC 3986 calls
//! unreserved. Must not know which part of a URL it is for.

use fmc_expr::{Cx, EvalError};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode, utf8_percent_encode};

/// All characters except letters, digits and `-._~`.
pub(crate) const RESERVED: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The escaped text.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, &RESERVED).to_string()
}

/// So many bytes of a form are escaped before the alarm is looked at.
const PIECE: usize = 64 << 10;

/// Adds a text to a form, in which a blank is `+`. The attempt pays for it piece by piece.
///
/// # Errors
/// A limit error when the form would be too large or the budget is spent; a stop when the time is
/// over.
pub(crate) fn push_to_form(cx: &Cx, form: &mut String, text: &str) -> Result<(), EvalError> {
    for piece in text.as_bytes().chunks(PIECE) {
        cx.scan(piece.len())?;
        let before = form.len();
        let escaped = percent_encode(piece, &RESERVED);
        form.extend(escaped.map(|one| if one == "%20" { "+" } else { one }));
        cx.reserve((form.len() - before) as u64)?;
    }
    Ok(())
}
