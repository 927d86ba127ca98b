//! `{{…}}` parts of condition fields.
//!
//! Enters: a lexer at `{{`. Leaves: the part parsed as an expression of its own, so that no
//! value can change the shape of the condition around it.

use super::{
    error::SyntaxErrorKind,
    lexer::{Lexer, Source},
    parser,
    token::TokenKind,
};
use crate::{ast::Expr, template};

/// Reads a part outside string literals.
pub(super) fn part(lexer: &mut Lexer<'_>) -> TokenKind {
    TokenKind::Part(Box::new(expression(lexer)))
}

/// Reads `{{…}}` and parses what is between.
pub(super) fn expression(lexer: &mut Lexer<'_>) -> Expr {
    let start = lexer.at;
    let inner = start + 2;
    let (end, after) = match template::find_end(lexer.source.text, inner) {
        Some(end) => (end, end + 2),
        None => {
            let length = lexer.source.text.len();
            lexer.error(SyntaxErrorKind::UnclosedPart, start, inner);
            (length, length)
        }
    };
    lexer.at = after;
    let (expr, errors) = parser::parse(Source {
        text: lexer.source.text.get(inner..end).unwrap_or_default(),
        base: lexer.source.base + inner,
        parts: false,
        depth: lexer.source.depth + 1,
    });
    lexer.errors.extend(errors);
    expr
}
