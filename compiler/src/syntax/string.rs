//! String tokens: decoding, and the map from decoded bytes back to source bytes.
//!
//! Enters: a cursor at an opening quote. Leaves: a string token with its decode map, and findings
//! about escapes, control characters and missing quotes. Must not know what strings are used for.

use std::{ops::Range, sync::Arc};

use super::{
    cursor::{Cursor, offset},
    token::TokenKind,
    tree::{DecodeMap, JsonString, Run},
};
use crate::{
    diagnostics::{Code, Diagnostic, Edit, Fix},
    source::Span,
};

/// Replaces a character that cannot be decoded.
const REPLACEMENT: char = char::REPLACEMENT_CHARACTER;

/// A string that is being decoded.
#[derive(Default)]
struct Decoder {
    text: String,
    runs: Vec<Run>,
    /// Unescaped control characters: their ranges, and the escape that JSON needs for each.
    controls: Vec<(Range<usize>, String)>,
}

impl Decoder {
    fn run(&mut self, source: usize, escape: bool) {
        self.runs.push(Run {
            decoded: offset(self.text.len()),
            source: offset(source),
            escape,
        });
    }

    /// Adds text that has no escapes.
    fn plain(&mut self, source: usize, text: &str) {
        let decoded = offset(self.text.len());
        let in_step = self
            .runs
            .last()
            .is_some_and(|run| !run.escape && decoded - run.decoded == offset(source) - run.source);
        if !in_step {
            self.run(source, false);
        }
        self.text.push_str(text);
    }

    /// Adds a character that was written as an escape.
    fn escape(&mut self, source: usize, c: char) {
        self.run(source, true);
        self.text.push(c);
    }

    fn finish(mut self, span: Span, end: usize) -> JsonString {
        // The position after a last escape, so that "the expression ends too early" can point at
        // it.
        if self.runs.last().is_some_and(|run| run.escape) {
            self.run(end, false);
        }
        JsonString {
            text: Arc::from(self.text),
            span,
            map: Arc::new(DecodeMap {
                runs: self.runs,
                end: offset(end),
            }),
        }
    }
}

/// A string whose text is written without quotes or escapes, like a bare word used as a key.
pub(super) fn bare(text: &str, span: Span) -> JsonString {
    let mut decoder = Decoder::default();
    decoder.plain(span.start as usize, text);
    decoder.finish(span, span.end as usize)
}

/// Lexes a string in double quotes, or in single quotes, which are reported. The cursor is at the
/// opening quote.
pub(super) fn lex(cursor: &mut Cursor<'_>, quote: char) -> TokenKind {
    let start = cursor.at;
    let before = cursor.findings.mark();
    cursor.at += quote.len_utf8();
    let mut decoder = Decoder::default();
    loop {
        plain_run(cursor, &mut decoder);
        match cursor.peek() {
            Some(c) if c == quote => {
                let end = cursor.at;
                cursor.at += c.len_utf8();
                return closed(cursor, decoder, start, end, quote);
            }
            Some('\\') => escape(cursor, &mut decoder, quote),
            // The other kind of quote is part of the text.
            Some(c @ ('"' | '\'')) => {
                decoder.plain(cursor.at, c.encode_utf8(&mut [0; 4]));
                cursor.at += c.len_utf8();
            }
            Some('\r' | '\n') if !continues_on_next_line(cursor, quote) => break,
            None => break,
            Some(c) => control(cursor, &mut decoder, c),
        }
    }
    // The string never ends, so what was found in it may not even belong to it.
    cursor.findings.back_to(before);
    unterminated(cursor, decoder, start, quote)
}

/// Lexes a string in typographic quotes, which word processors write. They are reported.
pub(super) fn lex_typographic(cursor: &mut Cursor<'_>, quote: char) -> TokenKind {
    let start = cursor.at;
    let double = matches!(quote, '“' | '”');
    cursor.at += quote.len_utf8();
    let content = cursor.at;
    cursor.take_while(|c| match c {
        '\n' | '\r' => false,
        '“' | '”' | '"' => !double,
        '‘' | '’' | '\'' => double,
        _ => true,
    });
    let text = cursor.text.get(content..cursor.at).unwrap_or_default();
    let end = cursor.at;
    let closing = cursor.peek().filter(|c| !matches!(c, '\n' | '\r'));
    cursor.at += closing.map_or(0, char::len_utf8);
    let span = cursor.span(start..cursor.at);
    let mut found = Diagnostic::new(
        Code::UnexpectedJson,
        span,
        "use double quotes for strings, not typographic quotes",
    );
    if closing.is_some() {
        found = found.fix("use `\"`", true, span, super::quoted(text));
    }
    cursor.findings.push(found);
    let mut decoder = Decoder::default();
    decoder.plain(content, text);
    TokenKind::String {
        string: decoder.finish(span, end),
        closed: closing.is_some(),
    }
}

