//! Places as editors count them.
//!
//! Enters: spans, in bytes. Leaves: positions in lines and UTF-16 units. Must not know the
//! protocol.

use fmc::source::{SourceMap, Span};

/// A position: line and UTF-16 unit, both from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Utf16Position {
    /// Line, from 0.
    pub line: u32,
    /// UTF-16 units before it in the line.
    pub character: u32,
}

/// From one position to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Utf16Range {
    /// The first position.
    pub start: Utf16Position,
    /// One past the last.
    pub end: Utf16Position,
}

impl Utf16Range {
    /// The range of a span. One that is not in `sources` is the start of the file.
    #[must_use]
    pub fn of(span: Span, sources: &SourceMap) -> Self {
        let position = |offset| {
            let Some(file) = sources.get(span.file) else {
                return Utf16Position::default();
            };
            let (line, character) = file.lines.utf16(&file.text, offset);
            Utf16Position { line, character }
        };
        Self {
            start: position(span.start),
            end: position(span.end),
        }
    }

    /// Whether two ranges share a position. A cursor is an empty range: it meets a range in
    /// which it stands, and one at whose start or end it stands.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }
}
