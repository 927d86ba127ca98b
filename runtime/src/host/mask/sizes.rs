//! From how many characters on a text is a secret, and how far it is looked for.
//!
//! Enters: nothing. Leaves: two numbers, for what looks for secrets and for what takes them apart.
//! Must not know either of them.

/// Shorter needles are found only where they are a word of their own. Otherwise they would replace
/// much unrelated text.
pub(super) const SHORT: usize = 4;

/// Needles of this many characters are found in upper and in lower case too. Shorter parts of a
/// secret are words like any other.
pub(super) const LONG: usize = 8;
