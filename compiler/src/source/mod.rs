//! Source texts and positions in them.
//!
//! Enters: paths and their texts. Leaves: file ids, byte spans and, for output, lines and columns.
//! Must not know what the text means.

mod decode;
mod line_index;

use std::ops::Range;

pub use line_index::{LineIndex, Position};

/// The number of a file in a [`SourceMap`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A byte range in one file; both ends are on character boundaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The offset of the first byte.
    pub start: u32,
    /// The offset one past the last byte.
    pub end: u32,
}

impl Span {
    /// The span from the start of `self` to the end of `other`, in the file of `self`.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self {
            end: other.end.max(self.start),
            ..self
        }
    }
}

/// One text and the path it was read from.
#[derive(Debug)]
pub struct SourceFile {
    /// The path as the user gave it, always with `/`.
    pub path: String,
    /// The text, without a byte-order mark. Spans count from its first byte.
    pub text: String,
    /// Whether the file began with a byte-order mark. Offsets in the file are then three larger
    /// than in the text.
    pub bom: bool,
    /// The ranges of the text that replace bytes that were not UTF-8, in order.
    pub bad_bytes: Vec<Range<u32>>,
    /// Where its lines start.
    pub lines: LineIndex,
}

/// All texts of one run of the program, in the order they were added.
#[derive(Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// An empty map.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text and gives its id. A byte-order mark at the start is removed.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        self.add_bytes(path, text.into().into_bytes())
    }

    /// Adds the bytes of a file and gives its id. Each byte that is not UTF-8 becomes one `?`, and
    /// its range is kept in [`SourceFile::bad_bytes`].
    pub fn add_bytes(&mut self, path: impl Into<String>, bytes: Vec<u8>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        let decoded = decode::decode(&bytes);
        let lines = LineIndex::new(&decoded.text);
        self.files.push(SourceFile {
            path: path.into(),
            text: decoded.text,
            bom: decoded.bom,
            bad_bytes: decoded.bad,
            lines,
        });
        id
    }

    /// The files with their ids, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0..).map(FileId).zip(&self.files)
    }

    /// The file with this id; `None` when the id belongs to another map.
    #[must_use]
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// The text of a span; empty when the span belongs to another map.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.file)
            .and_then(|file| file.text.get(span.start as usize..span.end as usize))
            .unwrap_or_default()
    }
}
