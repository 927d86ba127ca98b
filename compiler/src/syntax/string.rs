//! String tokens: decoding, and the way back from decoded bytes to source bytes.
//!
//! Enters: a lexer at an opening quote. Leaves: a string token with its decode map, and
//! findings about escapes, control characters and missing quotes. Must not know what strings
//! are for.

use std::{ops::Range, sync::Arc};

use super::{
    lexer::{Lexer, TokenKind},
    tree::{DecodeMap, JsonString, Run},
};
use crate::diagnostics::{Code, Diagnostic, Edit, Fix};

/// What stands for a character that cannot be decoded.
const REPLACEMENT: char = char::REPLACEMENT_CHARACTER;

/// A string under construction.
#[derive(Default)]
struct Decoder {
    text: String,
    runs: Vec<Run>,
    /// Raw control characters seen: where, and the escape that JSON asks for.
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

    /// Text that stands for itself.
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

    /// A character written as an escape.
    fn escape(&mut self, source: usize, c: char) {
        self.run(source, true);
        self.text.push(c);
    }

    fn finish(mut self, span: crate::source::Span, end: usize) -> JsonString {
        // The place behind a last escape, for expressions that end too early.
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

/// A string whose text is written without quotes or escapes: a bare word used as a key.
pub(super) fn bare(lexer_text: &str, span: crate::source::Span) -> JsonString {
    let mut decoder = Decoder::default();
    decoder.plain(span.start as usize, lexer_text);
    decoder.finish(span, span.end as usize)
}

/// Lexes a string in double or (reported) single quotes. The lexer stands at the quote.
pub(super) fn lex(lexer: &mut Lexer<'_>, quote: char) -> TokenKind {
    let start = lexer.at;
    let reported = lexer.findings.len();
    lexer.at += quote.len_utf8();
    let mut decoder = Decoder::default();
    loop {
        plain_run(lexer, &mut decoder);
        match lexer.peek() {
            Some(c) if c == quote => {
                let end = lexer.at;
                lexer.at += c.len_utf8();
                return closed(lexer, decoder, start, end, quote);
            }
            Some('\\') => escape(lexer, &mut decoder, quote),
            // The other kind of quote.
            Some(c @ ('"' | '\'')) => {
                decoder.plain(lexer.at, c.encode_utf8(&mut [0; 4]));
                lexer.at += c.len_utf8();
            }
            Some('\r' | '\n') if !goes_on(lexer, quote) => break,
            None => break,
            Some(c) => control(lexer, &mut decoder, c),
        }
    }
    lexer.findings.truncate(reported);
    unterminated(lexer, decoder, start, quote)
}

/// Lexes a string in typographic quotes, as word processors write them; reported.
pub(super) fn lex_typographic(lexer: &mut Lexer<'_>, quote: char) -> TokenKind {
    let start = lexer.at;
    let double = matches!(quote, '“' | '”');
    lexer.at += quote.len_utf8();
    let content = lexer.at;
    lexer.take_while(|c| match c {
        '\n' | '\r' => false,
        '“' | '”' | '"' => !double,
        '‘' | '’' | '\'' => double,
        _ => true,
    });
    let text = lexer.text.get(content..lexer.at).unwrap_or_default();
    let end = lexer.at;
    let closing = lexer.peek().filter(|c| !matches!(c, '\n' | '\r'));
    lexer.at += closing.map_or(0, char::len_utf8);
    let span = lexer.span(start..lexer.at);
    let mut found = Diagnostic::new(
        Code::UnexpectedJson,
        span,
        "strings stand in `\"`, not in typographic quotes",
    );
    if closing.is_some() {
        found = found.fix(
            "use `\"`",
            true,
            span,
            serde_json::Value::from(text).to_string(),
        );
    }
    lexer.findings.push(found);
    let mut decoder = Decoder::default();
    decoder.plain(content, text);
    TokenKind::String {
        string: decoder.finish(span, end),
        closed: closing.is_some(),
    }
}

/// Everything up to the next quote, escape or control character.
fn plain_run(lexer: &mut Lexer<'_>, decoder: &mut Decoder) {
    let start = lexer.at;
    lexer.take_while(|c| !matches!(c, '"' | '\'' | '\\') && c >= ' ');
    if let Some(text) = lexer.text.get(start..lexer.at)
        && !text.is_empty()
    {
        decoder.plain(start, text);
    }
}

fn closed(
    lexer: &mut Lexer<'_>,
    decoder: Decoder,
    start: usize,
    end: usize,
    quote: char,
) -> TokenKind {
    let span = lexer.span(start..lexer.at);
    if quote == '\'' {
        let text = serde_json::Value::from(decoder.text.as_str()).to_string();
        lexer.findings.push(
            Diagnostic::new(
                Code::SingleQuotes,
                span,
                "strings stand in `\"`, not in `'`",
            )
            .fix("use `\"`", true, span, text),
        );
    } else if let Some((first, _)) = decoder.controls.first() {
        let raw = lexer.text.get(first.clone()).unwrap_or_default();
        let mut found = Diagnostic::new(
            Code::ControlCharacter,
            lexer.span(first.clone()),
            format!(
                "a string holds no raw {}, it is written as an escape",
                name(raw)
            ),
        );
        if decoder.controls.len() > 1 {
            found = found.help(format!(
                "{} control characters in this string",
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
                    span: lexer.span(range.clone()),
                    text: text.clone(),
                })
                .collect(),
        });
        lexer.findings.push(found);
    }
    TokenKind::String {
        string: decoder.finish(span, end),
        closed: true,
    }
}

/// A string without its closing quote ends before the commas and brackets at its line's end.
fn unterminated(lexer: &mut Lexer<'_>, decoder: Decoder, start: usize, quote: char) -> TokenKind {
    let content = start + quote.len_utf8();
    let text = lexer.text.get(content..lexer.at).unwrap_or_default();
    let kept = without_closers(text).len();
    lexer.at = content + kept;
    let span = lexer.span(start..lexer.at);
    let end = lexer.span(lexer.at..lexer.at);
    lexer.findings.push(
        Diagnostic::new(
            Code::UnterminatedString,
            span,
            "the string is not closed on its line",
        )
        .fix("close the string", false, end, quote.to_string()),
    );
    // The text is poison; only its place counts from here on.
    drop(decoder);
    let mut poison = Decoder::default();
    poison.plain(content, text.get(..kept).unwrap_or_default());
    TokenKind::String {
        string: poison.finish(span, content + kept),
        closed: false,
    }
}

/// `abc}],` without what belongs to the JSON around the string. Brackets that the text opens
/// itself (templates) stay.
fn without_closers(text: &str) -> &str {
    let mut kept = text.trim_end();
    kept = kept.strip_suffix(',').unwrap_or(kept).trim_end();
    let count = |text: &str, c| text.matches(c).count();
    // Twice, for `]}`.
    for (open, close) in [('{', '}'), ('[', ']'), ('{', '}')] {
        while kept.ends_with(close) && count(kept, close) > count(kept, open) {
            kept = kept.strip_suffix(close).unwrap_or(kept).trim_end();
        }
    }
    kept
}

/// Whether a string goes on after the line end the lexer stands at: its next quote, if any,
/// must be followed by what follows a string, and must not look like the start of another.
fn goes_on(lexer: &Lexer<'_>, quote: char) -> bool {
    let rest = lexer.rest();
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

fn control(lexer: &mut Lexer<'_>, decoder: &mut Decoder, c: char) {
    let start = lexer.at;
    let rest = lexer.rest();
    // A line end of two characters is one line end.
    let length = if rest.starts_with("\r\n") { 2 } else { 1 };
    lexer.at += length;
    let (text, escape) = match c {
        '\n' | '\r' if length == 2 || c == '\n' => ('\n', "\\n".to_owned()),
        '\t' => (c, "\\t".to_owned()),
        '\r' => (c, "\\r".to_owned()),
        _ => (c, format!("\\u{:04x}", u32::from(c))),
    };
    decoder.escape(start, text);
    decoder.controls.push((start..lexer.at, escape));
}

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

/// An escape, good or (reported) bad. The lexer stands at the backslash.
fn escape(lexer: &mut Lexer<'_>, decoder: &mut Decoder, quote: char) {
    let start = lexer.at;
    lexer.at += 1;
    let Some(c) = lexer.peek() else {
        // The string is not closed, which is reported.
        return;
    };
    lexer.at += c.len_utf8();
    let decoded = match c {
        '"' | '\\' | '/' => c,
        '\'' if quote == '\'' => c,
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => unicode(lexer, start),
        _ => {
            bad_escape(lexer, start, c);
            c
        }
    };
    decoder.escape(start, decoded);
}

/// `\uXXXX`, also as a surrogate pair. The lexer stands behind the `u`.
fn unicode(lexer: &mut Lexer<'_>, start: usize) -> char {
    let Some(first) = four_digits(lexer) else {
        let digits = lexer
            .rest()
            .bytes()
            .take(4)
            .take_while(u8::is_ascii_hexdigit)
            .count();
        lexer.at += digits;
        let span = lexer.span(start..lexer.at);
        lexer.findings.push(Diagnostic::new(
            Code::BadEscape,
            span,
            format!("`\\u` takes four hexadecimal digits, found {digits}"),
        ));
        return REPLACEMENT;
    };
    if let Some(c) = char::from_u32(first) {
        return c;
    }
    let behind_first = lexer.at;
    if (0xD800..0xDC00).contains(&first) && lexer.rest().starts_with("\\u") {
        lexer.at += 2;
        if let Some(second @ 0xDC00..0xE000) = four_digits(lexer) {
            let pair = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            return char::from_u32(pair).unwrap_or(REPLACEMENT);
        }
        lexer.at = behind_first;
    }
    let span = lexer.span(start..lexer.at);
    lexer.findings.push(
        Diagnostic::new(
            Code::BadEscape,
            span,
            format!("`\\u{first:04x}` is half of a surrogate pair"),
        )
        .help("characters beyond U+FFFF are written as two escapes, or as themselves"),
    );
    REPLACEMENT
}

fn four_digits(lexer: &mut Lexer<'_>) -> Option<u32> {
    let digits = lexer.rest().get(..4)?;
    // `from_str_radix` alone would take a sign.
    if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    lexer.at += 4;
    u32::from_str_radix(digits, 16).ok()
}

fn bad_escape(lexer: &mut Lexer<'_>, start: usize, c: char) {
    let hex = lexer
        .rest()
        .get(..2)
        .filter(|hex| c == 'x' && hex.bytes().all(|b| b.is_ascii_hexdigit()));
    let end = lexer.at + hex.map_or(0, str::len);
    let span = lexer.span(start..end);
    let message = if c < ' ' {
        "a `\\` does not carry a string over a line end".to_owned()
    } else {
        format!("JSON has no escape `\\{c}`")
    };
    let found = Diagnostic::new(Code::BadEscape, span, message).help(
        "the escapes are `\\\"`, `\\\\`, `\\/`, `\\b`, `\\f`, `\\n`, `\\r`, `\\t` and `\\uXXXX`",
    );
    lexer.findings.push(match (c, hex) {
        ('\'', _) => found.fix("write `'`", true, span, "'"),
        (_, Some(hex)) => found.fix("write `\\u`", true, span, format!("\\u00{hex}")),
        _ if c >= ' ' => found.fix("double the backslash", false, span, format!("\\\\{c}")),
        _ => found,
    });
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
