//! Where in a JSON text something is, as people write it: `.trace.spans[3].id`.
//!
//! Enters: JSON text without mistakes, and an offset. Leaves: the keys and positions that lead
//! there. Must not know values.

use std::fmt::Write as _;

/// How many characters of a key are shown.
const SHOWN: usize = 40;

/// What encloses the offset.
enum Around<'t> {
    /// The position in a list.
    List(usize),
    /// The key in an object; `None` before it is read.
    Object(Option<&'t [u8]>),
}

/// The way to an offset.
pub(super) fn place(text: &[u8], offset: usize) -> String {
    let text = text.get(..offset).unwrap_or(text);
    let mut around = Vec::new();
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let mut length = 1;
        match byte {
            b'[' => around.push(Around::List(0)),
            b'{' => around.push(Around::Object(None)),
            b']' | b'}' => {
                around.pop();
            }
            b',' => match around.last_mut() {
                Some(Around::List(position)) => *position += 1,
                Some(Around::Object(key)) => *key = None,
                None => {}
            },
            b'"' => {
                let string = quoted(text.get(at..).unwrap_or_default());
                length = string.len();
                if let Some(Around::Object(key @ None)) = around.last_mut() {
                    *key = Some(string);
                }
            }
            _ => {}
        }
        at += length;
    }
    let mut out = String::new();
    for around in around {
        match around {
            Around::List(position) => {
                let _ = write!(out, "[{position}]");
            }
            Around::Object(key) => push_key(&mut out, key.unwrap_or_default()),
        }
    }
    out
}

/// The string at the start of a text, with its quotes.
fn quoted(text: &[u8]) -> &[u8] {
    let mut escaped = false;
    let inner = text.iter().skip(1).take_while(|byte| {
        let ends = **byte == b'"' && !escaped;
        escaped = **byte == b'\\' && !escaped;
        !ends
    });
    let length = inner.count() + 2;
    text.get(..length).unwrap_or(text)
}

/// Writes a key as `.name`, or like `["a b"]` if it is no name.
fn push_key(out: &mut String, key: &[u8]) {
    let key = String::from_utf8_lossy(key);
    let name = key.trim_matches('"');
    let is_name = |name: &str| {
        let word = |character: char| character == '_' || character.is_ascii_alphanumeric();
        name.chars().all(word) && !name.is_empty() && !name.starts_with(|c: char| c.is_numeric())
    };
    if is_name(name) && name.len() <= SHOWN {
        out.push('.');
        out.push_str(name);
        return;
    }
    let shown: String = name.chars().take(SHOWN).collect();
    let more = if shown.len() < name.len() { "…" } else { "" };
    let _ = write!(out, "[\"{shown}{more}\"]");
}
