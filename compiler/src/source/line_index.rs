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

/// The byte offsets at which the lines of a text start, and how many characters come before some
/// bytes, so that a column in a long line is found without a walk over the line.
#[derive(Debug, Default)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// What comes before each block of [`BLOCK`] bytes.
    blocks: Vec<Count>,
}

/// The number of bytes in a block. A smaller number makes each column cheaper and the index larger.
const BLOCK: usize = 512;

/// Characters and UTF-16 units in a part of a text.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    chars: u32,
    utf16: u32,
}

impl LineIndex {
    /// Finds where the lines of `text` start.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
        let starts = std::iter::once(0)
            .chain(breaks.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX)))
            .collect();
        let mut before = Count::default();
        let blocks = text.as_bytes().chunks(BLOCK).map(|block| {
            let here = before;
            before = before.plus(Count::of(block));
            here
        });
        Self {
            starts,
            blocks: blocks.collect(),
        }
    }

    /// The line and column of a byte offset. `text` must be the text that was indexed.
    #[must_use]
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let (line, start) = self.line_of(offset);
        Position {
            line: line + 1,
            column: self.between(text, start, offset).chars + 1,
        }
    }

    /// The line and column as editors count them: both from 0, the column in UTF-16 units.
    #[must_use]
    pub fn utf16(&self, text: &str, offset: u32) -> (u32, u32) {
        let (line, start) = self.line_of(offset);
        (line, self.between(text, start, offset).utf16)
    }

    /// The bytes of the line that contains an offset, without its line end.
    #[must_use]
    pub fn line(&self, text: &str, offset: u32) -> std::ops::Range<usize> {
        let (line, start) = self.line_of(offset);
        // The next line starts after a line end of one byte.
        let next = self.starts.get(line as usize + 1);
        let end = next.map_or(text.len(), |&next| (next as usize).saturating_sub(1));
        start as usize..end
    }

    /// What is between two offsets; nothing when that is not a part of the text.
    fn between(&self, text: &str, start: u32, end: u32) -> Count {
        let Some(part) = text.get(start as usize..end as usize) else {
            return Count::default();
        };
        if part.len() <= BLOCK {
            return Count::of(part.as_bytes());
        }
        let (start, end) = (self.before(text, start), self.before(text, end));
        Count {
            chars: end.chars.saturating_sub(start.chars),
            utf16: end.utf16.saturating_sub(start.utf16),
        }
    }

    /// What comes before an offset.
    fn before(&self, text: &str, offset: u32) -> Count {
        // At the very end of a text of whole blocks, the last block is the one before.
        let last = self.blocks.len().saturating_sub(1);
        let block = (offset as usize / BLOCK).min(last);
        let known = self.blocks.get(block).copied().unwrap_or_default();
        let rest = text.as_bytes().get(block * BLOCK..offset as usize);
        known.plus(Count::of(rest.unwrap_or_default()))
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

impl Count {
    /// Counts in bytes, which may start and end within a character: a character counts where its
    /// first byte is.
    fn of(bytes: &[u8]) -> Self {
        // The other bytes of a character are 0x80 to 0xBF. Characters of two UTF-16 units are those
        // of four bytes, which start with 0xF0 or more.
        let chars = bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
        let pairs = bytes.iter().filter(|&&byte| byte >= 0xF0).count();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self {
            chars: count(chars),
            utf16: count(chars + pairs),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            chars: self.chars.saturating_add(other.chars),
            utf16: self.utf16.saturating_add(other.utf16),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, LineIndex};

    #[test]
    fn columns_in_long_lines_are_counted_in_characters_and_units() {
        let line = "aé語🙂".repeat(BLOCK / 3);
        let whole = "x".repeat(BLOCK);
        for text in [line.clone(), format!("{line}\n{line}x\n\n"), whole] {
            let lines = LineIndex::new(&text);
            for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
                let (before, _) = text.split_at_checked(offset).unwrap();
                let breaks = before.matches('\n').count();
                let within = before.rsplit('\n').next().unwrap();
                let position = lines.position(&text, u32::try_from(offset).unwrap());
                assert_eq!(position.line as usize, breaks + 1);
                assert_eq!(position.column as usize, within.chars().count() + 1);
                let (row, column) = lines.utf16(&text, u32::try_from(offset).unwrap());
                assert_eq!(row as usize, breaks);
                assert_eq!(column as usize, within.encode_utf16().count());
            }
        }
    }

    #[test]
    fn an_offset_outside_of_the_text_has_no_column() {
        let lines = LineIndex::new("é");
        assert_eq!(lines.position("é", 1).column, 1);
        assert_eq!(lines.position("é", 9).column, 1);
    }
}
