//! What of a text is shown, and in which characters.
//!
//! Enters: texts of files. Leaves: text of the same length without characters that steer a
//! terminal, and parts of lines too long to show.

use std::ops::Range;

use crate::{
    diagnostics::Diagnostic,
    source::{SourceMap, Span},
};

/// A line longer than this many bytes is shown in part.
const LONG: usize = 300;

/// How many characters are shown before and behind the guilty text.
const AROUND: usize = 60;

/// Labels inside a part, as ranges of its text, and those elsewhere.
type Split = (Vec<(Range<usize>, String)>, Vec<(Span, String)>);

/// A part of a long line, with as many line ends before it as the file has.
pub(super) struct Excerpt {
    pub(super) text: String,
    /// The bytes of the file that are shown.
    window: Range<usize>,
    /// Where they start in `text`.
    start: usize,
    span: Span,
}

impl Excerpt {
    /// The part to show; none where every label stands on a line of sensible length.
    pub(super) fn of(found: &Diagnostic, sources: &SourceMap) -> Option<Self> {
        let span = found.primary.span;
        let long = std::iter::once(&found.primary)
            .chain(&found.related)
            .any(|label| {
                let text = sources.get(label.span.file).map_or("", |file| &file.text);
                line_around(text, clamp(text, label.span).start).len() > LONG
            });
        if !long {
            return None;
        }
        let file = sources.get(span.file)?;
        let guilty = clamp(&file.text, span);
        let line = line_around(&file.text, guilty.start);
        let end = guilty.end.min(line.end);
        let start = back(&file.text, guilty.start, AROUND).max(line.start);
        let end = forward(&file.text, end, AROUND).min(line.end);
        // The guilty text itself may be long.
        let end = end.min(forward(&file.text, guilty.start, LONG));
        let shown = harmless(file.text.get(start..end)?);
        let before = if start > line.start { "…" } else { "" };
        let behind = if end < line.end { "…" } else { "" };
        let above = file.text.get(..line.start)?.matches('\n').count();
        Some(Self {
            text: format!("{}{before}{shown}{behind}", "\n".repeat(above)),
            window: start..end,
            start: above + before.len(),
            span,
        })
    }

    /// Labels inside the part, and those elsewhere.
    pub(super) fn labels(&self, labels: &[(Span, &str)]) -> Split {
        let mut shown = Vec::new();
        let mut elsewhere = Vec::new();
        for &(span, message) in labels {
            let (start, end) = (span.start as usize, span.end as usize);
            let inside = span.file == self.span.file
                && (self.window.start..=self.window.end).contains(&start);
            if inside {
                let place = |at: usize| at.min(self.window.end) - self.window.start + self.start;
                shown.push((place(start)..place(end.max(start)), message.to_owned()));
            } else {
                elsewhere.push((span, message.to_owned()));
            }
        }
        (shown, elsewhere)
    }
}

/// A span as a range inside a text, on character boundaries.
pub(super) fn clamp(text: &str, span: Span) -> Range<usize> {
    let inside = |at: u32| (at as usize).min(text.len());
    let boundary = |at: &usize| text.is_char_boundary(*at);
    let start = (0..=inside(span.start)).rev().find(boundary).unwrap_or(0);
    let end = (inside(span.end)..).find(boundary).unwrap_or(start);
    start..end.max(start)
}

/// The line an offset stands in, without its line end.
fn line_around(text: &str, at: usize) -> Range<usize> {
    let (before, behind) = text.split_at_checked(at).unwrap_or((text, ""));
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let end = behind
        .find('\n')
        .map_or(text.len(), |length| before.len() + length);
    start..end
}

fn back(text: &str, at: usize, count: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before
        .char_indices()
        .rev()
        .take(count)
        .last()
        .map_or(at, |(at, _)| at)
}

fn forward(text: &str, at: usize, count: usize) -> usize {
    let behind = text.get(at..).unwrap_or_default();
    let length = behind.char_indices().nth(count).map(|(length, _)| length);
    at + length.unwrap_or(behind.len())
}

/// A text of the same length and lines, without characters that steer a terminal or that only
/// some programs take for line ends.
pub(super) fn harmless(text: &str) -> String {
    text.chars()
        .map(|c| match (c, c.len_utf8()) {
            ('\n' | '\t', _) => c,
            // Of a line end of two characters, or alone: a blank either way.
            ('\r', _) => ' ',
            _ if !steers(c) => c,
            (_, 1) => '?',
            (_, 2) => '·',
            (_, _) => char::REPLACEMENT_CHARACTER,
        })
        .collect()
}

/// [`harmless`], in one line.
pub(super) fn harmless_line(text: &str) -> String {
    harmless(text).replace('\n', " ")
}

/// Control characters, line ends of other alphabets, changes of writing direction.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{200E}' | '\u{200F}' | '\u{061C}'
        )
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
