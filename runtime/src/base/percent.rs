//! Percent-encoding of text that is to be one part of a URL or of a form.
//!
//! Enters: any text. Leaves: the text with every byte escaped that RFC 3986 does not call
//! unreserved. Must not know which part of a URL it is for.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but letters, digits and `-._~`.
pub(crate) const RESERVED: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The escaped text.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, &RESERVED).to_string()
}
