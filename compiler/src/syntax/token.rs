//! The tokens of JSON.
//!
//! Enters: nothing. Leaves: the types that the lexer makes and the parser reads. Must not know how
//! either of them works.

use std::ops::Range;

use super::tree::JsonString;

/// `{}` or `[]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bracket {
    Brace,
    Square,
}

impl Bracket {
    pub(super) fn open(self) -> &'static str {
        match self {
            Self::Brace => "{",
            Self::Square => "[",
        }
    }

    pub(super) fn close(self) -> &'static str {
        match self {
            Self::Brace => "}",
            Self::Square => "]",
        }
    }
}

/// What a token is.
#[derive(Clone, Debug)]
pub(super) enum TokenKind {
    Open(Bracket),
    Close(Bracket),
    Colon,
    Comma,
    /// A string. `closed` is false when its line ended before a closing quote.
    String {
        string: JsonString,
        /// Whether it has a closing quote. Set by the lexer; the parser does not use the text of an
        /// unclosed string.
        closed: bool,
    },
    Word,
    Number,
    /// Characters that JSON has no use for.
    Unknown,
    End,
}

/// A token and its byte range.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) range: Range<usize>,
}
