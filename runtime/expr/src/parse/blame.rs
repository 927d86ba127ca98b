//! One mistake, one error: what has been said, and of which token.
//!
//! Enters: the tokens of a text and, while they are read, what does not fit. Leaves: the errors.
//! Of what is said about one token only the first counts: the rest follows from it.

use std::ops::Range;

use super::{
    error::{SyntaxError, SyntaxErrorKind},
    token::{Operator, Token, TokenKind},
};
use crate::ast::Span;

/// How much of what was found a message shows.
const SHOWN: usize = 40;

pub(super) struct Blame<'a> {
    text: &'a str,
    tokens: &'a [Token<'a>],
    pub(super) errors: Vec<SyntaxError>,
    /// The token the last error was about.
    pub(super) blamed: Option<usize>,
    /// How often a token was looked at.
    pub(super) looks: usize,
}

impl<'a> Blame<'a> {
    pub(super) fn new(text: &'a str, tokens: &'a [Token<'a>]) -> Self {
        Self {
            text,
            tokens,
            errors: Vec::new(),
            blamed: None,
            looks: 0,
        }
    }

    /// The tokens from one on.
    pub(super) fn rest(&self, at: usize) -> &'a [Token<'a>] {
        self.tokens.get(at..).unwrap_or_default()
    }

    /// The place of a token.
    pub(super) fn span(&self, at: usize) -> Span {
        let token = self.tokens.get(at).or(self.tokens.last());
        token.map_or_else(Span::default, |token| token.span)
    }

    /// From the start of a token to the end of the one before another.
    pub(super) fn across(&self, tokens: Range<usize>) -> Span {
        let start = self.span(tokens.start).start;
        let last = tokens.end.checked_sub(1).map(|at| self.span(at).end);
        let end = last.unwrap_or(start).max(start);
        Span { start, end }
    }

    /// The blanks before a token, where something is missing.
    pub(super) fn gap(&self, at: usize) -> Span {
        let end = self.span(at).start;
        let before = at.checked_sub(1).map_or(0, |before| self.span(before).end);
        let start = before.min(end);
        Span { start, end }
    }

    /// Says what is wrong with a token, unless something has been said of it.
    pub(super) fn report(&mut self, at: usize, kind: SyntaxErrorKind) {
        if self.blamed != Some(at) {
            let span = self.span(at);
            self.errors.push(SyntaxError { kind, span });
        }
        self.blamed = Some(at);
    }

    /// Says what could stand in the place of a token.
    pub(super) fn unexpected(&mut self, at: usize, expected: &[&'static str]) {
        if self.tokens.get(at).map(|token| &token.kind) == Some(&TokenKind::Error) {
            // The lexer has said so.
            self.blamed = Some(at);
            return;
        }
        let span = self.span(at);
        let [start, end] = [span.start, span.end].map(|at| usize::try_from(at).unwrap_or(0));
        let found = self.text.get(start..end).unwrap_or_default();
        let found = found.chars().take(SHOWN).collect();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        self.report(at, SyntaxErrorKind::Unexpected { found, expected });
    }

    /// Says what is wrong with a token behind which no expression goes on.
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

/// What to do instead of a lambda.
pub(super) const COMPREHEND: &str = "a comprehension does what `map` and `filter` do";

/// Where the expression ends that goes on with these tokens: how many stand before its end.
pub(super) fn until_end(tokens: &[Token<'_>]) -> usize {
    let mut inside = 0_usize;
    let end = tokens.iter().position(|token| {
        let end = inside == 0 && token.kind.ends_expression();
        step(&mut inside, &token.kind);
        end
    });
    end.unwrap_or(tokens.len())
}

/// How many tokens stand before the `,` or bracket that ends this element, or before the end of
/// the expression.
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

/// Keeps count of the f-strings and parts around a token.
fn step(inside: &mut usize, kind: &TokenKind<'_>) {
    if matches!(kind, TokenKind::FStringStart | TokenKind::PartStart) {
        *inside += 1;
    } else if matches!(kind, TokenKind::FStringEnd | TokenKind::PartEnd) {
        *inside = inside.saturating_sub(1);
    }
}
