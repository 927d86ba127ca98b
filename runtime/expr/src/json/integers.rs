//! Integers that `serde_json` reads as floats: those that do not fit 64 bits, and `-0`.
//!
//! Enters: JSON text. Leaves: the first integer that does not fit 64 bits, as an error with line and
//! column; text in which `-0` is `0`, as CPython reads it. Must not know values.

use std::borrow::Cow;

/// How many digits of the integer the message shows.
const SHOWN: usize = 40;

pub(super) fn too_wide(digits: &str) -> String {
    let shown: String = digits.chars().take(SHOWN).collect();
    let more = if shown.len() < digits.len() {
        "…"
    } else {
        ""
    };
    format!("the integer `{shown}{more}` does not fit 64 bits")
}

/// The text with ` 0` for each integer `-0`, and the error for the first integer that does not fit
/// 64 bits; the error counts only if the text is valid JSON. `serde_json` would make the floats
/// `-0.0`, which prints differently, and one with fewer digits. `-0.0` and `-0e1` are floats for
/// CPython too.
pub(super) fn prepared(text: &[u8]) -> (Cow<'_, [u8]>, Option<String>) {
    let mut changed = Cow::Borrowed(text);
    let mut wide = None;
    for (at, number) in numbers(text) {
        if number == b"-0"
            && let Some(sign) = changed.to_mut().get_mut(at)
        {
            *sign = b' ';
        }
        if wide.is_none() {
            wide = wide_integer(text, at, number);
        }
    }
    (changed, wide)
}

/// The error for a number at an offset, if it is an integer that does not fit.
fn wide_integer(text: &[u8], at: usize, number: &[u8]) -> Option<String> {
    let number = str::from_utf8(number).ok()?;
    if !is_wide(number) {
        return None;
    }
    let before = text.get(..at).unwrap_or_default();
    let line = before.split(|byte| *byte == b'\n').count();
    let own = before.iter().rev().take_while(|byte| **byte != b'\n');
    let column = own.count() + number.len();
    let what = too_wide(number);
    Some(format!("{what} at line {line} column {column}"))
}

/// The numbers outside strings, each with its offset.
fn numbers(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(&byte) = text.get(at) {
            let rest = text.get(at..).unwrap_or_default();
            let start = at;
            match byte {
                b'"' => at += string_length(rest),
                b'-' | b'0'..=b'9' => {
                    let length = number_length(rest);
                    at += length;
                    return Some((start, rest.get(..length)?));
                }
                _ => at += 1,
            }
        }
        None
    })
}

fn is_wide(number: &str) -> bool {
    // Every integer of up to 18 characters fits; this skips the parsing of nearly all numbers.
    number.len() > 18 && !number.contains(['.', 'e', 'E']) && number.parse::<i64>().is_err()
}

fn number_length(text: &[u8]) -> usize {
    let part = |byte: &&u8| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
    text.iter().take_while(part).count()
}

/// The length of a string in bytes, with both quotes.
fn string_length(text: &[u8]) -> usize {
    let mut escaped = false;
    let inner = text.iter().skip(1).take_while(|byte| {
        let ends = **byte == b'"' && !escaped;
        escaped = **byte == b'\\' && !escaped;
        !ends
    });
    inner.count() + 2
}
