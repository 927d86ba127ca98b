//! Number literals.
//!
//! Enters: a cursor at a digit, or at a point before a digit. Leaves: an integer that fits 64 bits,
//! or a finite float; or an error. Must not know the grammar.

use super::{cursor::Cursor, error::SyntaxErrorKind, token::TokenKind};

/// Reads a number.
pub(super) fn number<'a>(cursor: &mut Cursor<'a>) -> TokenKind<'a> {
    let start = cursor.at;
    let text = cursor.rest();
    let length = length(text);
    let text = text.get(..length).unwrap_or_default();
    cursor.at += length;
    match read(text) {
        Ok(kind) => kind,
        Err(why) => {
            cursor.error(why, start, start + length);
            TokenKind::Error
        }
    }
}

/// The length of all characters that could belong to a number, so that one bad number is one error:
/// `1x2` is not a number and a name.
fn length(text: &str) -> usize {
    let mut before = '0';
    let based = text
        .get(..2)
        .is_some_and(|start| matches!(start, "0x" | "0X" | "0o" | "0O" | "0b" | "0B"));
    for (at, character) in text.char_indices() {
        let exponent_sign = matches!(character, '+' | '-') && matches!(before, 'e' | 'E') && !based;
        let point = character == '.' && !based;
        if !(character.is_alphanumeric() || character == '_' || point || exponent_sign) {
            return at;
        }
        before = character;
    }
    text.len()
}

/// The message about integers that do not fit.
pub(super) const TOO_LARGE: &str = "integer does not fit 64 bits";

fn integer<'a>(digits: &str, radix: u32) -> Option<TokenKind<'a>> {
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    match i64::try_from(magnitude) {
        Ok(number) => Some(TokenKind::Int(number)),
        Err(_) if magnitude == i64::MIN.unsigned_abs() => Some(TokenKind::IntBeyond),
        Err(_) => None,
    }
}

fn read<'a>(text: &str) -> Result<TokenKind<'a>, SyntaxErrorKind> {
    let bad = |why| SyntaxErrorKind::BadNumber(why);
    let lower = text.to_lowercase();
    let digits = lower.replace('_', "");
    if lower.ends_with('_') || lower.contains("__") || lower.contains("_.") || lower.contains("._")
    {
        return Err(bad("`_` in a number must be between two digits"));
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = digits.strip_prefix(prefix) {
            if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
                return Err(bad("number with digits its base does not have"));
            }
            return integer(digits, radix).ok_or(bad(TOO_LARGE));
        }
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        if digits.len() > 1 && digits.starts_with('0') && !digits.trim_start_matches('0').is_empty()
        {
            return Err(bad("integer with a leading zero"));
        }
        return integer(&digits, 10).ok_or(bad(TOO_LARGE));
    }
    if let Some(number) = digits.strip_suffix('j')
        && number.parse::<f64>().is_ok()
    {
        return Err(SyntaxErrorKind::Unsupported {
            what: "complex numbers",
            instead: "",
        });
    }
    let plain = digits
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'+' | b'-'));
    match digits.parse::<f64>() {
        Ok(number) if plain && number.is_finite() => Ok(TokenKind::Float(number)),
        Ok(_) if plain => Err(bad("number too large for a float")),
        _ => Err(bad("not a number")),
    }
}
