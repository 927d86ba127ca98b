//! One line of a comment.
//!
//! Enters: our own words, and text of a pipeline. Leaves: text that stays on one line: unprintable
//! characters are escaped, and both ends are trimmed. Must not know where it is put.

use std::fmt;

/// The text of one line of a comment, without `//`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::codegen) struct Comment(String);

impl Comment {
    /// Our own words.
    pub(in crate::codegen) fn new(words: &'static str) -> Self {
        Self(words.to_owned())
    }

    /// A text in back-ticks; without them when it contains some.
    pub(in crate::codegen) fn back_ticked(text: &str) -> Self {
        let text = one_line(text);
        if text.contains('`') {
            Self(text)
        } else {
            Self(format!("`{text}`"))
        }
    }

    /// This text, followed by our own words.
    #[must_use]
    pub(in crate::codegen) fn then(mut self, words: &'static str) -> Self {
        self.0.push_str(words);
        self
    }

    /// This text, followed by another.
    #[must_use]
    pub(in crate::codegen) fn and(mut self, other: &Self) -> Self {
        self.0.push_str(&other.0);
        self
    }
}

impl fmt::Display for Comment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '\'' | '\\' => out.push(character),
            other => out.extend(other.escape_debug()),
        }
    }
    out.trim().to_owned()
}
