//! Tokens.
//!
//! Enters: nothing. Leaves: the token type that lexer and parser share.

use crate::ast::{Expr, FPart, Span};

/// A token with its place.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
}

#[derive(Clone, Debug)]
pub(super) enum TokenKind {
    Int(i64),
    /// 2^63, which is an integer only behind a minus sign.
    IntBeyond,
    Float(f64),
    Str(String),
    /// An f-string, or a literal of a condition field with template parts.
    FString(Vec<FPart>),
    Name(String),
    Keyword(&'static str),
    Operator(&'static str),
    /// A `{{…}}` of a condition field, already parsed.
    Part(Box<Expr>),
    /// Text that is no token; reported.
    Error,
    End,
}

impl Token {
    pub(super) fn is(&self, operator: &str) -> bool {
        matches!(self.kind, TokenKind::Operator(found) if found == operator)
    }

    pub(super) fn is_keyword(&self, keyword: &str) -> bool {
        matches!(self.kind, TokenKind::Keyword(found) if found == keyword)
    }
}

/// Words that are never names.
pub(super) const KEYWORDS: &[&str] = &[
    "True", "False", "None", "true", "false", "null", "and", "or", "not", "in", "is", "if", "else",
    "for", "lambda", "await", "yield", "async", "import", "from", "while", "return", "def",
    "class", "with", "try", "except", "finally", "raise", "del", "pass", "assert", "global",
    "nonlocal", "break", "continue", "elif", "as",
];

/// Keywords that begin a statement.
pub(super) const STATEMENTS: &[&str] = &[
    "import", "from", "while", "return", "def", "class", "with", "try", "except", "finally",
    "raise", "del", "pass", "assert", "global", "nonlocal", "break", "continue", "elif", "async",
    "for", "if", "as",
];

/// Operators, the longest first where one starts another.
pub(super) const OPERATORS: &[&str] = &[
    "===", "!==", "**=", "//=", "...", "<<=", ">>=", "==", "!=", "<=", ">=", "<>", "**", "//",
    "&&", "||", "<<", ">>", ":=", "?.", "??", "->", "=>", "+=", "-=", "*=", "/=", "%=", "++", "--",
    "<", ">", "+", "-", "*", "/", "%", "|", "&", "^", "~", "@", "!", "=", "?", ".", ",", ":", "(",
    ")", "[", "]", "{", "}", ";", "$", "`", "\\", "#",
];
