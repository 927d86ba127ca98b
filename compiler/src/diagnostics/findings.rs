//! The list of findings of one run.
//!
//! Enters: findings of every stage of the compiler, in any order. Leaves: one list, sorted by file,
//! position and code, without duplicates. When two stages found the same mistake, this module
//! decides which finding stays. Must not know output formats.

use std::collections::BTreeSet;

use super::{Code, Diagnostic, Severity};

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

impl Findings {
    /// Sorts findings by file, position and code, and drops duplicates.
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

    /// The number of findings.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The number of findings with this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.iter()
            .filter(|found| found.severity == severity)
            .count()
    }

    /// Whether at least one finding is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// The findings as a plain list.
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
