//! The JSON tree, exactly as it was written.
//!
//! Enters: what the parser read. Leaves: nodes with spans, object entries in order with duplicates,
//! and strings that know the source bytes of each decoded character. Must not know pipelines.

use std::sync::Arc;

use crate::source::{FileId, Span};

/// A JSON value and its span.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Its span, including brackets or quotes.
    pub span: Span,
}

impl Node {
    /// The value of a key; of duplicates the first. `None` when this is not an object or lacks the
    /// key.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Self> {
        let mut entries = self.object()?.iter();
        let entry = entries.find(|entry| &*entry.key.text == key)?;
        Some(&entry.value)
    }

    /// The entries, when this is an object.
    #[must_use]
    pub fn object(&self) -> Option<&[Entry]> {
        if let NodeKind::Object(entries) = &self.kind {
            Some(entries)
        } else {
            None
        }
    }

    /// The items, when this is an array.
    #[must_use]
    pub fn array(&self) -> Option<&[Self]> {
        if let NodeKind::Array(items) = &self.kind {
            Some(items)
        } else {
            None
        }
    }

    /// The string, when this is one.
    #[must_use]
    pub fn string(&self) -> Option<&JsonString> {
        if let NodeKind::String(string) = &self.kind {
            Some(string)
        } else {
            None
        }
    }

    /// The number as the nearest float (exact up to 2^53), when this is a number.
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
    /// An object. Entries are in order; duplicates are kept, and have a finding.
    Object(Vec<Entry>),
    /// Poison: the parser recovered here, and there is a finding.
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

/// A string: its decoded text, its span, and the map from decoded bytes to source bytes.
#[derive(Clone, Debug)]
pub struct JsonString {
    /// The decoded text.
    pub text: Arc<str>,
    /// Its span, including the quotes.
    pub span: Span,
    /// Maps decoded bytes to source bytes.
    pub map: Arc<DecodeMap>,
}

impl JsonString {
    /// A string whose source is its text, for expressions that are not in a file.
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

    /// Whether it contains the start of a template, closed or not.
    #[must_use]
    pub fn has_template(&self) -> bool {
        self.text.contains("{{")
    }

    /// The span of the text without the quotes.
    #[must_use]
    pub fn inner(&self) -> Span {
        self.source(0, self.text.len())
    }

    /// The source span of the decoded bytes `start..end`. An escape is included whole or not at
    /// all.
    #[must_use]
    pub fn source(&self, start: usize, end: usize) -> Span {
        let (start, end) = self.map.source(start, end);
        Span {
            start,
            end,
            ..self.span
        }
    }

    /// The decoded offset for a source offset, always on a character boundary. Inside an escape it
    /// is the start of that character; before the text it is 0, after it the length.
    #[must_use]
    pub fn decoded(&self, source: u32) -> usize {
        let mut decoded = self.map.decoded(source).min(self.text.len());
        while !self.text.is_char_boundary(decoded) {
            decoded -= 1;
        }
        decoded
    }
}

/// The runs of a decoded string. Within a run, one decoded byte is one source byte; each escape is
/// a run of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecodeMap {
    /// The runs, in order. An empty list means an empty string at source offset `end`.
    pub runs: Vec<Run>,
    /// The source offset one past the last decoded character, where the closing quote is.
    pub end: u32,
}

/// One run of a [`DecodeMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// First decoded byte.
    pub decoded: u32,
    /// First source byte.
    pub source: u32,
    /// Whether this is an escape, like `\u00e9`, so that all its decoded bytes share one source
    /// span. Set by the lexer; read when offsets are mapped.
    pub escape: bool,
}

impl DecodeMap {
    /// The source offsets of the decoded bytes `start..end`.
    #[must_use]
    pub fn source(&self, start: usize, end: usize) -> (u32, u32) {
        let first = self.start_of(start);
        if end <= start {
            return (first, first);
        }
        (first, self.end_of(end).max(first))
    }

    /// The decoded offset for a source offset: the inverse of [`DecodeMap::source`]. Inside an
    /// escape, such as `\u00e9` or a surrogate pair, it is the offset of the character that the
    /// escape stands for. Before the text it is 0; after it, the length of the text.
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
