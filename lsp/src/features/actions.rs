//! The fixes of findings, offered as code actions.
//!
//! Enters: an analysis and the selected range. Leaves: the fix of each finding in that range. They
//! are the fixes that `fmc check` prints; `fmc check --fix` applies the safe ones. Must not know
//! the protocol.

use fmc_expr::outside::message;

use super::findings::{self, Finding};
use crate::{analysis::Analysis, utf16::Utf16Range};

/// A change that the editor can offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What it does, like "replace with `url`".
    pub title: String,
    /// Whether it is safe, so that `fmc check --fix` would apply it without asking. Set from the
    /// finding's fix; the protocol's "preferred" is made from it.
    pub safe: bool,
    /// The finding that it repairs.
    pub finding: Finding,
    /// The ranges to replace, all in the analysed document, with their new texts. They do not
    /// overlap.
    pub edits: Vec<(Utf16Range, String)>,
}

/// The fixes of the findings whose guilty text touches `selected`, in the order of the findings.
#[must_use]
pub fn at(analysis: &Analysis, selected: Utf16Range) -> Vec<Action> {
    let sources = &analysis.sources;
    let mut actions = Vec::new();
    for found in analysis.findings().iter() {
        let Some(fix) = &found.fix else { continue };
        let here = fix.edits.iter().all(|edit| edit.span.file == analysis.file);
        if !here || !Utf16Range::of(found.primary.span, sources).meets(selected) {
            continue;
        }
        let edits = fix.edits.iter();
        actions.push(Action {
            title: message(&fix.title).into_string(),
            safe: fix.safe,
            finding: findings::one(found, sources),
            edits: edits
                .map(|edit| (Utf16Range::of(edit.span, sources), edit.text.clone()))
                .collect(),
        });
    }
    actions
}
