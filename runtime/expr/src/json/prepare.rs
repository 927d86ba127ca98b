//! What `serde_json` reads otherwise than CPython: integers that do not fit 64 bits, `-0`, and
//! halves of surrogate pairs.
//!
//! Enters: JSON text. Leaves: text in which a wide integer is quoted, so that all of its digits are
//! kept, `-0` is `0`, and half a surrogate pair is U+FFFD. What is not JSON stays so. Must not know
//! values.

use std::borrow::Cow;

use crate::{cx::Cx, error::EvalError};

/// The changed text, and where the wide integers are in the text as it was.
pub(super) struct Prepared<'t> {
    pub(super) text: Cow<'t, [u8]>,
    /// The offset of the first wide integer.
    pub(super) wide: Option<usize>,
    /// How many there are.
    pub(super) count: usize,
}

impl Prepared<'_> {
    /// Gives back the room for the changed text.
    pub(super) fn release(&self, cx: Option<&Cx>) {
        if let (Some(cx), Cow::Owned(text)) = (cx, &self.text) {
            cx.release(text.capacity() as u64);
        }
    }
}

/// Prepares a text.
///
/// # Errors
/// A limit error when there is no room for a changed text.
pub(super) fn prepared<'t>(cx: Option<&Cx>, text: &'t [u8]) -> Result<Prepared<'t>, EvalError> {
    let mut changes = Changes {
        text,
        out: Vec::new(),
        copied: 0,
    };
    let mut wide = None;
    let mut count = 0;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let rest = text.get(at..).unwrap_or_default();
        match byte {
            b'"' => at += string(rest, at, &mut changes),
            b'-' | b'0'..=b'9' => {
                let length = number_length(rest);
                let (number, behind) = rest.split_at_checked(length).unwrap_or((rest, &[]));
                if number == b"-0" {
                    changes.replace(at, b" 0", 2);
                } else if is_wide(number) && !is_key(behind) {
                    changes.quote(at, number);
                    wide.get_or_insert(at);
                    count += 1;
                }
                at += length;
            }
            _ => at += 1,
        }
    }
    let prepared = Prepared {
        text: changes.finish(),
        wide,
        count,
    };
    if let (Some(cx), Cow::Owned(text)) = (cx, &prepared.text) {
        cx.reserve(text.capacity() as u64)?;
    }
    Ok(prepared)
}

/// A text while it is changed. Nothing is copied before the first change.
struct Changes<'t> {
    text: &'t [u8],
    out: Vec<u8>,
    /// How much of `text` has been copied, or replaced.
    copied: usize,
}

impl<'t> Changes<'t> {
    fn replace(&mut self, at: usize, with: &[u8], length: usize) {
        let before = self.text.get(self.copied..at).unwrap_or_default();
        if self.out.is_empty() {
            // Two quotes are put around at least 19 digits.
            self.out
                .reserve_exact(self.text.len() + self.text.len() / 9 + 64);
        }
        self.out.extend_from_slice(before);
        self.out.extend_from_slice(with);
        self.copied = at + length;
    }

    fn quote(&mut self, at: usize, number: &[u8]) {
        self.replace(at, b"\"", 0);
        self.replace(at + number.len(), b"\"", 0);
    }

    fn finish(mut self) -> Cow<'t, [u8]> {
        if self.out.is_empty() {
            return Cow::Borrowed(self.text);
        }
        self.replace(self.text.len(), b"", 0);
        Cow::Owned(self.out)
    }
}

/// Whether a number is an integer that does not fit 64 bits. One that JSON does not allow, like
/// `007`, is not: the reader refuses it.
fn is_wide(number: &[u8]) -> bool {
    // Every integer of up to 18 characters fits; this skips nearly all numbers.
    if number.len() <= 18 {
        return false;
    }
    let digits = number.strip_prefix(b"-").unwrap_or(number);
    digits.iter().all(u8::is_ascii_digit)
        && !digits.starts_with(b"0")
        && str::from_utf8(number).is_ok_and(|number| number.parse::<i64>().is_err())
}

/// Whether a colon follows: a number is no key, and quoting it must not make it one.
fn is_key(behind: &[u8]) -> bool {
    let next = behind.iter().find(|byte| !byte.is_ascii_whitespace());
    next == Some(&b':')
}

fn number_length(text: &[u8]) -> usize {
    let part = |byte: &&u8| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
    text.iter().take_while(part).count()
}

/// The length of a string in bytes, with both quotes. Its halves of surrogate pairs are replaced.
fn string(text: &[u8], start: usize, changes: &mut Changes<'_>) -> usize {
    let mut at = 1;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let Some(plain) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\')) else {
            return text.len();
        };
        at += plain;
        if text.get(at) == Some(&b'"') {
            return at + 1;
        }
        at += match surrogate(text, at) {
            Some(Half::First) if surrogate(text, at + 6) == Some(Half::Second) => 12,
            Some(_) => {
                changes.replace(start + at, b"\\ufffd", 6);
                6
            }
            None => 2,
        };
    }
}

#[derive(PartialEq)]
enum Half {
    First,
    Second,
}

/// Which half of a pair is escaped here, as in `\ud83d`.
fn surrogate(text: &[u8], at: usize) -> Option<Half> {
    let escape = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
    let [b'd' | b'D', second, third, fourth] = escape else {
        return None;
    };
    if !third.is_ascii_hexdigit() || !fourth.is_ascii_hexdigit() {
        return None;
    }
    match second {
        b'8' | b'9' | b'a' | b'b' | b'A' | b'B' => Some(Half::First),
        b'c'..=b'f' | b'C'..=b'F' => Some(Half::Second),
        _ => None,
    }
}
