//! The list of findings of one run.
//!
//! Enters: findings of every stage of the compiler, in any order. Leaves: one list, sorted by file,
//! position and code, without duplicates. When two stages found the same mistake, this module
//! decides which finding stays; and when there are too many to read, which are shown. Must not know
//! output formats.

use std::{borrow::Cow, collections::BTreeSet};

use super::{Code, Diagnostic, Found, Severity, found::Counted};
use crate::source::Span;

/// Findings, sorted and without duplicates.
///
/// Three rules make one mistake one finding. Only the third is applied here:
///
/// 1. What a stage of the compiler could not read it passes on as poison (`NodeKind::Error`,
///    `ExprKind::Error`, `Type::Error`), and later stages report nothing about poison.
/// 2. A misspelt word with one near candidate is reported, then read as that candidate.
/// 3. Of two findings about the same text, the one that explains more stays: see [`SUPERSEDES`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    list: Vec<Diagnostic>,
    /// Those beyond the first thousands of their code.
    counted: Vec<Counted>,
}

/// When a file has a finding with one of the first codes, findings with the second codes are
/// dropped.
const SUPERSEDES: &[(&[Code], &[Code])] = &[
    // `{…}, {…}` is a list of stages without `[ ]`, not a document followed by stray text.
    (&[Code::Fragment], &[Code::TextAfterEnd]),
    // Something that seems to be missing may be in text that the parser had to skip.
    (
        &[
            Code::UnexpectedJson,
            Code::UnterminatedString,
            Code::MissingColon,
            Code::UnclosedBracket,
            Code::TextAfterEnd,
            Code::JsonTooDeep,
        ],
        &[
            Code::MissingField,
            Code::NoStages,
            Code::UnknownStage,
            Code::UnsetVariable,
            Code::UnorderedRead,
            Code::NeverRuns,
        ],
    ),
];

/// A fix with more edits is applied by `--fix`, but not written out.
const EDITS: usize = 1_000;

/// How many findings of a file are shown at most.
const SHOWN: usize = 200;

impl Findings {
    /// Sorts findings by file, position and code, and drops duplicates.
    #[must_use]
    pub fn new(found: impl Into<Found>) -> Self {
        let (list, counted) = found.into().into_parts();
        Self::with(list, counted)
    }

    /// As [`Findings::new`], from findings that were kept and others that were only counted.
    pub(super) fn with(mut list: Vec<Diagnostic>, mut counted: Vec<Counted>) -> Self {
        for (stronger, weaker) in SUPERSEDES {
            let places = list.iter().map(|found| (found.code, found.primary.span));
            let places = places.chain(counted.iter().map(|found| (found.code, found.span)));
            let files: BTreeSet<_> = places
                .filter(|(code, _)| stronger.contains(code))
                .map(|(_, span)| span.file)
                .collect();
            let stays =
                |code: Code, span: Span| !weaker.contains(&code) || !files.contains(&span.file);
            list.retain(|found| stays(found.code, found.primary.span));
            counted.retain(|found| stays(found.code, found.span));
        }
        list.sort_by(|a, b| {
            let key = |found: &Diagnostic| (found.primary.span, found.code);
            key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
        });
        list.dedup_by(|b, a| {
            a.code == b.code && a.primary.span == b.primary.span && a.message == b.message
        });
        Self { list, counted }
    }

    /// The findings in order, without those that were only counted.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }

