//! The fixes that findings carry, as the editor offers them.
//!
//! Enters: an analysis and the range that is selected. Leaves: the fix of each finding in that
//! range. They are those that `fmc check` prints; `fmc check --fix` applies the safe ones. Must
//! not know the protocol.

use super::findings::{self, Finding};
use crate::{analysis::Analysis, utf16::Utf16Range};

/// A change that is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What it does, like "replace with `url`".
    pub title: String,
    /// Whether it keeps the meaning, so that `fmc check --fix` would apply it unseen.
    pub safe: bool,
    /// The finding that it mends.
    pub finding: Finding,
    /// What is replaced, all in the analysed document, and by what. The ranges do not overlap.
    pub edits: Vec<(Utf16Range, String)>,
}

/// The fixes of the findings whose guilty text meets `selected`, in the order of the findings.
#[must_use]
pub fn at(analysis: &Analysis, selected: Utf16Range) -> Vec<Action> {
    let sources = &analysis.sources;
    let mut actions = Vec::new();
    for found in analysis.findings() {
        let Some(fix) = &found.fix else { continue };
        let here = fix.edits.iter().all(|edit| edit.span.file == analysis.file);
        if !here || !Utf16Range::of(found.primary.span, sources).meets(selected) {
            continue;
        }
        let edits = fix.edits.iter();
        actions.push(Action {
            title: fix.title.clone(),
            safe: fix.safe,
            finding: findings::one(found, sources),
            edits: edits
                .map(|edit| (Utf16Range::of(edit.span, sources), edit.text.clone()))
                .collect(),
        });
    }
    actions
}
