//! JSON text to tokens.
//!
//! Enters: a text. Leaves: tokens that cover all of it except whitespace and comments; the last
//! token is always [`TokenKind::End`]. Reports what is wrong inside a single token. Whether a word
//! or number is allowed is decided by the parser, which knows whether a key is expected. Must not
//! know the grammar of JSON.

use super::{
    cursor::Cursor,
    quotes, string,
    token::{Bracket, Token, TokenKind},
};
use crate::{
    diagnostics::{Code, Diagnostic, Found},
    source::FileId,
};

/// The tokens of a text and the findings about single tokens.
pub(super) struct Lexed {
    pub(super) tokens: Vec<Token>,
    pub(super) findings: Found,
    /// Whether the text ends inside a comment, which has a finding. Set by the lexer for `{"a": 1
    /// /* b`; the parser reads it and then does not report the missing `}`, which may be inside the
    /// comment.
    pub(super) cut: bool,
}

/// The state of the lexer.
struct Lexer<'a> {
    cursor: Cursor<'a>,
    /// Whether the last token was `{` or `,`, so that a key may follow. Set after each token; read
    /// when a quote may be missing from a key, as in `{"name: "x"}`.
    at_key: bool,
    /// Set when a comment is never closed, as in `{"a": 1 /* b`; copied to [`Lexed::cut`].
    cut: bool,
}

/// Splits a text into tokens.
pub(super) fn lex(file: FileId, text: &str) -> Lexed {
    let mut lexer = Lexer {
        cursor: Cursor::new(file, text),
        at_key: false,
        cut: false,
    };
    let mut tokens = Vec::with_capacity(text.len() / 8);
    loop {
        let token = lexer.token();
        let end = matches!(token.kind, TokenKind::End);
        lexer.at_key = matches!(
            token.kind,
            TokenKind::Open(Bracket::Brace) | TokenKind::Comma
        );
        tokens.push(token);
        if end {
            break;
        }
    }
    Lexed {
        tokens,
        findings: lexer.cursor.findings,
        cut: lexer.cut,
    }
}

impl Lexer<'_> {
    fn token(&mut self) -> Token {
        self.skip_blanks();
        let start = self.cursor.at;
        let kind = match self.cursor.peek() {
            None => TokenKind::End,
            Some('"') if self.at_key && quotes::is_key_without_end(self.cursor.rest()) => {
                quotes::key_without_end(&mut self.cursor)
            }
            Some(quote @ ('"' | '\'')) => string::lex(&mut self.cursor, quote),
            Some(quote @ ('“' | '”' | '‘' | '’')) => {
                string::lex_typographic(&mut self.cursor, quote)
            }
            Some(c) => match punctuation(c) {
                Some(kind) => {
                    self.cursor.at += c.len_utf8();
                    kind
                }
                None => self.run(c),
            },
        };
        Token {
            kind,
            range: start..self.cursor.at,
        }
    }

    /// A word, a number, or a run of characters that JSON has no use for.
    fn run(&mut self, first: char) -> TokenKind {
        let second = self.cursor.rest().chars().nth(1);
        let number = first.is_ascii_digit()
            || matches!(first, '-' | '+')
            || (first == '.' && second.is_some_and(|c| c.is_ascii_digit()));
        if number {
            self.cursor
                .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_'));
            TokenKind::Number
        } else if is_word_start(first) {
            let start = self.cursor.at;
            self.cursor
                .take_while(|c| is_word_start(c) || c.is_numeric() || matches!(c, '-' | '.'));
            if self.at_key && quotes::ends_key(self.cursor.rest()) {
                return quotes::key_without_start(&mut self.cursor, start);
            }
            TokenKind::Word
        } else {
            self.cursor.at += first.len_utf8();
            self.cursor.take_while(is_meaningless);
            TokenKind::Unknown
        }
    }

    fn skip_blanks(&mut self) {
        loop {
            self.cursor
                .take_while(|c| matches!(c, ' ' | '\t' | '\r' | '\n'));
            let rest = self.cursor.rest();
            if rest.starts_with("//") || rest.starts_with('#') {
                let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
                self.comment(end, true);
            } else if rest.starts_with("/*") {
                let closed = rest.find("*/");
                self.comment(closed.map_or(rest.len(), |at| at + 2), closed.is_some());
            } else if rest.chars().next().is_some_and(is_foreign_blank) {
                self.foreign_blank();
            } else {
                return;
            }
        }
    }

    fn comment(&mut self, length: usize, closed: bool) {
        let start = self.cursor.at;
        self.cursor.at += length;
        let span = self.cursor.span(start..self.cursor.at);
        self.cut |= !closed;
        let found = if closed {
            // Removing a comment loses its words, so the fix is never applied without asking.
            Diagnostic::new(Code::Comment, span, "JSON has no comments").fix(
                "remove the comment",
                false,
                span,
                "",
            )
        } else {
            let opening = self.cursor.span(start..start + 2);
            Diagnostic::new(Code::UnclosedBracket, opening, "`/*` is never closed")
                .help("JSON has no comments")
        };
        let found = found.help("put the text into `description` or `metadata`");
        self.cursor.findings.push(found);
    }

    fn foreign_blank(&mut self) {
        let start = self.cursor.at;
        let first = self.cursor.peek().unwrap_or(' ');
        self.cursor.take_while(is_foreign_blank);
        let span = self.cursor.span(start..self.cursor.at);
        let message = format!(
            "`U+{:04X}` is not whitespace in JSON: only spaces, tabs and line ends are",
            u32::from(first)
        );
        self.cursor
            .findings
            .push(Diagnostic::new(Code::UnexpectedJson, span, message).fix(
                "replace with a space",
                true,
                span,
                " ",
            ));
    }
}

fn punctuation(c: char) -> Option<TokenKind> {
    Some(match c {
        '{' => TokenKind::Open(Bracket::Brace),
        '}' => TokenKind::Close(Bracket::Brace),
        '[' => TokenKind::Open(Bracket::Square),
        ']' => TokenKind::Close(Bracket::Square),
        ':' => TokenKind::Colon,
        ',' => TokenKind::Comma,
        _ => return None,
    })
}

fn is_word_start(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '_' | '$')
}

/// Whether a character is whitespace in Unicode but not in JSON, like the no-break space.
fn is_foreign_blank(c: char) -> bool {
    (c.is_whitespace() && !c.is_ascii()) || matches!(c, '\u{FEFF}' | '\u{200B}' | '\x0B' | '\x0C')
}

fn is_meaningless(c: char) -> bool {
    punctuation(c).is_none()
        && !is_word_start(c)
        && !c.is_ascii_digit()
        && !c.is_whitespace()
        && !is_foreign_blank(c)
        && !matches!(
            c,
            '"' | '\'' | '“' | '”' | '‘' | '’' | '-' | '+' | '/' | '#'
        )
}
