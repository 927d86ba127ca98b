//! The state of the lexer: text, position, open modes, and the tokens so far.
//!
//! Enters: a text. Leaves: tokens, errors, and the ranges in which further errors are noise. The
//! rules for code, literals, fields and parts are in files of their own, and all move this cursor.
//! Must not know the grammar.

use super::{
    error::{SyntaxError, SyntaxErrorKind},
    token::{Operator, Token, TokenKind},
};
use crate::{ast::Span, template::Ends};

pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    /// Where reading stops: the end of the text, or of the part that is being read.
    pub(super) end: usize,
    /// Whether `{{` opens a part. Set for condition fields; unset while a part is read, because
    /// parts do not nest.
    pub(super) parts: bool,
    /// Finds the ends of parts.
    pub(super) ends: Ends<'a>,
    /// What is open, the innermost last. When it is empty, code is read.
    pub(super) modes: Vec<Mode>,
    pub(super) tokens: Vec<Token<'a>>,
    pub(super) errors: Vec<SyntaxError>,
    /// Ranges that belong to something without an end, like a literal without its closing quote.
    /// Other errors in them are noise.
    pub(super) noise: Noise,
}

/// Ranges of a text, in order, without overlap.
#[derive(Default)]
pub(super) struct Noise(Vec<Span>);

impl Noise {
    /// Adds a range. Its end must not be before that of any other.
    pub(super) fn add(&mut self, stretch: Span) {
        let mut start = stretch.start;
        while let Some(last) = self.0.pop_if(|last| last.end >= start) {
            start = start.min(last.start);
        }
        self.0.push(Span { start, ..stretch });
    }

    /// Whether a byte is in one of the ranges, or directly at its end.
    pub(super) fn covers(&self, at: u32) -> bool {
        let before = self.0.partition_point(|stretch| stretch.end < at);
        self.0
            .get(before)
            .is_some_and(|stretch| stretch.start <= at)
    }
}

/// How the next characters are read.
pub(super) enum Mode {
    /// Between the quotes of a literal.
    Literal(Literal),
    /// The expression of a field.
    Field(Field),
    /// The format specification of a field.
    Spec(Field, Buffer),
    /// The expression of a part.
    Part(Part),
}

/// A string literal that is being read.
pub(super) struct Literal {
    pub(super) style: Style,
    /// The first byte of its prefix, or its quote.
    pub(super) start: usize,
    /// The index of its `FStringStart` in `tokens`. `None` while it can still become a single
    /// `Str`.
    pub(super) opening: Option<usize>,
    pub(super) buffer: Buffer,
    /// Set by `Cursor::swallowed` when something inside has no end, as in `f'{x`. `literal::cut`
    /// reads it: that the literal has no end either is then not reported.
    pub(super) cut: bool,
}

/// How a literal is written.
#[derive(Clone, Copy)]
pub(super) struct Style {
    /// `'` or `"`.
    pub(super) quote: char,
    /// Whether three quotes open and close it.
    pub(super) triple: bool,
    /// Whether its prefix has an `r`, as in `r'\d'`: a backslash is then only a backslash.
    pub(super) raw: bool,
    /// Whether its prefix has an `f`: it is an f-string, and `{` opens a field.
    pub(super) format: bool,
}

impl Style {
    /// How many quotes close the literal.
    pub(super) fn width(self) -> usize {
        if self.triple { 3 } else { 1 }
    }

    /// Whether a text starts with the quotes that close the literal.
    pub(super) fn closes(self, text: &str) -> bool {
        let mut quotes = text.chars().take(self.width());
        text.len() >= self.width() && quotes.all(|character| character == self.quote)
    }
}

/// Decoded text that has no token yet.
#[derive(Default)]
pub(super) struct Buffer {
    pub(super) text: String,
    pub(super) start: usize,
}

/// A field of an f-string that is being read.
pub(super) struct Field {
    /// How the literal around it was written.
    pub(super) style: Style,
    /// The byte after its `{`.
    pub(super) start: usize,
    /// How many tokens there were after its `FieldStart`. If there are no more at its end, it is
    /// empty.
    pub(super) tokens: usize,
    /// How many errors there were before it. If the field has no end, the errors in it are dropped.
    pub(super) errors: usize,
    /// The brackets that are open in it. A `}` that closes one of them does not end the field.
    pub(super) brackets: Vec<Operator>,
}

/// A `{{…}}` part that is being read.
pub(super) struct Part {
    /// The index of its `PartStart` in `tokens`.
    pub(super) opening: usize,
    /// The byte after its `{{`.
    pub(super) start: usize,
    /// How many errors there were when it was opened, including the one that it has no end. If it
    /// has no end, later errors in it are dropped.
    pub(super) errors: usize,
    /// The byte after its `}}`.
    pub(super) after: usize,
    /// Where reading stops after the part.
    pub(super) outer_end: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str, parts: bool) -> Self {
        Self {
            text,
            at: 0,
            end: text.len(),
            parts,
            ends: Ends::of(text),
            modes: Vec::new(),
            // A token has about three bytes of text, so this avoids most growing.
            tokens: Vec::with_capacity(text.len() / 3 + 2),
            errors: Vec::new(),
            noise: Noise::default(),
        }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..self.end).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Adds a token that ends at the current position.
    pub(super) fn push(&mut self, kind: TokenKind<'a>, start: usize) {
        let span = span(start, self.at);
        self.tokens.push(Token { kind, span });
    }

    pub(super) fn error(&mut self, kind: SyntaxErrorKind, start: usize, end: usize) {
        let span = span(start, end);
        self.errors.push(SyntaxError { kind, span });
    }

    /// Sets the end of a token that was added earlier, when something was opened, to the current
    /// position.
    pub(super) fn stretch(&mut self, opening: usize) {
        let end = byte(self.at);
        if let Some(token) = self.tokens.get_mut(opening) {
            token.span.end = end;
        }
    }

    /// Notes that what began at `start` has no end: other errors from there on are noise.
    pub(super) fn swallowed(&mut self, start: usize) {
        self.noise.add(span(start, self.at));
        if let Some(Mode::Literal(literal)) = self.modes.last_mut() {
            literal.cut = true;
        }
    }
}

/// The span from one byte offset to another.
pub(super) fn span(start: usize, end: usize) -> Span {
    Span {
        start: byte(start),
        end: byte(end),
    }
}

fn byte(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
