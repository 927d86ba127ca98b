//! Which part of a text is shown.
//!
//! Enters: the texts of files. Leaves: parts of lines that are too long to show whole, without
//! characters that control a terminal. Must not know ariadne.

use std::ops::Range;

use fmc_expr::outside::drawn;

use crate::{
    diagnostics::Diagnostic,
    source::{SourceFile, SourceMap, Span},
};

/// A line with more bytes than this is shown in part.
const LONG: usize = 300;

/// Behind more lines than this, a part of a long line is shown without being drawn: the drawing
/// would go through as many empty lines for each finding.
const FAR: usize = 20_000;

/// How many characters of a long line are shown before and after the guilty text.
const AROUND: usize = 60;

/// Labels inside the part, with their ranges in it, and labels elsewhere.
type Split = (Vec<(Range<usize>, String)>, Vec<(Span, String)>);

/// A part of a long line. It begins with as many line ends as the file has before that line, so
/// that line numbers stay true.
pub(super) struct Excerpt {
    pub(super) text: String,
    /// Whether so many lines come before it that it is not drawn, and `text` has no line ends.
    pub(super) far: bool,
    /// The shown bytes of the file.
    window: Range<usize>,
    /// Where these bytes start in `text`.
    start: usize,
    span: Span,
}

impl Excerpt {
    /// The part to show; `None` when no label is on a long line.
    pub(super) fn of(found: &Diagnostic, sources: &SourceMap) -> Option<Self> {
        let span = found.primary.span;
        let long = std::iter::once(&found.primary)
            .chain(&found.related)
            .any(|label| {
                let file = sources.get(label.span.file);
                file.is_some_and(|file| line_of(file, label.span).len() > LONG)
            });
        if !long {
            return None;
        }
        let file = sources.get(span.file)?;
        let guilty = clamp(&file.text, span);
        let line = line_of(file, span);
        let end = guilty.end.min(line.end);
        let start = back(&file.text, guilty.start, AROUND).max(line.start);
        let end = forward(&file.text, end, AROUND).min(line.end);
        // The guilty text may itself be too long to show.
        let end = end.min(forward(&file.text, guilty.start, LONG));
        let shown = drawn(file.text.get(start..end)?);
        let before = if start > line.start { "…" } else { "" };
        let behind = if end < line.end { "…" } else { "" };
        let above = file.lines.position(&file.text, span.start).line as usize - 1;
        let (far, above) = (above > FAR, if above > FAR { 0 } else { above });
        Some(Self {
            text: format!("{}{before}{shown}{behind}", "\n".repeat(above)),
            far,
            window: start..end,
            start: above + before.len(),
            span,
        })
    }

    /// Splits labels into those inside the part and those elsewhere.
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

/// A span as a range in a text, moved to character boundaries.
pub(super) fn clamp(text: &str, span: Span) -> Range<usize> {
    let inside = |at: u32| (at as usize).min(text.len());
    let boundary = |at: &usize| text.is_char_boundary(*at);
    let start = (0..=inside(span.start)).rev().find(boundary).unwrap_or(0);
    let end = (inside(span.end)..).find(boundary).unwrap_or(start);
    start..end.max(start)
}

/// The line in which a span starts, without its line end.
fn line_of(file: &SourceFile, span: Span) -> Range<usize> {
    file.lines.line(&file.text, span.start)
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
