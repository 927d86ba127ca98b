//! `{{…}}` parts of condition fields.
//!
//! Enters: a cursor at `{{`, or at the end of a part. Leaves: the part as an expression between
//! `PartStart` and `PartEnd`, so that its value cannot change how the condition around it is read.
//! Must not know the grammar.

use super::{
    cursor::{Cursor, Mode, Part},
    error::SyntaxErrorKind,
    token::TokenKind,
};

/// Opens a part. Up to its end, the cursor reads code.
pub(super) fn open(cursor: &mut Cursor<'_>) {
    let start = cursor.at;
    let inner = start + 2;
    let (end, after) = match cursor.ends.find(inner) {
        Some(end) => (end, end + 2),
        None => {
            cursor.error(SyntaxErrorKind::UnclosedPart, start, inner);
            (cursor.text.len(), cursor.text.len())
        }
    };
    let opening = cursor.tokens.len();
    let errors = cursor.errors.len();
    cursor.at = after;
    cursor.push(TokenKind::PartStart, start);
    cursor.at = inner;
    let outer_end = std::mem::replace(&mut cursor.end, end);
    cursor.parts = false;
    cursor.modes.push(Mode::Part(Part {
        opening,
        start: inner,
        errors,
        after,
        outer_end,
    }));
}

/// Ends a part. The cursor is at the end of its expression.
pub(super) fn close(cursor: &mut Cursor<'_>, part: &Part) {
    if cursor.tokens.len() == part.opening + 1 {
        let start = cursor.tokens.last().map_or(0, |token| token.span.start);
        let start = usize::try_from(start).unwrap_or(0) + 2;
        cursor.error(SyntaxErrorKind::Empty, start, cursor.at);
        cursor.push(TokenKind::Error, start);
    }
    cursor.push(TokenKind::PartEnd, cursor.at);
    let unclosed = part.after == cursor.at;
    cursor.at = part.after;
    cursor.end = part.outer_end;
    cursor.parts = true;
    if unclosed {
        // Nobody knows where the part should have ended, so the errors inside it are noise.
        cursor.errors.truncate(part.errors);
        cursor.swallowed(part.start);
    }
}