/// Reads up to the next quote, escape or control character.
fn plain_run(cursor: &mut Cursor<'_>, decoder: &mut Decoder) {
    let start = cursor.at;
    cursor.take_while(|c| !matches!(c, '"' | '\'' | '\\') && c >= ' ');
    if let Some(text) = cursor.text.get(start..cursor.at)
        && !text.is_empty()
    {
        decoder.plain(start, text);
    }
}

/// Ends a string at its closing quote, and reports single quotes and control characters.
fn closed(
    cursor: &mut Cursor<'_>,
    decoder: Decoder,
    start: usize,
    end: usize,
    quote: char,
) -> TokenKind {
    let span = cursor.span(start..cursor.at);
    if quote == '\'' {
        let text = super::quoted(&decoder.text);
        cursor.findings.push(
            Diagnostic::new(Code::SingleQuotes, span, "use double quotes for strings")
                .fix("use `\"`", true, span, text),
        );
    } else if let Some((first, _)) = decoder.controls.first() {
        let raw = cursor.text.get(first.clone()).unwrap_or_default();
        let mut found = Diagnostic::new(
            Code::ControlCharacter,
            cursor.span(first.clone()),
            format!(
                "a string cannot hold a raw {}: write it as an escape",
                name(raw)
            ),
        );
        if decoder.controls.len() > 1 {
            found = found.help(format!(
                "this string has {} control characters",
                decoder.controls.len()
            ));
        }
        found.fix = Some(Fix {
            title: "write escapes".to_owned(),
            safe: true,
            edits: decoder
                .controls
                .iter()
                .map(|(range, text)| Edit {
                    span: cursor.span(range.clone()),
                    text: text.clone(),
                })
                .collect(),
        });
        cursor.findings.push(found);
    }
    TokenKind::String {
        string: decoder.finish(span, end),
        closed: true,
    }
}

/// Ends a string whose closing quote is missing: before the commas and brackets at the end of its
/// line.
fn unterminated(cursor: &mut Cursor<'_>, decoder: Decoder, start: usize, quote: char) -> TokenKind {
    let content = start + quote.len_utf8();
    let text = cursor.text.get(content..cursor.at).unwrap_or_default();
    let kept = without_closers(text).len();
    cursor.at = content + kept;
    let span = cursor.span(start..cursor.at);
    let end = cursor.span(cursor.at..cursor.at);
    cursor.findings.push(
        Diagnostic::new(
            Code::UnterminatedString,
            span,
            "the string is not closed on its line",
        )
        .fix("close the string", false, end, quote.to_string()),
    );
    // The text is unreliable, so only the span is kept.
    drop(decoder);
    let mut poison = Decoder::default();
    poison.plain(content, text.get(..kept).unwrap_or_default());
    TokenKind::String {
        string: poison.finish(span, content + kept),
        closed: false,
    }
}

/// `abc}],` without the commas and brackets that belong to the JSON around the string. Brackets
/// that the text itself opened, as templates do, are kept.
fn without_closers(text: &str) -> &str {
    let mut kept = text.trim_end();
    kept = kept.strip_suffix(',').unwrap_or(kept).trim_end();
    let count = |text: &str, c| text.matches(c).count();
    // `{}` is listed twice, so that `}]` is removed whole as well as `]}`.
    for (open, close) in [('{', '}'), ('[', ']'), ('{', '}')] {
        while kept.ends_with(close) && count(kept, close) > count(kept, open) {
            kept = kept.strip_suffix(close).unwrap_or(kept).trim_end();
        }
    }
    kept
}

