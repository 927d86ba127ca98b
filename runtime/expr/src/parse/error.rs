//! Syntax errors.
//!
//! Enters: what lexer and grammar found. Leaves: kind, span, message and help. The compiler chooses
//! the code of its finding by the kind, never by the text. Must not know codes.

use std::fmt;

use crate::ast::Span;

/// A syntax error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What kind of mistake it is.
    pub kind: SyntaxErrorKind,
    /// The smallest text that is wrong, in bytes of the parsed text. It can be empty at the end of
    /// the text.
    pub span: Span,
}

/// A kind of mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyntaxErrorKind {
    /// There is no expression.
    Empty,
    /// A token that does not fit where it is.
    Unexpected {
        /// The text that was found; empty at the end of the expression.
        found: String,
        /// What would fit, sorted.
        expected: Vec<&'static str>,
    },
    /// An escape that string literals do not have.
    UnknownEscape(String),
    /// A string literal without its closing quote.
    UnterminatedString,
    /// A number that is written wrongly or does not fit, with the message.
    BadNumber(&'static str),
    /// A part of Python that the language leaves out.
    Unsupported {
        /// Its name in the plural, like `lambdas`.
        what: &'static str,
        /// What to do instead; may be empty.
        instead: &'static str,
    },
    /// `=` where `==` was meant.
    Assignment,
    /// An operator of another language.
    ForeignOperator {
        /// As written.
        found: &'static str,
        /// What Python has instead. If it is one token, it can replace the wrong one.
        python: &'static str,
    },
    /// A `{{` in a condition field without `}}`.
    UnclosedPart,
    /// Brackets or operators that are nested too deeply.
    TooDeep,
}

impl SyntaxError {
    /// If several errors are at the same place, the one with the lowest rank says most and is kept.
    pub(super) fn rank(&self) -> u8 {
        if self.kind == SyntaxErrorKind::UnterminatedString {
            return 0;
        }
        if self.is_general() { 2 } else { 1 }
    }

    /// Whether it only says what could be here, and not what is wrong.
    pub(super) fn is_general(&self) -> bool {
        matches!(self.kind, SyntaxErrorKind::Unexpected { .. })
    }

    /// Advice, if there is more to say than the message says.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match &self.kind {
            SyntaxErrorKind::UnknownEscape(_) => {
                Some("`\\\\` writes a backslash; in JSON that is `\\\\\\\\`".to_owned())
            }
            SyntaxErrorKind::Unsupported { instead, .. } if !instead.is_empty() => {
                Some((*instead).to_owned())
            }
            SyntaxErrorKind::Assignment => Some("`==` compares".to_owned()),
            SyntaxErrorKind::ForeignOperator { python, .. } => Some(format!("write `{python}`")),
            SyntaxErrorKind::Empty
            | SyntaxErrorKind::Unexpected { .. }
            | SyntaxErrorKind::UnterminatedString
            | SyntaxErrorKind::BadNumber(_)
            | SyntaxErrorKind::Unsupported { .. }
            | SyntaxErrorKind::UnclosedPart
            | SyntaxErrorKind::TooDeep => None,
        }
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            SyntaxErrorKind::Empty => f.write_str("expected an expression, found nothing"),
            SyntaxErrorKind::Unexpected { found, expected } => {
                f.write_str("expected ")?;
                for (at, one) in expected.iter().enumerate() {
                    let separator = match at {
                        0 => "",
                        _ if at + 1 == expected.len() => " or ",
                        _ => ", ",
                    };
                    write!(f, "{separator}{one}")?;
                }
                match found.as_str() {
                    "" => f.write_str(", found the end of the expression"),
                    "`" => f.write_str(", found a back-tick"),
                    _ => write!(f, ", found `{found}`"),
                }
            }
            SyntaxErrorKind::UnknownEscape(escape) => {
                write!(f, "unknown escape `{escape}` in a string literal")
            }
            SyntaxErrorKind::UnterminatedString => {
                f.write_str("string literal without its closing quote")
            }
            SyntaxErrorKind::BadNumber(why) => f.write_str(why),
            SyntaxErrorKind::Unsupported { what, .. } => {
                write!(f, "{what} are not part of the expression language")
            }
            SyntaxErrorKind::Assignment => f.write_str("`=` assigns, and expressions cannot"),
            SyntaxErrorKind::ForeignOperator { found, .. } => {
                write!(f, "`{found}` is not an operator here")
            }
            SyntaxErrorKind::UnclosedPart => f.write_str("`{{` without its `}}`"),
            SyntaxErrorKind::TooDeep => f.write_str("expression nested deeper than 200"),
        }
    }
}