    /// The findings to show, in order: at most [`SHOWN`], and errors before all others. When there
    /// are more, the last one shown says how many.
    #[must_use]
    pub fn shown(&self) -> Cow<'_, [Diagnostic]> {
        if self.len() <= SHOWN {
            if self.list.iter().all(fits) {
                return Cow::Borrowed(&self.list);
            }
            return Cow::Owned(self.list.iter().map(fitting).collect());
        }
        let is_error = |found: &&Diagnostic| found.severity == Severity::Error;
        let errors = self.list.iter().filter(is_error).count().min(SHOWN);
        let (mut errors, mut others) = (errors, SHOWN - errors);
        let mut hidden = None;
        let mut shown = Vec::with_capacity(SHOWN + 1);
        for found in &self.list {
            let left = if is_error(&found) {
                &mut errors
            } else {
                &mut others
            };
            match left.checked_sub(1) {
                Some(rest) => {
                    *left = rest;
                    shown.push(fitting(found));
                }
                None => {
                    hidden.get_or_insert(found.primary.span);
                }
            }
        }
        let counted = || self.counted.first().map(|found| found.span);
        shown.push(self.more(&shown, hidden.or_else(counted).unwrap_or_default()));
        Cow::Owned(shown)
    }

    /// Says how many findings are not shown.
    fn more(&self, shown: &[Diagnostic], place: Span) -> Diagnostic {
        let hidden = |severity: Severity| {
            let shown = shown.iter().filter(|found| found.severity == severity);
            self.count(severity).saturating_sub(shown.count())
        };
        let each = [Severity::Error, Severity::Warning, Severity::Note]
            .map(|severity| (severity.name(), hidden(severity)));
        let all: usize = each.iter().map(|(_, count)| count).sum();
        let each: Vec<_> = each
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(name, count)| format!("{count} {name}{}", if count == 1 { "" } else { "s" }))
            .collect();
        let s = if all == 1 { "" } else { "s" };
        let message = format!("{all} more finding{s} in this file: {}", each.join(", "));
        Diagnostic::new(Code::MoreFindings, place, message)
            .label("the first that is not shown")
            .help(format!("only {SHOWN} are shown; mend these first"))
    }

    /// The number of findings, with those that were only counted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len() + self.counted.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of findings with this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        let list = self.list.iter().map(|found| found.severity);
        let counted = self.counted.iter().map(|found| found.severity);
        list.chain(counted)
            .filter(|found| *found == severity)
            .count()
    }

    /// Whether at least one finding is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// The findings as a plain list, without those that were only counted.
    #[must_use]
    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.list
    }
}

fn fits(found: &Diagnostic) -> bool {
    found
        .fix
        .as_ref()
        .is_none_or(|fix| fix.edits.len() <= EDITS)
}

/// The finding, without a fix that is too long to write out.
fn fitting(found: &Diagnostic) -> Diagnostic {
    if fits(found) {
        return found.clone();
    }
    let mut fixless = Diagnostic::new(found.code, found.primary.span, found.message.clone());
    fixless.severity = found.severity;
    fixless.primary.message.clone_from(&found.primary.message);
    fixless.related.clone_from(&found.related);
    fixless.help.clone_from(&found.help);
    let fix = found.fix.iter().map(|fix| {
        let (title, edits) = (&fix.title, fix.edits.len());
        match fix.safe {
            true => format!("fix: {title}, at {edits} places; `fmc check --fix` does it"),
            false => format!("fix: {title}, at {edits} places"),
        }
    });
    fixless.help.extend(fix);
    fixless
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::{Code, Diagnostic, Findings, Found, SHOWN, Severity, Span};

    fn at(code: Code, start: usize) -> Diagnostic {
        let start = u32::try_from(start).unwrap();
        let span = Span {
            start,
            end: start + 1,
            ..Span::default()
        };
        Diagnostic::new(code, span, "m")
    }

    #[test]
    fn errors_are_shown_first_and_the_rest_is_counted() {
        let warnings = (0..SHOWN).map(|place| at(Code::UnknownKey, place * 2));
        let few = Findings::new(warnings.clone().collect::<Found>());
        assert_eq!(few.shown().len(), SHOWN);
        let errors = [1, SHOWN * 3].map(|place| at(Code::Comment, place));
        let all = Findings::new(warnings.chain(errors).collect::<Found>());
        let shown = all.shown();
        let (last, shown) = shown.split_last().unwrap();
        assert_eq!(shown.len(), SHOWN);
        let errors = shown.iter().filter(|found| found.code == Code::Comment);
        assert_eq!(errors.count(), 2);
        assert!(shown.is_sorted_by_key(|found| found.primary.span));
        assert_eq!(last.code, Code::MoreFindings);
        assert_eq!(last.severity, Severity::Note);
        assert_eq!(last.message, "2 more findings in this file: 2 warnings");
        assert_eq!(last.primary.span.start as usize, (SHOWN - 2) * 2);
        assert_eq!(all.count(Severity::Warning), SHOWN);
    }
}
