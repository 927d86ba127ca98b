//! The basic rules of the grammar: single tokens, and what is reported when one is missing.
//!
//! Enters: which token or test is wanted. Leaves: a rule. No rule goes back to before something it
//! reported: each alternative is decided by its first token, and what follows that never fails.
//! Must not know the rules of expressions.

use chumsky::{
    error::EmptyErr,
    extra,
    input::{Checkpoint, Cursor, InputRef, MapExtra},
    inspector::Inspector,
    prelude::*,
};

use super::super::{
    blame::{Blame, until_end},
    build::Tree,
    error::SyntaxErrorKind,
    nodes::no_name,
    token::{Keyword, Operator, Token, TokenKind},
};
use crate::ast::{Ident, Span};

pub(super) type Tokens<'a> = &'a [Token<'a>];

/// No rule fails for good, so chumsky's own errors are empty. `Blame` keeps ours.
pub(super) type Extra<'a> = extra::Full<EmptyErr, Blame<'a>, ()>;

pub(super) type Reading<'a, 'p> = InputRef<'a, 'p, Tokens<'a>, Extra<'a>>;

/// A rule of the grammar whose result is an `O`.
pub(super) trait Rule<'a, O>: Parser<'a, Tokens<'a>, O, Extra<'a>> + Clone + 'a {}

impl<'a, O, P: Parser<'a, Tokens<'a>, O, Extra<'a>> + Clone + 'a> Rule<'a, O> for P {}

/// `expression`, up to the end of the text, the field or the part. Tokens that are left over are
/// reported once and skipped.
pub(super) fn whole<'a>(expression: impl Rule<'a, Tree>) -> impl Rule<'a, Tree> {
    let left_over = custom(|reading: &mut Reading<'a, '_>| {
        if !sees(reading, TokenKind::ends_expression) {
            let at = here(reading);
            reading.state().left_over(at);
            pass_over(reading, until_end);
        }
        Ok(())
    });
    expression.then_ignore(left_over)
}

/// An operator or bracket. The result is its span.
pub(super) fn operator<'a>(wanted: Operator) -> impl Rule<'a, Span> {
    select_ref! { Token { kind: TokenKind::Operator(found), span } if *found == wanted => *span }
}

pub(super) fn keyword<'a>(wanted: Keyword) -> impl Rule<'a, Span> {
    select_ref! { Token { kind: TokenKind::Keyword(found), span } if *found == wanted => *span }
}

/// A token that passes a test. The result is its span.
pub(super) fn kind<'a>(wanted: fn(&TokenKind<'_>) -> bool) -> impl Rule<'a, Span> {
    select_ref! { Token { kind, span } if wanted(kind) => *span }
}

pub(super) fn name_token<'a>() -> impl Rule<'a, (&'a str, Span)> {
    select_ref! { Token { kind: TokenKind::Name(name), span } => (*name, *span) }
}

pub(super) fn name<'a>() -> impl Rule<'a, Ident> {
    name_token().map(ident)
}

pub(super) fn ident((name, span): (&str, Span)) -> Ident {
    let name = name.to_owned();
    Ident { name, span }
}

/// An operator that is understood but wrong. It is reported. The result is its span.
pub(super) fn mistaken<'a>(
    wanted: Operator,
    error: impl Fn() -> SyntaxErrorKind + Clone + 'a,
) -> impl Rule<'a, Span> {
    // It is reported while the token is read: chumsky skips `map` when nothing uses the result.
    select_ref! { Token { kind: TokenKind::Operator(found), span } = e if *found == wanted => {
        report(e, error());
        *span
    } }
}

/// An operator of another language. It is reported.
pub(super) fn foreign<'a>(
    wanted: Operator,
    found: &'static str,
    python: &'static str,
) -> impl Rule<'a, Span> {
    mistaken(wanted, move || SyntaxErrorKind::ForeignOperator {
        found,
        python,
    })
}

pub(super) fn unsupported(what: &'static str, instead: &'static str) -> SyntaxErrorKind {
    SyntaxErrorKind::Unsupported { what, instead }
}

/// Succeeds if the next token passes a test. Reads nothing.
pub(super) fn looking_at<'a>(
    test: impl Fn(&TokenKind<'a>) -> bool + Clone + 'a,
) -> impl Rule<'a, ()> {
    custom(move |reading: &mut Reading<'a, '_>| {
        if sees(reading, &test) {
            Ok(())
        } else {
            Err(EmptyErr::default())
        }
    })
}

