//! The list of findings of one run.
//!
//! Enters: findings of every stage, in any order. Leaves: one list by file, position and code,
//! without doubles. What was found twice by different stages is settled here, in one place.

use std::collections::BTreeSet;

use super::{Code, Diagnostic, Severity};

/// Findings, sorted and without doubles.
///
/// Poison keeps one mistake one finding. Three rules, of which only the last lives here:
/// 1. What a stage could not read it hands on as poison (`NodeKind::Error`, `ExprKind::Error`,
///    `Type::Error`), which later stages pass over in silence.
/// 2. A misspelt word with one near candidate is reported, then read as that candidate.
/// 3. Of two findings about the same text, the one that explains more stays: see [`SUPERSEDES`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    list: Vec<Diagnostic>,
}

/// Where a file has a finding of the first codes, those of the second say nothing more.
const SUPERSEDES: &[(&[Code], &[Code])] = &[
    // `{…}, {…}` is a list of stages without brackets, not a document with text behind it.
    (&[Code::Fragment], &[Code::TextAfterEnd]),
    // Where text had to be passed over, what seems to be missing may stand there.
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

impl Findings {
    /// Sorts findings by file, position and code, and drops doubles.
    #[must_use]
    pub fn new(mut list: Vec<Diagnostic>) -> Self {
        for (stronger, weaker) in SUPERSEDES {
            let files: BTreeSet<_> = list
                .iter()
                .filter(|found| stronger.contains(&found.code))
                .map(|found| found.primary.span.file)
                .collect();
            list.retain(|found| {
                !weaker.contains(&found.code) || !files.contains(&found.primary.span.file)
            });
        }
        list.sort_by(|a, b| {
            let key = |found: &Diagnostic| (found.primary.span, found.code);
            key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
        });
        list.dedup_by(|b, a| {
            a.code == b.code && a.primary.span == b.primary.span && a.message == b.message
        });
        Self { list }
    }

    /// The findings in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many have a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.iter()
            .filter(|found| found.severity == severity)
            .count()
    }

    /// Whether an error stands.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// The list itself.
    #[must_use]
    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.list
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
