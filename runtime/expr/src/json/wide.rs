//! Integers that do not fit 64 bits.
//!
//! Enters: text that is valid JSON. Leaves: the first integer in it that does not fit 64 bits, as
//! an error with line and column. Must not know values: `serde_json` turns such an integer into a
//! float before a value is made.

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

/// The error for the first integer that does not fit 64 bits, in text that is valid JSON.
/// `serde_json` would turn it into a float and lose digits.
pub(super) fn wide_integer(text: &[u8]) -> Option<String> {
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let rest = text.get(at..).unwrap_or_default();
        let length = match byte {
            b'"' => string_length(rest),
            b'-' | b'0'..=b'9' => number_length(rest),
            _ => 1,
        };
        let number = rest.get(..length).filter(|_| byte != b'"');
        let number = number.and_then(|number| str::from_utf8(number).ok());
        if let Some(number) = number.filter(|number| is_wide(number)) {
            let before = text.get(..at).unwrap_or_default();
            let line = before.split(|byte| *byte == b'\n').count();
            let column = before
                .iter()
                .rev()
                .take_while(|byte| **byte != b'\n')
                .count()
                + length;
            return Some(format!(
                "{} at line {line} column {column}",
                too_wide(number)
            ));
        }
        at += length;
    }
    None
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
