//! Atoms: names, numbers, constants, strings, parts, and what is none of these.
//!
//! Enters: the rules for expressions and for clauses. Leaves: the rule for expressions that need no
//! operator. It gives an error node when none is there. Must not know operators.

use chumsky::{error::EmptyErr, prelude::*};

use super::{
    super::{
        blame::{COMPREHEND, until_separator},
        build::{Pieces, Tree},
        error::SyntaxErrorKind,
        nodes::Clauses,
        number::TOO_LARGE,
        token::{FieldEnd, Keyword as K, Token, TokenKind as T},
    },
    brackets::{curly, round, square},
    words::{
        Reading, Rule, across, here, kind, missing, pass_over, report, silent, unsupported, whole,
    },
};
use crate::ast::ExprKind;

/// Names, numbers, constants, strings, parts, and brackets. Anything else gives an error node.
pub(super) fn atom<'a>(
    expression: impl Rule<'a, Tree>,
    clauses: impl Rule<'a, Clauses>,
) -> impl Rule<'a, Tree> {
    let word = select_ref! {
        Token { kind: T::Name(name), span } => Tree::leaf(ExprKind::Name((*name).to_owned()), *span),
        Token { kind: T::Int(number), span } => Tree::leaf(ExprKind::Int(*number), *span),
        Token { kind: T::Float(number), span } => Tree::leaf(ExprKind::Float(*number), *span),
        Token { kind: T::Keyword(K::None), span } => Tree::leaf(ExprKind::Null, *span),
        Token { kind: T::Keyword(K::True), span } => Tree::leaf(ExprKind::Bool(true), *span),
        Token { kind: T::Keyword(K::False), span } => Tree::leaf(ExprKind::Bool(false), *span),
    };
    let part = kind(|kind| *kind == T::PartStart)
        .then(whole(expression.clone()))
        .then_ignore(kind(|kind| *kind == T::PartEnd))
        .map(|(span, inner)| Tree::above(inner.height, ExprKind::Part(Box::new(inner.expr)), span));
    choice((
        word,
        strings(expression.clone()),
        round(expression.clone(), clauses.clone()),
        square(expression.clone(), clauses.clone()),
        curly(expression, clauses),
        part,
        mistake(),
        missing(&["an expression"]),
    ))
    .boxed()
}

/// Something that cannot be a value but is in the place of one. It is reported and skipped.
pub(super) fn mistake<'a>() -> impl Rule<'a, Tree> {
    let too_large = select_ref! { Token { kind: T::IntBeyond, .. } = e => {
        report(e, SyntaxErrorKind::BadNumber(TOO_LARGE));
        Tree::error(across(e))
    } };
    // The lexer has reported it.
    let unread = select_ref! { Token { kind: T::Error, .. } = e => silent(e) };
    let unreadable = custom(|reading: &mut Reading<'a, '_>| {
        let kind = match reading.peek_ref().map(|token| &token.kind) {
            Some(T::Keyword(K::Lambda)) => unsupported("lambdas", COMPREHEND),
            Some(T::Keyword(K::Await)) => unsupported("`await` and `yield`", ""),
            Some(T::Statement) => unsupported("statements", "an expression gives a value"),
            _ => return Err(EmptyErr::default()),
        };
        let from = here(reading);
        reading.state().report(from, kind);
        pass_over(reading, until_separator);
        let at = here(reading);
        let blame = reading.state();
        blame.blamed = Some(at);
        Ok(Tree::error(blame.across(from..at)))
    });
    choice((too_large, unread, unreadable))
}

/// One or more string literals. Several in a row are joined to one.
pub(super) fn strings<'a>(expression: impl Rule<'a, Tree>) -> impl Rule<'a, Tree> {
    let plain = select_ref! { Token { kind: T::Str(text), .. } => (false, Pieces::of(text)) };
    let formatted = kind(|kind| *kind == T::FStringStart)
        .ignore_then(pieces(expression))
        .then_ignore(kind(|kind| *kind == T::FStringEnd))
        .map(|pieces| (true, pieces));
    let literal = plain.or(formatted);
    let joined = literal
        .clone()
        .foldl(literal.repeated(), |(one, mut pieces), (other, more)| {
            pieces.append(more);
            (one || other, pieces)
        });
    joined.map_with(|(formatted, pieces), e| pieces.literal(formatted, across(e)))
}

/// The inside of an f-string or of a format specification: text, fields, parts.
pub(super) fn pieces<'a>(expression: impl Rule<'a, Tree>) -> impl Rule<'a, Pieces> {
    recursive(|pieces| {
        let text = select_ref! { Token { kind: T::Text(text), .. } => Pieces::of(text) };
        let end = |spec: bool| {
            select_ref! { Token { kind: T::FieldEnd(end), .. } if end.spec == spec => *end }
        };
        let specified = end(true)
            .then(pieces)
            .then_ignore(kind(|kind| *kind == T::SpecEnd));
        let end = end(false).map(|end| (end, Pieces::new())).or(specified);
        let field = kind(|kind| *kind == T::FieldStart)
            .ignore_then(whole(expression.clone()))
            .then(end)
            .map(|(tree, (end, spec))| Pieces::field(tree, &end, spec));
        let part = kind(|kind| *kind == T::PartStart)
            .ignore_then(whole(expression))
            .then_ignore(kind(|kind| *kind == T::PartEnd))
            .map(|tree| Pieces::field(tree, &FieldEnd::default(), Pieces::new()));
        let piece = choice((text, field, part));
        empty()
            .map(|()| Pieces::new())
            .foldl(piece.repeated(), |mut pieces, piece| {
                pieces.append(piece);
                pieces
            })
    })
}
