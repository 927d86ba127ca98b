//! Lines and columns.
//!
//! Enters: a text, then byte offsets in it. Leaves: lines and columns, counted in characters for
//! people or in UTF-16 units for editors. All other modules count bytes. Must not know files.

/// A line and a column as people count them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// The byte offsets at which the lines of a text start.
#[derive(Debug, Default)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Finds where the lines of `text` start.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
        let starts = std::iter::once(0)
            .chain(breaks.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX)))
            .collect();
        Self { starts }
    }

    /// The line and column of a byte offset. `text` must be the text that was indexed.
    #[must_use]
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let (line, start) = self.line_of(offset);
        let before = text
            .get(start as usize..offset as usize)
            .unwrap_or_default();
        Position {
            line: line + 1,
            column: u32::try_from(before.chars().count()).unwrap_or(u32::MAX) + 1,
        }
    }

    /// The line and column as editors count them: both from 0, the column in UTF-16 units.
    #[must_use]
    pub fn utf16(&self, text: &str, offset: u32) -> (u32, u32) {
        let (line, start) = self.line_of(offset);
        let before = text
            .get(start as usize..offset as usize)
            .unwrap_or_default();
        let column = before.encode_utf16().count();
        (line, u32::try_from(column).unwrap_or(u32::MAX))
    }

    fn line_of(&self, offset: u32) -> (u32, u32) {
        let line = self
            .starts
            .partition_point(|&start| start <= offset)
            .saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        (u32::try_from(line).unwrap_or(u32::MAX), start)
    }
}
