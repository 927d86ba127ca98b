//! Syntax errors.
//!
//! Enters: what lexer and parser met. Leaves: kind, place, message and help, so that the
//! compiler chooses its code by kind and never by text.

use std::fmt;

use crate::ast::Span;

/// A syntax error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong.
    pub kind: SyntaxErrorKind,
    /// The smallest guilty text, in bytes of the parsed text; may be empty at its end.
    pub span: Span,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyntaxErrorKind {
    /// There is no expression.
    Empty,
    /// A token that does not fit here.
    Unexpected {
        /// What stands there, as written; the empty string at the end.
        found: String,
        /// What could stand there, sorted.
        expected: Vec<&'static str>,
    },
    /// An escape that string literals do not have.
    UnknownEscape(String),
    /// A string literal without its end.
    UnterminatedString,
    /// A number that cannot be read or held, and why.
    BadNumber(&'static str),
    /// Python that is left out: what it is, and what to use instead.
    Unsupported {
        /// A name in plural or with an article: `lambdas`.
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
        /// What Python writes; a bare token where it can be put in place.
        python: &'static str,
    },
    /// A `{{` in a condition field without `}}`.
    UnclosedPart,
    /// Brackets or operators nested too deep.
    TooDeep,
}

impl SyntaxError {
    /// Of several errors at one place, the one with the lower rank says more.
    pub(super) fn rank(&self) -> u8 {
        u8::from(matches!(self.kind, SyntaxErrorKind::Unexpected { .. }))
    }

    /// What to do, where there is more to say than the message.
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
