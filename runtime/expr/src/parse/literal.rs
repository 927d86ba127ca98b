//! String literals: prefix, quotes, and the text between them.
//!
//! Enters: a cursor at a prefix or quote, or inside a literal. Leaves: one `Str`; or the pieces of
//! an f-string up to the next field or part, which `field` and `part` open. Must not know the
//! grammar.

use std::borrow::Cow;

use super::{
    cursor::{Buffer, Cursor, Literal, Mode, Style},
    error::SyntaxErrorKind,
    escape::escape,
    field, part,
    token::TokenKind,
};

/// Whether a string literal starts here, with or without a prefix.
pub(super) fn starts(text: &str) -> bool {
    prefix(text).is_some()
}

/// The length of the prefix and its letters, if a quote follows it.
fn prefix(text: &str) -> Option<(usize, [u8; 2])> {
    // No prefix is longer than two letters. Looking further would make lexing quadratic.
    let mut letters = [0; 2];
    for (at, byte) in text.bytes().take(3).enumerate() {
        if matches!(byte, b'\'' | b'"') {
            let known = [
                *b"\0\0", *b"r\0", *b"f\0", *b"b\0", *b"u\0", *b"fr", *b"rf", *b"br", *b"rb",
            ];
            return known.contains(&letters).then_some((at, letters));
        }
        *letters.get_mut(at)? = byte.to_ascii_lowercase();
    }
    None
}

/// Opens a literal. A plain one is read completely.
pub(super) fn open(cursor: &mut Cursor<'_>) {
    let start = cursor.at;
    let (length, letters) = prefix(cursor.rest()).unwrap_or_default();
    cursor.at += length;
    let quote = cursor.peek().unwrap_or('\'');
    let triple = cursor
        .rest()
        .chars()
        .take(3)
        .filter(|c| *c == quote)
        .count()
        == 3;
    cursor.at += if triple { 3 } else { 1 };
    let style = Style {
        quote,
        triple,
        raw: letters.contains(&b'r'),
        format: letters.contains(&b'f'),
    };
    if letters.contains(&b'b') {
        let what = "bytes literals";
        let instead = "leave out the `b`";
        cursor.error(
            SyntaxErrorKind::Unsupported { what, instead },
            start,
            start + length,
        );
    }
    if !style.format && !triple && plain(cursor, start, quote) {
        return;
    }
    let opening = style.format.then_some(cursor.tokens.len());
    if style.format {
        cursor.push(TokenKind::FStringStart, start);
    }
    cursor.modes.push(Mode::Literal(Literal {
        style,
        start,
        opening,
        buffer: Buffer {
            text: String::new(),
            start: cursor.at,
        },
        cut: false,
    }));
}

/// Reads a literal without escapes, parts or fields, as most are. Returns false, and reads nothing,
/// for any other.
fn plain(cursor: &mut Cursor<'_>, start: usize, quote: char) -> bool {
    let rest = cursor.rest();
    let parts = cursor.parts;
    let special = |c: char| c == quote || c == '\\' || c == '{' && parts;
    let Some(length) = rest.find(special) else {
        return false;
    };
    let (text, behind) = rest.split_at(length);
    if !behind.starts_with(quote) {
        return false;
    }
    cursor.at += length + 1;
    cursor.push(TokenKind::Str(Cow::Borrowed(text)), start);
    true
}

/// Reads more of a literal, up to its end or to a field or part in it.
pub(super) fn step(cursor: &mut Cursor<'_>, mut literal: Literal) {
    let style = literal.style;
    loop {
        let rest = cursor.rest();
        let special = |c: char| matches!(c, '\\' | '{' | '}') || c == style.quote;
        let ordinary = rest.find(special).unwrap_or(rest.len());
        let (text, behind) = rest.split_at(ordinary);
        literal.buffer.text.push_str(text);
        cursor.at += ordinary;
        let Some(character) = behind.chars().next() else {
            return cut(cursor, literal);
        };
        if style.closes(behind) {
            return end(cursor, &mut literal, style.width());
        }
        let brace = character == '{' || character == '}';
        if cursor.parts && behind.starts_with("{{") {
            flush(cursor, &mut literal);
            cursor.modes.push(Mode::Literal(literal));
            return part::open(cursor);
        } else if brace && style.format {
            let doubled = behind.chars().nth(1) == Some(character);
            if doubled {
                literal.buffer.text.push(character);
                cursor.at += 2;
            } else if character == '{' {
                flush(cursor, &mut literal);
                cursor.modes.push(Mode::Literal(literal));
                return field::open(cursor, style);
            } else {
                let start = cursor.at;
                cursor.at += 1;
                let kind = SyntaxErrorKind::Unexpected {
                    found: "}".to_owned(),
                    expected: vec!["`}}`"],
                };
                cursor.error(kind, start, cursor.at);
            }
        } else if character == '\\' && !style.raw {
            escape(cursor, &mut literal.buffer);
        } else {
            // A raw literal keeps the backslash and the character after it.
            let kept = if character == '\\' { 2 } else { 1 };
            let length = behind.chars().take(kept).map(char::len_utf8).sum();
            let text = behind.get(..length).unwrap_or_default();
            literal.buffer.text.push_str(text);
            cursor.at += length;
        }
    }
}

/// Makes a token of the text before a field, a part or the end. From then on the literal is an
/// f-string.
fn flush(cursor: &mut Cursor<'_>, literal: &mut Literal) {
    if literal.opening.is_none() {
        literal.opening = Some(cursor.tokens.len());
        cursor.push(TokenKind::FStringStart, literal.start);
    }
    let text = std::mem::take(&mut literal.buffer.text);
    if !text.is_empty() {
        cursor.push(TokenKind::Text(Cow::Owned(text)), literal.buffer.start);
    }
}

/// Ends a literal. `quotes` is the length of its closing quotes, which are next.
fn end(cursor: &mut Cursor<'_>, literal: &mut Literal, quotes: usize) {
    if literal.opening.is_some() {
        flush(cursor, literal);
    }
    let start = cursor.at;
    cursor.at += quotes;
    if let Some(opening) = literal.opening {
        cursor.push(TokenKind::FStringEnd, start);
        cursor.stretch(opening);
    } else {
        let text = std::mem::take(&mut literal.buffer.text);
        cursor.push(TokenKind::Str(Cow::Owned(text)), literal.start);
    }
}

/// Ends a literal that has no closing quotes, and reports that.
fn cut(cursor: &mut Cursor<'_>, mut literal: Literal) {
    end(cursor, &mut literal, 0);
    if !literal.cut {
        let opening = cursor.slice(literal.start, cursor.end);
        let quote = opening.find(literal.style.quote).unwrap_or(0);
        let end = literal.start + quote + 1;
        cursor.error(SyntaxErrorKind::UnterminatedString, literal.start, end);
        cursor.swallowed(cursor.at);
    }
}
