//! Percent-encodes text that becomes one part of a URL or of a form.
//!
//! Enters: any text. Leaves: the text, with every byte escaped except those that RFC 3986 calls
//! unreserved. Must not know which part of a URL it is for.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

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
