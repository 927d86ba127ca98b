//! Text to tokens.
//!
//! Enters: a text and where it stands in the whole. Leaves: tokens that end with `End`, and
//! errors. After `upstream.` and `stages.` a word is the longest run of `[A-Za-z0-9_-]`.

use super::{
    condition,
    error::{SyntaxError, SyntaxErrorKind},
    literal, number,
    token::{KEYWORDS, OPERATORS, Token, TokenKind},
};
use crate::ast::Span;

/// A text to parse, and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    /// The text.
    pub(super) text: &'a str,
    /// Added to every span: the text's offset in what the caller gave.
    pub(super) base: usize,
    /// Whether `{{…}}` parts may stand in it (condition fields).
    pub(super) parts: bool,
    /// How deep in brackets, f-strings and parts this text stands.
    pub(super) depth: usize,
}

impl Source<'_> {
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        let place = |at: usize| u32::try_from(self.base + at).unwrap_or(u32::MAX);
        Span {
            start: place(start),
            end: place(end),
        }
    }
}

pub(super) struct Lexer<'a> {
    pub(super) source: Source<'a>,
    pub(super) at: usize,
    tokens: Vec<Token>,
    pub(super) errors: Vec<SyntaxError>,
}

/// Reads every token of a text.
pub(super) fn lex(source: Source<'_>) -> (Vec<Token>, Vec<SyntaxError>) {
    let mut lexer = Lexer {
        source,
        at: 0,
        tokens: Vec::new(),
        errors: Vec::new(),
    };
    while let Some(character) = lexer.peek() {
        lexer.token(character);
    }
    lexer.push(TokenKind::End, lexer.at);
    (lexer.tokens, lexer.errors)
}

impl<'a> Lexer<'a> {
    /// Reads the tokens of an f-string's replacement field, up to the `}`, `:`, `!` or `=` that
    /// ends its expression, or to the end of the text.
    pub(super) fn field_tokens(&mut self) -> Vec<Token> {
        let outside = std::mem::take(&mut self.tokens);
        let mut open: Vec<&str> = Vec::new();
        while let Some(character) = self.peek() {
            let ends = match character {
                '}' => open.last() != Some(&"{"),
                ':' => open.is_empty(),
                '!' => open.is_empty() && !self.rest().starts_with("!="),
                '=' => open.is_empty() && self.shows_itself(),
                _ => false,
            };
            if ends {
                break;
            }
            let before = self.tokens.len();
            self.token(character);
            match self.tokens.get(before).map(|token| &token.kind) {
                Some(TokenKind::Operator(bracket @ ("(" | "[" | "{"))) => open.push(bracket),
                Some(TokenKind::Operator(")" | "]" | "}")) => {
                    open.pop();
                }
                _ => {}
            }
        }
        self.push(TokenKind::End, self.at);
        std::mem::replace(&mut self.tokens, outside)
    }

    /// Whether a `=` is that of `{x=}`, not of `{x==y}` or of a mistaken `{x=y}`.
    fn shows_itself(&self) -> bool {
        let after = self.rest().get(1..).unwrap_or_default().trim_start();
        after.starts_with(['}', ':']) || after.starts_with('!') && !after.starts_with("!=")
    }

    pub(super) fn rest(&self) -> &'a str {
        self.source.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn error(&mut self, kind: SyntaxErrorKind, start: usize, end: usize) {
        let span = self.source.span(start, end);
        self.errors.push(SyntaxError { kind, span });
    }

    fn push(&mut self, kind: TokenKind, start: usize) {
        let span = self.source.span(start, self.at);
        self.tokens.push(Token { kind, span });
    }

    fn token(&mut self, character: char) {
        let start = self.at;
        if character.is_whitespace() {
            self.at += character.len_utf8();
        } else if self.source.parts && self.rest().starts_with("{{") {
            let kind = condition::part(self);
            self.push(kind, start);
        } else if self.after_stages() {
            self.stage_id(start);
        } else if character.is_ascii_digit() || self.starts_with_point() {
            let kind = number::number(self);
            self.push(kind, start);
        } else if literal::starts(self.rest()) {
            let kind = literal::literal(self);
            self.push(kind, start);
        } else if character.is_alphabetic() || character == '_' {
            self.word(start);
        } else {
            self.operator(start, character);
        }
    }

    /// `.5` is a number only where a value can start.
    fn starts_with_point(&self) -> bool {
        let mut next = self.rest().chars();
        next.next() == Some('.')
            && next.next().is_some_and(|digit| digit.is_ascii_digit())
            && !self.after_value()
    }

    fn after_value(&self) -> bool {
        self.tokens.last().is_some_and(|token| match token.kind {
            TokenKind::Operator(operator) => matches!(operator, ")" | "]" | "}"),
            TokenKind::Keyword(_) => false,
            _ => true,
        })
    }

    /// Whether the next word is a stage's id: after `upstream.` that is itself no member.
    fn after_stages(&self) -> bool {
        let [before @ .., name, dot] = self.tokens.as_slice() else {
            return false;
        };
        let root =
            matches!(&name.kind, TokenKind::Name(name) if name == "upstream" || name == "stages");
        let adjacent =
            usize::try_from(dot.span.end).is_ok_and(|end| end == self.source.base + self.at);
        root && dot.is(".") && adjacent && !before.last().is_some_and(|token| token.is("."))
    }

    fn stage_id(&mut self, start: usize) {
        let is_id =
            |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-');
        let length = self
            .rest()
            .find(|character| !is_id(character))
            .unwrap_or(self.rest().len());
        if length == 0 {
            let character = self.peek().unwrap_or(' ');
            self.operator(start, character);
            return;
        }
        let word = self.rest().get(..length).unwrap_or_default().to_owned();
        self.at += length;
        self.push(TokenKind::Name(word), start);
    }

    fn word(&mut self, start: usize) {
        let is_word = |character: char| character.is_alphanumeric() || character == '_';
        let length = self
            .rest()
            .find(|character| !is_word(character))
            .unwrap_or(self.rest().len());
        let word = self.rest().get(..length).unwrap_or_default();
        self.at += length;
        let member = self.tokens.last().is_some_and(|token| token.is("."));
        let keyword = KEYWORDS.iter().find(|keyword| **keyword == word && !member);
        let kind = match keyword {
            Some(keyword) => TokenKind::Keyword(keyword),
            None => TokenKind::Name(word.to_owned()),
        };
        self.push(kind, start);
    }

    fn operator(&mut self, start: usize, character: char) {
        let found = OPERATORS
            .iter()
            .find(|operator| self.rest().starts_with(**operator));
        // `a <- 1`, `x--1`: doubled signs are two operators in Python.
        let found = match found {
            Some(&"++") => Some(&"+"),
            Some(&"--") => Some(&"-"),
            other => other,
        };
        match found {
            Some(operator) => {
                self.at += operator.len();
                self.push(TokenKind::Operator(operator), start);
            }
            None => {
                self.at += character.len_utf8();
                let found = character.to_string();
                self.error(
                    SyntaxErrorKind::Unexpected {
                        found,
                        expected: vec!["an expression"],
                    },
                    start,
                    self.at,
                );
                self.push(TokenKind::Error, start);
            }
        }
    }
}