/// Whether a string continues after the line end at the cursor. It does when its next quote is
/// followed by what may follow a string, and does not look like the start of another one.
fn continues_on_next_line(cursor: &Cursor<'_>, quote: char) -> bool {
    let rest = cursor.rest();
    let mut escaped = false;
    let Some(end) = rest.find(|c| {
        let found = c == quote && !escaped;
        escaped = c == '\\' && !escaped;
        found
    }) else {
        return false;
    };
    let (between, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let between = between.trim();
    let behind = behind.strip_prefix(quote).unwrap_or(behind).trim_start();
    !between.is_empty()
        && !between.starts_with(['}', ']'])
        && (behind.is_empty() || behind.starts_with([',', '}', ']']))
}

/// Adds an unescaped control character, and remembers it. All of them are reported together when
/// the string is closed, with one fix.
fn control(cursor: &mut Cursor<'_>, decoder: &mut Decoder, c: char) {
    let start = cursor.at;
    let rest = cursor.rest();
    // A carriage return and a line feed together are one line end.
    let length = if rest.starts_with("\r\n") { 2 } else { 1 };
    cursor.at += length;
    let (text, escape) = match c {
        '\n' | '\r' if length == 2 || c == '\n' => ('\n', "\\n".to_owned()),
        '\t' => (c, "\\t".to_owned()),
        '\r' => (c, "\\r".to_owned()),
        _ => (c, format!("\\u{:04x}", u32::from(c))),
    };
    decoder.escape(start, text);
    decoder.controls.push((start..cursor.at, escape));
}

/// What a control character is called in messages.
fn name(raw: &str) -> String {
    match raw {
        "\n" | "\r\n" | "\r" => "line end".to_owned(),
        "\t" => "tab".to_owned(),
        _ => format!(
            "control character `U+{:04X}`",
            raw.chars().next().map_or(0, u32::from)
        ),
    }
}

/// Reads an escape. A bad one is reported. The cursor is at the backslash.
fn escape(cursor: &mut Cursor<'_>, decoder: &mut Decoder, quote: char) {
    let start = cursor.at;
    cursor.at += 1;
    let Some(c) = cursor.peek() else {
        // The string is not closed, which is reported where it ends.
        return;
    };
    cursor.at += c.len_utf8();
    let decoded = match c {
        '"' | '\\' | '/' => c,
        '\'' if quote == '\'' => c,
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => unicode(cursor, start),
        _ => {
            bad_escape(cursor, start, c);
            c
        }
    };
    decoder.escape(start, decoded);
}

/// Reads the digits of `\uXXXX`, and both halves of a surrogate pair. The cursor is after the `u`.
fn unicode(cursor: &mut Cursor<'_>, start: usize) -> char {
    let Some(first) = four_digits(cursor) else {
        let digits = cursor
            .rest()
            .bytes()
            .take(4)
            .take_while(u8::is_ascii_hexdigit)
            .count();
        cursor.at += digits;
        let span = cursor.span(start..cursor.at);
        cursor.findings.push(Diagnostic::new(
            Code::BadEscape,
            span,
            format!("`\\u` takes four hexadecimal digits, found {digits}"),
        ));
        return REPLACEMENT;
    };
    if let Some(c) = char::from_u32(first) {
        return c;
    }
    let behind_first = cursor.at;
    if (0xD800..0xDC00).contains(&first) && cursor.rest().starts_with("\\u") {
        cursor.at += 2;
        if let Some(second @ 0xDC00..0xE000) = four_digits(cursor) {
            let pair = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            return char::from_u32(pair).unwrap_or(REPLACEMENT);
        }
        cursor.at = behind_first;
    }
    let span = cursor.span(start..cursor.at);
    cursor.findings.push(
        Diagnostic::new(
            Code::BadEscape,
            span,
            format!("`\\u{first:04x}` is half of a surrogate pair"),
        )
        .help("write the character itself, or both halves as two escapes"),
    );
    REPLACEMENT
}

fn four_digits(cursor: &mut Cursor<'_>) -> Option<u32> {
    let digits = cursor.rest().get(..4)?;
    // `from_str_radix` alone would accept a sign, as in `\u+123`.
    if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    cursor.at += 4;
    u32::from_str_radix(digits, 16).ok()
}

fn bad_escape(cursor: &mut Cursor<'_>, start: usize, c: char) {
    let hex = cursor
        .rest()
        .get(..2)
        .filter(|hex| c == 'x' && hex.bytes().all(|b| b.is_ascii_hexdigit()));
    let end = cursor.at + hex.map_or(0, str::len);
    let span = cursor.span(start..end);
    let message = if c < ' ' {
        "a `\\` cannot continue a string on the next line".to_owned()
    } else {
        format!("JSON has no escape `\\{c}`")
    };
    let found = Diagnostic::new(Code::BadEscape, span, message).help(
        "the escapes are `\\\"`, `\\\\`, `\\/`, `\\b`, `\\f`, `\\n`, `\\r`, `\\t` and `\\uXXXX`",
    );
    cursor.findings.push(match (c, hex) {
        ('\'', _) => found.fix("write `'`", true, span, "'"),
        (_, Some(hex)) => found.fix("write `\\u`", true, span, format!("\\u00{hex}")),
        _ if c >= ' ' => found.fix("double the backslash", false, span, format!("\\\\{c}")),
        _ => found,
    });
}
