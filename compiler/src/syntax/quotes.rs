//! Keys that lack one of their quotes.
//!
//! Enters: a lexer where a key may stand. Leaves: the key, as if it had both quotes, and a
//! finding; what follows is read as it was meant, not as the quotes that are left pair up.

use super::{
    lexer::{Lexer, TokenKind},
    string,
};
use crate::diagnostics::{Code, Diagnostic};

fn is_key(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '$')
}

/// Whether a quote and a colon follow: `":` ends a key.
pub(super) fn ends_key(rest: &str) -> bool {
    let behind = rest.strip_prefix('"');
    behind.is_some_and(|behind| behind.trim_start_matches([' ', '\t']).starts_with(':'))
}

/// `key":`, the lexer behind the word.
pub(super) fn key_without_start(lexer: &mut Lexer<'_>, start: usize) -> TokenKind {
    let range = start..lexer.at;
    let place = lexer.span(range.clone());
    let before = lexer.span(start..start);
    let word = lexer.text.get(range).unwrap_or_default();
    let string = string::bare(word, place);
    lexer.at += 1;
    lexer.findings.push(
        Diagnostic::new(
            Code::UnquotedKey,
            place,
            "the key has no quote at its start",
        )
        .fix("insert `\"`", true, before, "\""),
    );
    TokenKind::String {
        string,
        closed: true,
    }
}

/// `"key:"value`: the quote that seems to end the key begins the value.
pub(super) fn is_key_without_end(rest: &str) -> bool {
    let inside = rest.get(1..).unwrap_or_default();
    let value = inside.trim_start_matches(is_key);
    let quote = value.strip_prefix(':').map(str::trim_start);
    let value = quote.and_then(|quote| quote.strip_prefix('"'));
    let mut next = value.unwrap_or_default().chars();
    let begins = |c: char| !c.is_whitespace() && !matches!(c, ',' | ':' | ']' | '}' | '"');
    next.next().is_some_and(begins) && inside.starts_with(is_key)
}

/// Reads such a key; the lexer stands at its quote.
pub(super) fn key_without_end(lexer: &mut Lexer<'_>) -> TokenKind {
    let start = lexer.at + 1;
    lexer.at = start;
    lexer.take_while(is_key);
    let range = start..lexer.at;
    let place = lexer.span(range.clone());
    let end = lexer.span(lexer.at..lexer.at);
    let word = lexer.text.get(range).unwrap_or_default();
    let string = string::bare(word, place);
    lexer.findings.push(
        Diagnostic::new(
            Code::UnterminatedString,
            place,
            "the key has no quote at its end",
        )
        .fix("insert `\"`", false, end, "\""),
    );
    TokenKind::String {
        string,
        closed: true,
    }
}
