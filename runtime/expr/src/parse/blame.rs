//! The errors of the grammar: keeps them, and which token the last one was about.
//!
//! Enters: the tokens of a text and, while the grammar reads them, what does not fit. Leaves: the
//! errors, and which text was passed over. Only the first error about a token is kept, because the
//! others follow from it; `sift` compares errors about different tokens. Must not know the grammar.

use std::ops::Range;

use super::{
    cursor::Noise,
    error::{SyntaxError, SyntaxErrorKind},
    token::{Keyword, Operator, Token, TokenKind},
};
use crate::ast::Span;

/// How many characters of the found text a message shows.
const SHOWN: usize = 40;

pub(super) struct Blame<'a> {
    text: &'a str,
    tokens: &'a [Token<'a>],
    pub(super) errors: Vec<SyntaxError>,
    /// The token that the last error is about. A second error about it is dropped.
    pub(super) blamed: Option<usize>,
    /// The text that was passed over after an error, without the first byte, which the error is
    /// about. The grammar adds ranges; `sift` drops what the lexer found in them.
    pub(super) passed: Noise,
    /// How many times a token was looked at. A test checks that this grows no faster than the text.
    pub(super) looks: usize,
}

impl<'a> Blame<'a> {
    pub(super) fn new(text: &'a str, tokens: &'a [Token<'a>]) -> Self {
        Self {
            text,
            tokens,
            errors: Vec::new(),
            blamed: None,
            passed: Noise::default(),
            looks: 0,
        }
    }

    /// The tokens from this one on.
    pub(super) fn rest(&self, at: usize) -> &'a [Token<'a>] {
        self.tokens.get(at..).unwrap_or_default()
    }

    /// The span of a token.
    pub(super) fn span(&self, at: usize) -> Span {
        let token = self.tokens.get(at).or(self.tokens.last());
        token.map_or_else(Span::default, |token| token.span)
    }

    /// The span from the start of the first token of a range to the end of its last.
    pub(super) fn across(&self, tokens: Range<usize>) -> Span {
        let start = self.span(tokens.start).start;
        let last = tokens.end.checked_sub(1).map(|at| self.span(at).end);
        let end = last.unwrap_or(start).max(start);
        Span { start, end }
    }

    /// The white space before a token: the span of something that is missing there.
    pub(super) fn gap(&self, at: usize) -> Span {
        let end = self.span(at).start;
        let before = at.checked_sub(1).map_or(0, |before| self.span(before).end);
        let start = before.min(end);
        Span { start, end }
    }

    /// Notes that these tokens were passed over because of an error about the first of them.
    pub(super) fn pass(&mut self, tokens: Range<usize>) {
        let Span { start, end } = self.across(tokens);
        if start < end {
            let start = start + 1;
            self.passed.add(Span { start, end });
        }
    }

    /// Reports what is wrong with a token, unless the last error is about it already.
    pub(super) fn report(&mut self, at: usize, kind: SyntaxErrorKind) {
        if self.blamed != Some(at) {
            let span = self.span(at);
            self.errors.push(SyntaxError { kind, span });
        }
        self.blamed = Some(at);
    }

    /// Reports a token that does not fit, and what could be in its place.
    pub(super) fn unexpected(&mut self, at: usize, expected: &[&'static str]) {
        if self.tokens.get(at).map(|token| &token.kind) == Some(&TokenKind::Error) {
            // The lexer has reported it.
            self.blamed = Some(at);
            return;
        }
        let span = self.span(at);
        let [start, end] = [span.start, span.end].map(|at| usize::try_from(at).unwrap_or(0));
        let found = self.text.get(start..end).unwrap_or_default();
        let found = found.chars().take(SHOWN).collect();
        let mut expected = expected.to_vec();
        // `a not b`: the only operator that begins with `not`.
        let not = TokenKind::Keyword(Keyword::Not);
        if expected.contains(&"an operator") && self.tokens.get(at).is_some_and(|t| t.kind == not) {
            expected.push("`not in`");
        }
        expected.sort_unstable();
        self.report(at, SyntaxErrorKind::Unexpected { found, expected });
    }

    /// Reports a token after which the expression does not go on.
    pub(super) fn left_over(&mut self, at: usize) {
        let operator = match self.tokens.get(at).map(|token| &token.kind) {
            Some(TokenKind::Operator(operator)) => Some(*operator),
            _ => None,
        };
        let unsupported = |what, instead| SyntaxErrorKind::Unsupported { what, instead };
        let kind = match operator {
            Some(Operator::Semicolon) => unsupported("statements", "an expression gives one value"),
            Some(Operator::Augmented) => unsupported("assignments", ""),
            Some(Operator::Arrow) => unsupported("lambdas", COMPREHEND),
            _ => return self.unexpected(at, &["an operator", "the end of the expression"]),
        };
        self.report(at, kind);
    }
}

/// The advice about lambdas.
pub(super) const COMPREHEND: &str = "a comprehension does what `map` and `filter` do";

/// How many of these tokens come before the end of the expression they belong to.
pub(super) fn until_end(tokens: &[Token<'_>]) -> usize {
    let mut inside = 0_usize;
    let end = tokens.iter().position(|token| {
        let end = inside == 0 && token.kind.ends_expression();
        step(&mut inside, &token.kind);
        end
    });
    end.unwrap_or(tokens.len())
}

/// How many of these tokens come before the `,` or closing bracket that ends the current element,
/// or before the end of the expression.
pub(super) fn until_separator(tokens: &[Token<'_>]) -> usize {
    let mut inside = 0_usize;
    let mut brackets = 0_usize;
    let end = tokens.iter().position(|token| {
        let outside = inside == 0;
        step(&mut inside, &token.kind);
        let TokenKind::Operator(operator) = &token.kind else {
            return outside && token.kind.ends_expression();
        };
        let level = outside && brackets == 0;
        if outside && operator.opens() {
            brackets += 1;
        } else if outside && operator.closes() {
            brackets = brackets.saturating_sub(1);
        }
        level && (operator.closes() || *operator == Operator::Comma)
    });
    end.unwrap_or(tokens.len())
}

/// Counts how many f-strings and parts are open around a token.
fn step(inside: &mut usize, kind: &TokenKind<'_>) {
    if matches!(kind, TokenKind::FStringStart | TokenKind::PartStart) {
        *inside += 1;
    } else if matches!(kind, TokenKind::FStringEnd | TokenKind::PartEnd) {
        *inside = inside.saturating_sub(1);
    }
}
