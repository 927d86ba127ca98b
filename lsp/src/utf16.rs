//! Positions as editors count them.
//!
//! Enters: spans in bytes. Leaves: positions in lines and UTF-16 units. Must not know the protocol.

use fmc::source::{SourceMap, Span};

/// A position: a line and a UTF-16 unit, both counted from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Utf16Position {
    /// Line, from 0.
    pub line: u32,
    /// UTF-16 units before it in the line.
    pub character: u32,
}

/// The range from one position to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Utf16Range {
    /// The first position.
    pub start: Utf16Position,
    /// The position after the last unit.
    pub end: Utf16Position,
}

impl Utf16Range {
    /// The range of a span. For a span that is not in `sources`, the start of the file.
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

    /// Whether two ranges touch. A cursor is an empty range: it touches a range that it is in, or
    /// at whose start or end it is.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }
}
