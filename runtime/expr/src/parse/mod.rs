//! Parses text to an AST. It never fails.
//!
//! Enters: the text of an expression, or of a whole condition field. Leaves: a tree, with error
//! nodes where text could not be read, and the syntax errors. Must not know what names mean.

pub mod error;

mod blame;
mod build;
mod cursor;
mod escape;
mod field;
mod grammar;
mod lexer;
mod limits;
mod literal;
mod nodes;
mod number;
mod part;
mod sift;
mod token;

pub use error::{SyntaxError, SyntaxErrorKind};

use crate::ast::{Expr, ExprKind, Span};

/// Words that are never names.
pub const KEYWORDS: &[&str] = token::KEYWORDS;

/// The result of parsing.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The tree. Its spans are in bytes of the parsed text.
    pub expr: Expr,
    /// The mistakes, in the order of their spans.
    pub errors: Vec<SyntaxError>,
}

/// Parses one expression.
#[must_use]
pub fn parse(text: &str) -> Parsed {
    run(text, false)
}

/// Parses a condition field: an expression in which `{{…}}` parts are allowed. Outside string
/// literals a part is a sub-expression in parentheses; inside a literal its value is inserted as
/// text (language reference, section 3, "Condition fields"). Spans are in bytes of the whole text.
#[must_use]
pub fn parse_condition(text: &str) -> Parsed {
    run(text, true)
}

/// How many times reading a text looks at a token. A test checks that this grows no faster than the
/// text.
#[doc(hidden)]
#[must_use]
pub fn looks(text: &str) -> usize {
    let lexed = lexer::lex(text, false);
    if limits::too_deep(&lexed.tokens).is_some() {
        return lexed.tokens.len();
    }
    let (_, blame) = grammar::parse(text, &lexed.tokens);
    blame.looks
}

fn run(text: &str, parts: bool) -> Parsed {
    let lexed = lexer::lex(text, parts);
    if let Some(place) = limits::too_deep(&lexed.tokens) {
        return too_deep(text, place);
    }
    let (tree, blame) = grammar::parse(text, &lexed.tokens);
    if let Err(place) = tree.height {
        return too_deep(text, place);
    }
    Parsed {
        expr: tree.expr,
        errors: sift::sift(lexed.errors, &lexed.noise, blame),
    }
}

/// The result for an expression that is nested too deeply. Nothing else is reported about it.
fn too_deep(text: &str, place: Span) -> Parsed {
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let expr = Expr {
        kind: ExprKind::Error(Vec::new()),
        span: Span { start: 0, end },
    };
    let errors = vec![SyntaxError {
        kind: SyntaxErrorKind::TooDeep,
        span: place,
    }];
    Parsed { expr, errors }
}
