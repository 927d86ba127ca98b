//! Text for programs that show it to people: JSON, SARIF, and the commands of a workflow.
//!
//! Enters: a text, or a document. Leaves: the same in the escapes of that format, so that it means
//! the same to a program, and does nothing to a terminal on which it is shown. Must not know
//! layouts.

use std::{borrow::Cow, convert::Infallible, fmt::Write as _};

use super::{
    class::{hides, steers},
    shown::Shown,
    text::{block, is_marker},
};

/// A document of JSON, in which whatever would steer a terminal or hide is written as `\u009b`.
/// Outside strings JSON has no such character, so the document keeps its meaning.
#[must_use]
pub fn json(document: &str) -> Shown<'_> {
    let Ok(shown) = json_paid(document, |_| Ok::<_, Infallible>(()));
    shown
}

/// [`json`] of a document that may be long: `pay` is told how many bytes each piece is worth.
///
/// # Errors
/// That of `pay`.
pub fn json_paid<E>(
    document: &str,
    mut pay: impl FnMut(usize) -> Result<(), E>,
) -> Result<Shown<'_>, E> {
    if !document.bytes().any(is_suspect) {
        pay(document.len())?;
        return Ok(Shown(Cow::Borrowed(document)));
    }
    let mut out = String::with_capacity(document.len() + 64);
    let (mut rest, mut before) = (document, None);
    // What begins no such character is copied in one piece.
    while let Some(at) = rest.bytes().position(is_suspect) {
        let (plain, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        // An escape is some work, more than a byte that is copied.
        pay(plain.len() + 32)?;
        out.push_str(plain);
        before = plain.chars().next_back().or(before);
        let mut chars = tail.chars();
        let Some(char) = chars.next() else { break };
        rest = chars.as_str();
        let marker = || char == '#' && rest.strip_prefix('#').is_some_and(is_marker);
        if steers(char) || hides(before, char, chars.next()) || marker() {
            for unit in char.encode_utf16(&mut [0; 2]) {
                // Writing to a `String` cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(char);
        }
        before = Some(char);
    }
    out.push_str(rest);
    Ok(Shown(Cow::Owned(out)))
}

/// Whether a byte may begin a character that steers or hides, or a marker.
fn is_suspect(byte: u8) -> bool {
    match byte {
        b'\n' | b'\r' | b'\t' => false,
        0..b' ' | b'#' | 0x7F | 0xC2 | 0xCD | 0xD8 | 0xE1..=0xE3 | 0xEF | 0xF0 | 0xF3 => true,
        _ => false,
    }
}

/// A command to GitHub's runner on one line, as `::error file=a.json,line=1::text`. The text may
/// have several lines; names of commands and properties are ours.
#[must_use]
pub fn workflow_command(command: &str, properties: &[(&str, &str)], text: &str) -> Shown<'static> {
    let mut out = format!("::{command}");
    for (nth, (name, value)) in properties.iter().enumerate() {
        let before = if nth == 0 { ' ' } else { ',' };
        let value = workflow_data(value).replace(':', "%3A").replace(',', "%2C");
        out.push_str(&format!("{before}{name}={value}"));
    }
    out.push_str(&format!("::{}", workflow_data(text)));
    Shown(Cow::Owned(out))
}

fn workflow_data(text: &str) -> String {
    block(text, false).replace('%', "%25").replace('\n', "%0A")
}

/// A message of SARIF, in which `[text](address)` is no link: the brackets are escaped as SARIF
/// says. A message without a link stays as it is. Line ends stay.
#[must_use]
pub fn link_free(text: &str) -> Shown<'_> {
    let text = block(text, false);
    if !text.contains("](") {
        return Shown(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut slashes = 0;
    for char in text.chars() {
        match char {
            '\\' => slashes += 1,
            '[' | ']' => {
                // Those before the bracket would escape the one that escapes it.
                out.extend(std::iter::repeat_n('\\', slashes + 1));
                slashes = 0;
            }
            _ => slashes = 0,
        }
        out.push(char);
    }
    Shown(Cow::Owned(out))
}
