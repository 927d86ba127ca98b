//! A reading position that moves through a text from start to end.
//!
//! Enters: a text. Leaves: its characters one by one, spans, and the findings made on the way. Must
//! not know tokens.

use std::ops::Range;

use crate::{
    diagnostics::Found,
    source::{FileId, Span},
};

/// A reading position in the text of one file.
pub(super) struct Cursor<'a> {
    pub(super) file: FileId,
    pub(super) text: &'a str,
    /// The byte offset of the next character.
    pub(super) at: usize,
    /// The findings made so far.
    pub(super) findings: Found,
}

impl<'a> Cursor<'a> {
    /// A cursor at the start of a file's text.
    pub(super) fn new(file: FileId, text: &'a str) -> Self {
        Self {
            file,
            text,
            at: 0,
            findings: Found::default(),
        }
    }

    /// The text from the current position to the end.
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next character.
    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Moves past characters as long as `accept` says yes.
    pub(super) fn take_while(&mut self, mut accept: impl FnMut(char) -> bool) {
        let rest = self.rest();
        self.at += rest.find(|c| !accept(c)).unwrap_or(rest.len());
    }

    /// The source span of a byte range of the text.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        span(self.file, &range)
    }
}

/// The span of a byte range of a file's text.
pub(super) fn span(file: FileId, range: &Range<usize>) -> Span {
    Span {
        file,
        start: offset(range.start),
        end: offset(range.end),
    }
}

/// A byte offset in the type that spans use.
pub(super) fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
