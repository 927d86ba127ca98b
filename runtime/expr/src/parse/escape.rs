//! Escapes of string literals.
//!
//! Enters: a cursor at a backslash. Leaves: the character that the escape stands for, added to the
//! text so far; or an error, and the escape as it is written. Must not know literals.

use super::{
    cursor::{Buffer, Cursor},
    error::SyntaxErrorKind,
};

/// Reads one escape.
pub(super) fn escape(cursor: &mut Cursor<'_>, buffer: &mut Buffer) {
    let start = cursor.at;
    let rest = cursor.rest().get(1..).unwrap_or_default();
    let Some(character) = rest.chars().next() else {
        cursor.at += 1;
        return;
    };
    let simple = match character {
        // A backslash at the end of a line joins the lines.
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
        buffer.text.push_str(text);
        cursor.at += 2;
        return;
    }
    let (length, decoded) = coded(rest, character);
    cursor.at += 1 + length;
    if let Some(decoded) = decoded {
        buffer.text.push(decoded);
    } else {
        let text = cursor.slice(start, cursor.at);
        buffer.text.push_str(text);
        cursor.error(
            SyntaxErrorKind::UnknownEscape(text.to_owned()),
            start,
            cursor.at,
        );
    }
}

/// Reads `xhh`, `uhhhh`, `Uhhhhhhhh` or octal digits: returns how many bytes long it is, and the
/// character. `None` when the escape is unknown or has too few digits.
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
