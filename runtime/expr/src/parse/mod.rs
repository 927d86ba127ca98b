//! Text to AST, never failing.
//!
//! Enters: the text of an expression, or of a whole condition field. Leaves: a tree, `Error`
//! nodes where it could not be read, and the syntax errors. Must not know names' meanings.

pub mod error;

mod condition;

mod field;

mod lexer;

mod literal;

mod number;

mod operators;

mod parser;

mod sequence;

mod token;

pub use error::{SyntaxError, SyntaxErrorKind};

use crate::ast::Expr;

/// Words that are never names.
pub const KEYWORDS: &[&str] = token::KEYWORDS;

/// What parsing gives.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The tree; spans are bytes of the parsed text.
    pub expr: Expr,
    /// What was wrong, in order of place.
    pub errors: Vec<SyntaxError>,
}

/// Parses one expression.
#[must_use]
pub fn parse(text: &str) -> Parsed {
    run(text, false)
}

/// Parses a condition field: an expression in which `{{…}}` parts are sub-expressions in
/// parentheses outside string literals, and interpolations inside them (language reference,
/// section 3, "Condition fields"). Spans are bytes of the whole text.
#[must_use]
pub fn parse_condition(text: &str) -> Parsed {
    run(text, true)
}

fn run(text: &str, parts: bool) -> Parsed {
    let (expr, mut errors) = parser::parse(lexer::Source {
        text,
        base: 0,
        parts,
        depth: 0,
    });
    errors.sort_by_key(|error| (error.span, error.rank()));
    errors.dedup_by_key(|error| error.span);
    Parsed { expr, errors }
}
