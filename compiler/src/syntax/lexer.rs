//! JSON text to tokens.
//!
//! Enters: a text. Leaves: tokens that cover all of it but blanks and comments, the last of
//! them [`TokenKind::End`]. Reports what is wrong inside a token's own text; what a word or a
//! number means is for the parser, which knows whether it stands for a key.

use std::ops::Range;

use super::{quotes, string, tree::JsonString};
use crate::{
    diagnostics::{Code, Diagnostic},
    source::{FileId, Span},
};

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
    /// A string; not closed when it ran into the end of its line.
    String {
        string: JsonString,
        closed: bool,
    },
    Word,
    Number,
    /// Characters JSON has no use for.
    Unknown,
    End,
}

/// A token with its bytes.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) range: Range<usize>,
}

/// Tokens, and what was wrong inside them.
pub(super) struct Lexed {
    pub(super) tokens: Vec<Token>,
    pub(super) findings: Vec<Diagnostic>,
    /// The text ends inside a comment (reported), so that how it ends says nothing.
    pub(super) cut: bool,
}

/// The state of the lexer; [`string`] works on it too.
pub(super) struct Lexer<'a> {
    pub(super) file: FileId,
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) findings: Vec<Diagnostic>,
    /// Behind `{` or `,`, where a key may stand.
    at_key: bool,
    /// The text ends inside a comment.
    cut: bool,
}

/// Cuts a text into tokens.
pub(super) fn lex(file: FileId, text: &str) -> Lexed {
    let mut lexer = Lexer {
        file,
        text,
        at: 0,
        findings: Vec::new(),
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
        findings: lexer.findings,
        cut: lexer.cut,
    }
}

impl<'a> Lexer<'a> {
    /// The text from the current place on.
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next character.
    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The source span of a byte range of the text.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        span(self.file, &range)
    }

    pub(super) fn take_while(&mut self, mut accept: impl FnMut(char) -> bool) {
        let rest = self.rest();
        self.at += rest.find(|c| !accept(c)).unwrap_or(rest.len());
    }

    fn token(&mut self) -> Token {
        self.skip_blanks();
        let start = self.at;
        let kind = match self.peek() {
            None => TokenKind::End,
            Some('"') if self.at_key && quotes::is_key_without_end(self.rest()) => {
                quotes::key_without_end(self)
            }
            Some(quote @ ('"' | '\'')) => string::lex(self, quote),
            Some(quote @ ('“' | '”' | '‘' | '’')) => string::lex_typographic(self, quote),
            Some(c) => match punctuation(c) {
                Some(kind) => {
                    self.at += c.len_utf8();
                    kind
                }
                None => self.run(c),
            },
        };
        Token {
            kind,
            range: start..self.at,
        }
    }

    /// A word, a number, or characters without meaning.
    fn run(&mut self, first: char) -> TokenKind {
        let second = self.rest().chars().nth(1);
        let number = first.is_ascii_digit()
            || matches!(first, '-' | '+')
            || (first == '.' && second.is_some_and(|c| c.is_ascii_digit()));
        if number {
            self.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_'));
            TokenKind::Number
        } else if is_word_start(first) {
            let start = self.at;
            self.take_while(|c| is_word_start(c) || c.is_numeric() || matches!(c, '-' | '.'));
            if self.at_key && quotes::ends_key(self.rest()) {
                return quotes::key_without_start(self, start);
            }
            TokenKind::Word
        } else {
            self.at += first.len_utf8();
            self.take_while(is_meaningless);
            TokenKind::Unknown
        }
    }

    fn skip_blanks(&mut self) {
        loop {
            self.take_while(|c| matches!(c, ' ' | '\t' | '\r' | '\n'));
            let rest = self.rest();
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
        let start = self.at;
        self.at += length;
        let span = self.span(start..self.at);
        self.cut |= !closed;
        let found = if closed {
            // The words would be lost, so this is for people to decide.
            Diagnostic::new(Code::Comment, span, "JSON has no comments").fix(
                "remove the comment",
                false,
                span,
                "",
            )
        } else {
            let opening = self.span(start..start + 2);
            Diagnostic::new(Code::UnclosedBracket, opening, "`/*` is never closed")
                .help("JSON has no comments")
        };
        let found = found.help("put the words into `description` or `metadata`");
        self.findings.push(found);
    }

    fn foreign_blank(&mut self) {
        let start = self.at;
        let first = self.peek().unwrap_or(' ');
        self.take_while(is_foreign_blank);
        let span = self.span(start..self.at);
        let message = format!(
            "`U+{:04X}` is no blank in JSON, only space, tab and line ends are",
            u32::from(first)
        );
        self.findings
            .push(Diagnostic::new(Code::UnexpectedJson, span, message).fix(
                "replace with a space",
                true,
                span,
                " ",
            ));
    }
}

/// The span of a byte range of a file's text.
pub(super) fn span(file: FileId, range: &Range<usize>) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span {
        file,
        start: offset(range.start),
        end: offset(range.end),
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

/// Blanks of other alphabets and programs, which JSON does not have.
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
