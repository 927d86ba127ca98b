//! Where the lexer stands: text, place, the modes it is in, and what it has found.
//!
//! Enters: a text. Leaves: tokens, errors, and the stretches whose errors are noise. The rules of
//! code, literals, fields and parts stand in files of their own and all move this cursor.

use super::{
    error::{SyntaxError, SyntaxErrorKind},
    token::{Operator, Token, TokenKind},
};
use crate::{ast::Span, template::Ends};

pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    /// Where reading stops: the end of the text, or of the part under way.
    pub(super) end: usize,
    /// Whether `{{` opens a part: in conditions, but not inside a part.
    pub(super) parts: bool,
    /// Where parts end.
    pub(super) ends: Ends<'a>,
    /// What is open, the innermost last; code where it is empty.
    pub(super) modes: Vec<Mode>,
    pub(super) tokens: Vec<Token<'a>>,
    pub(super) errors: Vec<SyntaxError>,
    /// Stretches swallowed by something that never ends. Whatever else is said of them is noise.
    pub(super) noise: Noise,
}

/// Stretches of a text, in order and apart from each other.
#[derive(Default)]
pub(super) struct Noise(Vec<Span>);

impl Noise {
    /// Adds a stretch that ends behind all others.
    fn add(&mut self, stretch: Span) {
        let mut start = stretch.start;
        while let Some(last) = self.0.pop_if(|last| last.end >= start) {
            start = start.min(last.start);
        }
        self.0.push(Span { start, ..stretch });
    }

    /// Whether a byte stands in one, both ends counted.
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

/// A literal under way.
pub(super) struct Literal {
    pub(super) style: Style,
    /// The byte of its prefix or quote.
    pub(super) start: usize,
    /// Its `FStringStart` among the tokens; none while it may still be one `Str`.
    pub(super) opening: Option<usize>,
    pub(super) buffer: Buffer,
    /// Something in it has no end: that it has none either is no mistake of its own.
    pub(super) cut: bool,
}

/// How a literal is written.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) quote: char,
    pub(super) triple: bool,
    pub(super) raw: bool,
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

/// Decoded text under way.
#[derive(Default)]
pub(super) struct Buffer {
    pub(super) text: String,
    pub(super) start: usize,
}

/// A field under way.
pub(super) struct Field {
    /// How the literal around it is written.
    pub(super) style: Style,
    /// The byte behind its `{`.
    pub(super) start: usize,
    /// How many tokens there were with its `FieldStart`.
    pub(super) tokens: usize,
    /// How many errors there were before it.
    pub(super) errors: usize,
    /// Brackets open in it: a `}` that closes one does not end the field.
    pub(super) brackets: Vec<Operator>,
}

/// A `{{…}}` under way.
pub(super) struct Part {
    /// Its `PartStart` among the tokens.
    pub(super) opening: usize,
    /// The byte behind its `{{`.
    pub(super) start: usize,
    /// How many errors there were when it opened, that it has no end among them.
    pub(super) errors: usize,
    /// The byte behind its `}}`.
    pub(super) after: usize,
    /// Where reading stops behind it.
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
            // A token takes about three bytes of text.
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

    /// Adds a token that ends here.
    pub(super) fn push(&mut self, kind: TokenKind<'a>, start: usize) {
        let span = span(start, self.at);
        self.tokens.push(Token { kind, span });
    }

    pub(super) fn error(&mut self, kind: SyntaxErrorKind, start: usize, end: usize) {
        let span = span(start, end);
        self.errors.push(SyntaxError { kind, span });
    }

    /// Lets a token that was pushed when something opened end here.
    pub(super) fn stretch(&mut self, opening: usize) {
        let end = byte(self.at);
        if let Some(token) = self.tokens.get_mut(opening) {
            token.span.end = end;
        }
    }

    /// Something that began at a byte has no end: what follows it says nothing new.
    pub(super) fn swallowed(&mut self, start: usize) {
        self.noise.add(span(start, self.at));
        if let Some(Mode::Literal(literal)) = self.modes.last_mut() {
            literal.cut = true;
        }
    }
}

/// The bytes of the text from one offset to another.
pub(super) fn span(start: usize, end: usize) -> Span {
    Span {
        start: byte(start),
        end: byte(end),
    }
}

fn byte(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
