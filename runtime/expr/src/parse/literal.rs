//! String literals: escapes, prefixes, triple quotes, template parts inside them.
//!
//! Enters: a lexer at a quote or prefix. Leaves: decoded text, or the pieces of an f-string,
//! whose replacement fields `field` reads.

use super::{condition, error::SyntaxErrorKind, field, lexer::Lexer, token::TokenKind};
use crate::ast::FPart;

/// Whether a string literal starts here, with or without prefix.
pub(super) fn starts(text: &str) -> bool {
    prefix(text).is_some()
}

/// The prefix in lower case, if a quote follows it.
fn prefix(text: &str) -> Option<String> {
    // The longest prefix has two letters: looking further would make lexing quadratic.
    let mut prefix = String::new();
    for character in text.chars().take(3) {
        if matches!(character, '\'' | '"') {
            let known = ["", "r", "f", "b", "u", "fr", "rf", "br", "rb"];
            return known.contains(&prefix.as_str()).then_some(prefix);
        }
        prefix.push(character.to_ascii_lowercase());
    }
    None
}

/// How a literal is written.
pub(super) struct Style {
    pub(super) quote: char,
    pub(super) triple: bool,
    pub(super) raw: bool,
    pub(super) format: bool,
}

impl Style {
    /// The closing quotes.
    pub(super) fn close(&self) -> String {
        let width = if self.triple { 3 } else { 1 };
        self.quote.to_string().repeat(width)
    }
}

/// Reads a string literal.
pub(super) fn literal(lexer: &mut Lexer<'_>) -> TokenKind {
    let start = lexer.at;
    let prefix = prefix(lexer.rest()).unwrap_or_default();
    lexer.at += prefix.len();
    let quote = lexer.peek().unwrap_or('\'');
    let triple = lexer.rest().starts_with(&quote.to_string().repeat(3));
    lexer.at += if triple { 3 } else { 1 };
    let style = Style {
        quote,
        triple,
        raw: prefix.contains('r'),
        format: prefix.contains('f'),
    };
    if prefix.contains('b') {
        let what = "bytes literals";
        lexer.error(
            SyntaxErrorKind::Unsupported {
                what,
                instead: "leave out the `b`",
            },
            start,
            start + prefix.len(),
        );
    }
    let mut parts = Vec::new();
    if !body(lexer, &style, &mut parts) {
        let end = (start + prefix.len() + 1).min(lexer.at);
        lexer.error(SyntaxErrorKind::UnterminatedString, start, end);
    }
    if style.format || parts.iter().any(|part| matches!(part, FPart::Expr { .. })) {
        return TokenKind::FString(parts);
    }
    let text = parts.into_iter().map(|part| match part {
        FPart::Text(text) => text,
        FPart::Expr { .. } => String::new(),
    });
    TokenKind::Str(text.collect())
}

/// Appends to the last text piece.
pub(super) fn push(parts: &mut Vec<FPart>, text: &str) {
    if let Some(FPart::Text(last)) = parts.last_mut() {
        last.push_str(text);
    } else {
        parts.push(FPart::Text(text.to_owned()));
    }
}

/// Reads up to the closing quote; false where there is none and nothing has said so.
fn body(lexer: &mut Lexer<'_>, style: &Style, parts: &mut Vec<FPart>) -> bool {
    let close = style.close();
    loop {
        let Some(character) = lexer.peek() else {
            return false;
        };
        if lexer.rest().starts_with(&close) {
            lexer.at += close.len();
            return true;
        }
        if lexer.source.parts && lexer.rest().starts_with("{{") {
            let expr = condition::expression(lexer);
            parts.push(FPart::Expr {
                expr,
                conversion: None,
                spec: Vec::new(),
            });
        } else if style.format && (character == '{' || character == '}') {
            if !field::brace(lexer, style, character, parts) {
                return true;
            }
        } else if character == '\\' && !style.raw {
            escape(lexer, parts);
        } else if character == '\\' {
            // A raw literal keeps the backslash and whatever it stands before.
            let length = lexer
                .rest()
                .chars()
                .take(2)
                .map(char::len_utf8)
                .sum::<usize>();
            push(parts, lexer.rest().get(..length).unwrap_or("\\"));
            lexer.at += length;
        } else {
            push(parts, character.encode_utf8(&mut [0; 4]));
            lexer.at += character.len_utf8();
        }
    }
}

/// Reads an escape.
pub(super) fn escape(lexer: &mut Lexer<'_>, parts: &mut Vec<FPart>) {
    let start = lexer.at;
    let rest = lexer.rest().get(1..).unwrap_or_default();
    let Some(character) = rest.chars().next() else {
        lexer.at += 1;
        return;
    };
    let simple = match character {
        '\n' => Some(""),
        '\\' => Some("\\"),
        '\'' => Some("'"),
        '"' => Some("\""),
        'a' => Some("\u{7}"),
        'b' => Some("\u{8}"),
        'f' => Some("\u{c}"),
        'n' => Some("\n"),
        'r' => Some("\r"),
        't' => Some("\t"),
        'v' => Some("\u{b}"),
        _ => None,
    };
    if let Some(text) = simple {
        push(parts, text);
        lexer.at += 2;
        return;
    }
    let (length, decoded) = coded(rest, character);
    lexer.at += 1 + length;
    if let Some(decoded) = decoded {
        push(parts, decoded.encode_utf8(&mut [0; 4]));
    } else {
        let text = lexer.source.text.get(start..lexer.at).unwrap_or_default();
        push(parts, text);
        lexer.error(
            SyntaxErrorKind::UnknownEscape(text.to_owned()),
            start,
            lexer.at,
        );
    }
}

/// `xhh`, `uhhhh`, `Uhhhhhhhh` and octal: how long, and which character.
fn coded(rest: &str, kind: char) -> (usize, Option<char>) {
    let width = match kind {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        '0'..='7' => {
            let length = rest
                .bytes()
                .take(3)
                .take_while(|byte| matches!(byte, b'0'..=b'7'))
                .count();
            let code = rest
                .get(..length)
                .and_then(|digits| u32::from_str_radix(digits, 8).ok());
            return (length, code.and_then(char::from_u32));
        }
        other => return (other.len_utf8(), None),
    };
    let digits = rest
        .bytes()
        .skip(1)
        .take(width)
        .take_while(u8::is_ascii_hexdigit)
        .count();
    let code = (digits == width)
        .then(|| rest.get(1..=width))
        .flatten()
        .and_then(|digits| u32::from_str_radix(digits, 16).ok());
    (1 + digits, code.and_then(char::from_u32))
}