/// An operator or bracket. If it is missing, that is reported.
pub(super) fn expect<'a>(wanted: Operator, expected: &'static [&'static str]) -> impl Rule<'a, ()> {
    operator(wanted).ignored().or(say(expected))
}

/// Reports what could be here. Reads nothing.
pub(super) fn say<'a>(expected: &'static [&'static str]) -> impl Rule<'a, ()> {
    custom(move |reading: &mut Reading<'a, '_>| {
        let at = here(reading);
        reading.state().unexpected(at, expected);
        Ok(())
    })
}

/// Reports that there is no value where one or the closing bracket could be. What cannot be either
/// is the end of the expression, or another closing bracket. Reads nothing.
pub(super) fn value_or<'a>(
    close: Operator,
    expected: &'static [&'static str],
) -> impl Rule<'a, ()> {
    custom(move |reading: &mut Reading<'a, '_>| {
        let neither = |kind: &TokenKind<'a>| {
            let other = |found: &Operator| found.closes() && *found != close;
            kind.ends_expression() || matches!(kind, TokenKind::Operator(found) if other(found))
        };
        if sees(reading, neither) {
            let at = here(reading);
            reading.state().unexpected(at, expected);
        }
        Ok(())
    })
}

/// Reports that a value is missing. The result is an error node in the gap.
pub(super) fn missing<'a>(expected: &'static [&'static str]) -> impl Rule<'a, Tree> {
    say(expected).ignore_then(gap()).map(Tree::error)
}

/// Reports that a name is missing. The result is an empty name in the gap.
pub(super) fn no_name_here<'a>() -> impl Rule<'a, Ident> {
    say(&["a name"]).ignore_then(gap()).map(no_name)
}

/// An error node in the gap for a mistake that has been reported.
pub(super) fn silent_gap<'a>() -> impl Rule<'a, Tree> {
    custom(|reading: &mut Reading<'a, '_>| {
        let at = here(reading);
        reading.state().blamed = Some(at);
        Ok(())
    })
    .ignore_then(gap())
    .map(Tree::error)
}

/// The white space before the next token.
pub(super) fn gap<'a>() -> impl Rule<'a, Span> {
    custom(|reading: &mut Reading<'a, '_>| {
        let at = here(reading);
        Ok(reading.state().gap(at))
    })
}

/// The index of the next token.
pub(super) fn here(reading: &mut Reading<'_, '_>) -> usize {
    let cursor = reading.cursor();
    reading.span_since(&cursor).start
}

pub(super) fn sees<'a>(
    reading: &mut Reading<'a, '_>,
    test: impl Fn(&TokenKind<'a>) -> bool,
) -> bool {
    reading.peek_ref().is_some_and(|token| test(&token.kind))
}

pub(super) fn pass_over(reading: &mut Reading<'_, '_>, count: fn(&[Token<'_>]) -> usize) {
    let at = here(reading);
    let count = count(reading.state().rest(at));
    reading.state().pass(at..at + count);
    for _ in 0..count {
        reading.next_ref();
    }
}

/// The span of everything that a rule has read.
pub(super) fn across<'a>(extra: &mut MapExtra<'a, '_, Tokens<'a>, Extra<'a>>) -> Span {
    let tokens = extra.span();
    extra.state().across(tokens.start..tokens.end)
}

/// An error node for a token that the lexer has reported.
pub(super) fn silent<'a>(extra: &mut MapExtra<'a, '_, Tokens<'a>, Extra<'a>>) -> Tree {
    let at = extra.span().start;
    extra.state().blamed = Some(at);
    Tree::error(across(extra))
}

/// Reports what is wrong with the first token that a rule has read.
pub(super) fn report<'a>(
    extra: &mut MapExtra<'a, '_, Tokens<'a>, Extra<'a>>,
    error: SyntaxErrorKind,
) {
    let at = extra.span().start;
    extra.state().report(at, error);
}

/// Counts looks. Nothing is undone when chumsky goes back: errors stay.
impl<'a> Inspector<'a, Tokens<'a>> for Blame<'a> {
    type Checkpoint = ();

    fn on_token(&mut self, _: &Token<'a>) {
        self.looks += 1;
    }

    fn on_save<'p>(&self, _: &Cursor<'a, 'p, Tokens<'a>>) {}

    fn on_rewind<'p>(&mut self, _: &Checkpoint<'a, 'p, Tokens<'a>, ()>) {}
}
