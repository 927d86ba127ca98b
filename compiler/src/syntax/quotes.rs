//! Keys with one of their quotes missing.
//!
//! Enters: a cursor where a key may begin. Leaves: the key as if it had both quotes, and a finding.
//! Without this, the remaining quotes would pair up wrongly, and one mistake would cause many
//! findings. Must not know what keys mean.

use super::{cursor::Cursor, string, token::TokenKind};
use crate::diagnostics::{Code, Diagnostic};

fn is_key(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '$')
}

/// Whether the text starts with `":`, which is how a key ends.
pub(super) fn ends_key(rest: &str) -> bool {
    let behind = rest.strip_prefix('"');
    behind.is_some_and(|behind| behind.trim_start_matches([' ', '\t']).starts_with(':'))
}

/// Reads `key":`, whose opening quote is missing. The cursor is after the word.
pub(super) fn key_without_start(cursor: &mut Cursor<'_>, start: usize) -> TokenKind {
    let range = start..cursor.at;
    let place = cursor.span(range.clone());
    let before = cursor.span(start..start);
    let word = cursor.text.get(range).unwrap_or_default();
    let string = string::bare(word, place);
    cursor.at += 1;
    cursor.findings.push(
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

/// Whether the text looks like `"key:"value`: the quote that seems to end the key begins the value.
pub(super) fn is_key_without_end(rest: &str) -> bool {
    let inside = rest.get(1..).unwrap_or_default();
    let value = inside.trim_start_matches(is_key);
    let quote = value.strip_prefix(':').map(str::trim_start);
    let value = quote.and_then(|quote| quote.strip_prefix('"'));
    let mut next = value.unwrap_or_default().chars();
    let begins = |c: char| !c.is_whitespace() && !matches!(c, ',' | ':' | ']' | '}' | '"');
    next.next().is_some_and(begins) && inside.starts_with(is_key)
}

/// Reads a key whose closing quote is missing. The cursor is at its opening quote.
pub(super) fn key_without_end(cursor: &mut Cursor<'_>) -> TokenKind {
    let start = cursor.at + 1;
    cursor.at = start;
    cursor.take_while(is_key);
    let range = start..cursor.at;
    let place = cursor.span(range.clone());
    let end = cursor.span(cursor.at..cursor.at);
    let word = cursor.text.get(range).unwrap_or_default();
    let string = string::bare(word, place);
    cursor.findings.push(
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
