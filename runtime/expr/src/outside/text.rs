//! Text for people: on a line, in a message, in a layout, beside marks.
//!
//! Enters: any text. Leaves: the same, in which what steers or hides is written as in Rust. Must not
//! know formats for programs.

use std::borrow::Cow;

use super::{
    class::{hides, is_plain, steers},
    shown::Shown,
};

/// How many bytes a message may have. A message quotes what it is about, and that has any length.
pub const MESSAGE: usize = 8 << 10;

/// A text on one line, whole: everything that steers or hides is escaped, as in `\u{1b}` and `\n`.
#[must_use]
pub fn line(text: &str) -> Shown<'_> {
    Shown(within(text, usize::MAX))
}

/// A message: a [`line`] of at most about [`MESSAGE`] bytes. It says how much was left out.
#[must_use]
pub fn message(text: &str) -> Shown<'_> {
    Shown(within(text, MESSAGE))
}

/// The beginning of a text, as long as that of a [`message`], with nothing escaped: for a format
/// that does so itself.
#[must_use]
pub fn bounded(text: &str) -> Cow<'_, str> {
    let end = (MESSAGE..text.len()).find(|end| text.is_char_boundary(*end));
    match end.and_then(|end| text.split_at_checked(end)) {
        Some((shown, rest)) => Cow::Owned(format!("{shown}{}", left_out(rest.len()))),
        None => Cow::Borrowed(text),
    }
}

fn left_out(bytes: usize) -> String {
    format!("… ({bytes} more bytes)")
}

/// A [`line`] of about `most` bytes.
fn within(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most && is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len().min(most));
    let mut chars = Neighbours::of(text);
    while let Some((before, char, after, rest)) = chars.next() {
        if out.len() >= most {
            out.push_str(&left_out(char.len_utf8() + rest.len()));
            break;
        }
        if hides(before, char, after) {
            escape(&mut out, char);
        } else {
            push(&mut out, before, char, rest);
        }
    }
    Cow::Owned(out)
}

/// Adds a character in a way that steers nothing; `before` and `rest` are what stands around it.
fn push(out: &mut String, before: Option<char>, char: char, rest: &str) {
    if steers(char) {
        escape(out, char);
    } else if char == '#' && before == Some('#') && is_marker(rest) {
        out.push_str("\\u{23}");
    } else {
        out.push(char);
    }
}

/// Several lines that we laid out, of parts that went through [`line`] or [`message`]. Line ends
/// and tabs stay, and with `colour` the codes of colours. Everything else that steers is escaped
/// all the same, in case a part was forgotten; and no line is a command to a program that reads the
/// log of a build, as `::error::text` would be.
#[must_use]
pub fn layout(text: &str, colour: bool) -> Shown<'_> {
    if !is_command(text) {
        return Shown(block(text, colour));
    }
    let mut out = String::with_capacity(text.len() + 16);
    for line in text.split_inclusive('\n') {
        match line.split_once(':').filter(|_| is_command(line)) {
            Some((blank, rest)) => {
                out.push_str(&block(blank, colour));
                out.push_str("\\u{3a}");
                out.push_str(&block(rest, colour));
            }
            None => out.push_str(&block(line, colour)),
        }
    }
    Shown(Cow::Owned(out))
}

/// Text of several lines in which only line ends, tabs and, with `colour`, the codes of colours
/// steer.
pub(super) fn block(text: &str, colour: bool) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = Neighbours::of(text);
    while let Some((before, char, _, rest)) = chars.next() {
        let code = colour_code(rest).filter(|_| colour && char == '\u{1b}');
        if matches!(char, '\n' | '\t') {
            out.push(char);
        } else if let Some(code) = code {
            out.push(char);
            out.push_str(code);
            chars.skip(code.len());
        } else {
            push(&mut out, before, char, rest);
        }
    }
    Cow::Owned(out)
}

/// A text to be drawn beside marks that point at its bytes: of the same length, with the same
/// lines. What steers or hides is replaced by a sign of as many bytes.
#[must_use]
pub fn drawn(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = Neighbours::of(text);
    while let Some((before, char, after, _)) = chars.next() {
        out.push(match (char, char.len_utf8()) {
            ('\n' | '\t', _) => char,
            // Alone or before `\n`, a carriage return becomes a space.
            ('\r', _) => ' ',
            _ if !steers(char) && !hides(before, char, after) => char,
            (_, 1) => '?',
            (_, 2) => '·',
            (_, 3) => char::REPLACEMENT_CHARACTER,
            (_, _) => '\u{1FBC4}',
        });
    }
    out
}

/// Adds a character as it is written in Rust.
fn escape(out: &mut String, char: char) {
    match char {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        other => out.extend(other.escape_unicode()),
    }
}

/// Whether a line is a command to GitHub's runner, as `::set-env name=A::b` is.
pub(super) fn is_command(line: &str) -> bool {
    let begin = |line: &str| {
        let name = line.trim_start().strip_prefix("::");
        name.is_some_and(|name| name.starts_with(|char: char| char.is_ascii_alphabetic()))
    };
    line.split('\n').any(begin)
}

/// Whether what follows `##` makes it the start of a command to a program that reads the log of a
/// build, as in `##[error]`, `##vso[…]` and `##teamcity[…]`. It counts anywhere in a line.
pub(super) fn is_marker(rest: &str) -> bool {
    rest.trim_start_matches(|char: char| char.is_ascii_alphabetic())
        .starts_with('[')
}

/// The rest of a code for colours, such as `[1;31m`.
fn colour_code(rest: &str) -> Option<&str> {
    let digits = rest.strip_prefix('[')?;
    let end = digits.find(|char: char| !char.is_ascii_digit() && char != ';')?;
    digits.get(end..)?.starts_with('m').then_some(())?;
    rest.get(..end + 2)
}

/// The characters of a text, each with its neighbours and the text behind it.
struct Neighbours<'t> {
    before: Option<char>,
    rest: &'t str,
}

impl<'t> Neighbours<'t> {
    fn of(text: &'t str) -> Self {
        Self {
            before: None,
            rest: text,
        }
    }

    fn next(&mut self) -> Option<(Option<char>, char, Option<char>, &'t str)> {
        let mut chars = self.rest.chars();
        let char = chars.next()?;
        self.rest = chars.as_str();
        let before = self.before.replace(char);
        Some((before, char, chars.next(), self.rest))
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }
}
