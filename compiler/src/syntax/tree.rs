//! The JSON tree, as written.
//!
//! Enters: what the parser saw. Leaves: nodes with spans, object entries in order with their
//! duplicates, strings that know the source bytes of each decoded character.

use std::sync::Arc;

use crate::source::{FileId, Span};

/// A JSON value with its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Its place, brackets and quotes included.
    pub span: Span,
}

impl Node {
    /// The value of a key, where this is an object that has it; the first of several.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Self> {
        let mut entries = self.object()?.iter();
        let entry = entries.find(|entry| &*entry.key.text == key)?;
        Some(&entry.value)
    }

    /// The entries of an object; none for any other value.
    #[must_use]
    pub fn object(&self) -> Option<&[Entry]> {
        if let NodeKind::Object(entries) = &self.kind {
            Some(entries)
        } else {
            None
        }
    }

    /// The items of an array; none for any other value.
    #[must_use]
    pub fn array(&self) -> Option<&[Self]> {
        if let NodeKind::Array(items) = &self.kind {
            Some(items)
        } else {
            None
        }
    }

    /// The string; none for any other value.
    #[must_use]
    pub fn string(&self) -> Option<&JsonString> {
        if let NodeKind::String(string) = &self.kind {
            Some(string)
        } else {
            None
        }
    }

    /// The number, whole or not, as the nearest float (exact up to 2^53); none for any other value.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self.kind {
            #[allow(clippy::cast_precision_loss)]
            NodeKind::Int(number) => Some(number as f64),
            NodeKind::Float(number) => Some(number),
            NodeKind::Null
            | NodeKind::Bool(_)
            | NodeKind::String(_)
            | NodeKind::Array(_)
            | NodeKind::Object(_)
            | NodeKind::Error => None,
        }
    }
}

/// What a JSON value is.
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// An integer that fits 64 bits.
    Int(i64),
    /// Any other finite number.
    Float(f64),
    /// A string.
    String(JsonString),
    /// An array.
    Array(Vec<Node>),
    /// An object: entries in order, duplicates kept (and reported).
    Object(Vec<Entry>),
    /// Where the parser recovered; poison, already reported.
    Error,
}

/// One entry of an object.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: JsonString,
    /// The value.
    pub value: Node,
}

/// A string: decoded text, place, and the way back from decoded bytes to source bytes.
#[derive(Clone, Debug)]
pub struct JsonString {
    /// The decoded text.
    pub text: Arc<str>,
    /// Its place, quotes included.
    pub span: Span,
    /// Decoded bytes to source bytes.
    pub map: Arc<DecodeMap>,
}

impl JsonString {
    /// A string whose source is its text, for expressions outside any file.
    #[must_use]
    pub fn verbatim(file: FileId, text: &str) -> Self {
        let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let run = Run {
            decoded: 0,
            source: 0,
            escape: false,
        };
        Self {
            text: Arc::from(text),
            span: Span {
                file,
                start: 0,
                end,
            },
            map: Arc::new(DecodeMap {
                runs: vec![run],
                end,
            }),
        }
    }

    /// Whether a template begins in it, closed or not.
    #[must_use]
    pub fn has_template(&self) -> bool {
        self.text.contains("{{")
    }

    /// The place of the text without its quotes.
    #[must_use]
    pub fn inner(&self) -> Span {
        self.source(0, self.text.len())
    }

    /// The source place of the decoded bytes `start..end`: whole escapes, never half a one.
    #[must_use]
    pub fn source(&self, start: usize, end: usize) -> Span {
        let (start, end) = self.map.source(start, end);
        Span {
            start,
            end,
            ..self.span
        }
    }

    /// The decoded byte offset of a source offset, on a character boundary of the text: inside
    /// an escape or a character that is its start, before the text 0, behind it its length.
    #[must_use]
    pub fn decoded(&self, source: u32) -> usize {
        let mut decoded = self.map.decoded(source).min(self.text.len());
        while !self.text.is_char_boundary(decoded) {
            decoded -= 1;
        }
        decoded
    }
}

/// Runs of decoded bytes: inside a run, source and decoded bytes go in step; each escape is a
/// run of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecodeMap {
    /// Runs in order; an empty list stands for an empty string at source offset `end`.
    pub runs: Vec<Run>,
    /// Source offset one past the last decoded character (the closing quote).
    pub end: u32,
}

/// One run of a [`DecodeMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// First decoded byte.
    pub decoded: u32,
    /// First source byte.
    pub source: u32,
    /// An escape: its decoded bytes share one source place.
    pub escape: bool,
}

impl DecodeMap {
    /// Source offsets of the decoded bytes `start..end`.
    #[must_use]
    pub fn source(&self, start: usize, end: usize) -> (u32, u32) {
        let first = self.start_of(start);
        if end <= start {
            return (first, first);
        }
        (first, self.end_of(end).max(first))
    }

    /// The decoded offset of a source offset: the way back from [`DecodeMap::source`]. Inside an
    /// escape, like `\u00e9` or a pair of surrogates, it is the offset of the character that the
    /// escape stands for. Before the text it is 0, behind it the text's length.
    #[must_use]
    pub fn decoded(&self, source: u32) -> usize {
        let source = source.min(self.end);
        let next = self.runs.partition_point(|run| run.source <= source);
        let Some(run) = next.checked_sub(1).and_then(|at| self.runs.get(at)) else {
            return 0;
        };
        let decoded = if run.escape {
            run.decoded
        } else {
            let limit = self.runs.get(next).map_or(u32::MAX, |next| next.decoded);
            (run.decoded + (source - run.source)).min(limit)
        };
        decoded as usize
    }

    fn run_at(&self, decoded: u32) -> Option<(Run, Option<Run>)> {
        let next = self.runs.partition_point(|run| run.decoded <= decoded);
        let run = self.runs.get(next.checked_sub(1)?)?;
        Some((*run, self.runs.get(next).copied()))
    }

    fn start_of(&self, decoded: usize) -> u32 {
        let decoded = u32::try_from(decoded).unwrap_or(u32::MAX);
        match self.run_at(decoded) {
            Some((run, _)) if run.escape => run.source,
            Some((run, next)) => {
                let limit = next.map_or(self.end, |next| next.source);
                (run.source + (decoded - run.decoded)).min(limit)
            }
            None => self.end,
        }
    }

    fn end_of(&self, decoded: usize) -> u32 {
        let last = u32::try_from(decoded.saturating_sub(1)).unwrap_or(u32::MAX);
        match self.run_at(last) {
            Some((run, next)) if run.escape => next.map_or(self.end, |next| next.source),
            Some((run, next)) => {
                let limit = next.map_or(self.end, |next| next.source);
                (run.source + (last - run.decoded) + 1).min(limit)
            }
            None => self.end,
        }
    }
}
