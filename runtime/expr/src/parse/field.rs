//! Replacement fields of f-strings: `{expr}`, `{expr!r}`, `{expr:spec}`, `{expr=}`.
//!
//! Enters: a cursor at a brace of an f-string, at the end of a field's expression, or in a format
//! specification. Leaves: the tokens around the expression. The expression is read as code, so
//! quotes, brackets and f-strings can be nested in it as in CPython (PEP 701). Must not know the
//! grammar.

use std::borrow::Cow;

use super::{
    cursor::{Buffer, Cursor, Field, Mode, Style},
    error::SyntaxErrorKind,
    escape::escape,
    token::{FieldEnd, Operator, TokenKind},
};

/// Opens a field. The cursor is at its `{`.
pub(super) fn open(cursor: &mut Cursor<'_>, style: Style) {
    let start = cursor.at;
    cursor.at += 1;
    cursor.push(TokenKind::FieldStart, start);
    cursor.modes.push(Mode::Field(Field {
        style,
        start: cursor.at,
        tokens: cursor.tokens.len(),
        errors: cursor.errors.len(),
        brackets: Vec::new(),
    }));
}

impl Field {
    /// Whether the expression of the field ends before this character, which is the first of
    /// `rest`.
    pub(super) fn ends_at(&self, character: char, rest: &str) -> bool {
        let outside = self.brackets.is_empty();
        match character {
            '}' => self.brackets.last() != Some(&Operator::OpenCurly),
            ':' => outside,
            '!' => outside && !rest.starts_with("!="),
            '=' => outside && shows_itself(rest),
            _ => false,
        }
    }

    /// Keeps track of the brackets that are open in the field.
    pub(super) fn track(&mut self, operator: Operator) {
        if operator.opens() {
            self.brackets.push(operator);
        } else if operator.closes() {
            self.brackets.pop();
        }
    }
}

/// Whether a `=` belongs to `{x=}`, and not to `{x==y}` or to the mistake `{x=y}`.
fn shows_itself(rest: &str) -> bool {
    let after = rest.get(1..).unwrap_or_default().trim_start();
    after.starts_with(['}', ':']) || after.starts_with('!') && !after.starts_with("!=")
}

/// Ends the expression of a field, and reads everything up to its `}`.
pub(super) fn close(cursor: &mut Cursor<'_>, field: Field) {
    let at = cursor.at;
    if cursor.tokens.len() == field.tokens {
        cursor.error(SyntaxErrorKind::Empty, field.start, at);
        cursor.push(TokenKind::Error, field.start);
    }
    let behind = cursor.tokens.len();
    cursor.push(TokenKind::End, at);
    let shown = equals_sign(cursor).then(|| cursor.slice(field.start, cursor.at));
    let conversion = conversion(cursor);
    let spec = cursor.peek() == Some(':');
    // `{x=}` shows `repr(x)`, unless a specification or a conversion is given.
    let representation = (shown.is_some() && !spec).then_some('r');
    let conversion = conversion.or(representation);
    if let Some(token) = cursor.tokens.get_mut(behind) {
        token.kind = TokenKind::FieldEnd(FieldEnd {
            shown,
            conversion,
            spec,
        });
    }
    if spec {
        cursor.at += 1;
        let buffer = Buffer {
            text: String::new(),
            start: cursor.at,
        };
        cursor.modes.push(Mode::Spec(field, buffer));
    } else if cursor.peek() == Some('}') {
        cursor.at += 1;
    } else {
        unclosed(cursor, &field);
    }
}

/// Reports that a field has no `}`.
fn unclosed(cursor: &mut Cursor<'_>, field: &Field) {
    // The missing `}` made other errors in the field, such as quotes that did not close. They are
    // noise.
    cursor.errors.truncate(field.errors);
    let kind = SyntaxErrorKind::Unexpected {
        found: String::new(),
        expected: vec!["`}`"],
    };
    cursor.error(kind, field.start - 1, field.start);
    cursor.swallowed(field.start);
}

/// Reads the `=` of `{x=}`, and the white space after it.
fn equals_sign(cursor: &mut Cursor<'_>) -> bool {
    let Some(rest) = cursor.rest().strip_prefix('=') else {
        return false;
    };
    let blanks = rest.len() - rest.trim_start().len();
    cursor.at += 1 + blanks;
    true
}

/// Reads a conversion like `!r`.
fn conversion(cursor: &mut Cursor<'_>) -> Option<char> {
    let rest = cursor.rest().strip_prefix('!')?;
    let start = cursor.at + 1;
    let length = rest.find(['}', ':', '\'', '"']).unwrap_or(rest.len());
    let written = rest.get(..length).unwrap_or_default().trim_end();
    cursor.at = start + length;
    let found = ['r', 's', 'a']
        .into_iter()
        .find(|known| written.strip_prefix(*known) == Some(""));
    if found.is_none() {
        let kind = SyntaxErrorKind::Unexpected {
            found: written.chars().take(40).collect(),
            expected: vec!["`a`", "`r`", "`s`"],
        };
        cursor.error(kind, start, start + written.len());
    }
    found
}

/// Reads more of a format specification, up to a field in it or to the `}` of its own field. It is
/// read like the text of an f-string.
pub(super) fn specification(cursor: &mut Cursor<'_>, field: Field, mut buffer: Buffer) {
    let style = field.style;
    loop {
        let rest = cursor.rest();
        let special = |c: char| matches!(c, '\\' | '{' | '}') || c == style.quote;
        let ordinary = rest.find(special).unwrap_or(rest.len());
        let (text, behind) = rest.split_at(ordinary);
        buffer.text.push_str(text);
        cursor.at += ordinary;
        match behind.chars().next() {
            Some('{') => {
                flush(cursor, &mut buffer);
                cursor.modes.push(Mode::Spec(field, buffer));
                return open(cursor, style);
            }
            Some('\\') if !style.raw => escape(cursor, &mut buffer),
            Some(character) if character != '}' && !style.closes(behind) => {
                buffer.text.push(character);
                cursor.at += character.len_utf8();
            }
            ending => {
                flush(cursor, &mut buffer);
                let start = cursor.at;
                cursor.at += usize::from(ending == Some('}'));
                cursor.push(TokenKind::SpecEnd, start);
                if ending != Some('}') {
                    unclosed(cursor, &field);
                }
                return;
            }
        }
    }
}

fn flush(cursor: &mut Cursor<'_>, buffer: &mut Buffer) {
    let text = std::mem::take(&mut buffer.text);
    if !text.is_empty() {
        cursor.push(TokenKind::Text(Cow::Owned(text)), buffer.start);
    }
    buffer.start = cursor.at;
}
