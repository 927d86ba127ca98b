//! Source texts and places in them.
//!
//! Enters: a path and its text. Leaves: file ids, spans in bytes, and lines and columns at the
//! edges. Must not know what the text means.

mod decode;
mod line_index;

use std::ops::Range;

pub use line_index::{LineIndex, Position};

/// A file of a [`SourceMap`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A byte range in one file, on character boundaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
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

/// One text and where it came from.
#[derive(Debug)]
pub struct SourceFile {
    /// The path as the user gave it, with `/`.
    pub path: String,
    /// The text, without a byte-order mark. Spans count from here.
    pub text: String,
    /// The file began with a byte-order mark: its offsets are those of the text plus three.
    pub bom: bool,
    /// Ranges of the text that stand for bytes that were not UTF-8, in order.
    pub bad_bytes: Vec<Range<u32>>,
    /// Its lines.
    pub lines: LineIndex,
}

/// The texts of one session, in the order they were added.
#[derive(Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// No files yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text and gives its id. A byte-order mark at its start is taken off.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        self.add_bytes(path, text.into().into_bytes())
    }

    /// Adds the bytes of a file and gives its id. Bytes that are not UTF-8 are replaced, each by
    /// one `?`, and remembered in [`SourceFile::bad_bytes`].
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

    /// The file behind an id of this map.
    #[must_use]
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// The text of a span; empty where the span is not of this map.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.file)
            .and_then(|file| file.text.get(span.start as usize..span.end as usize))
            .unwrap_or_default()
    }
}
