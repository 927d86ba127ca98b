//! FMC0606: a stage is in one list twice, although it runs at most once.
//!
//! Enters: the model. Leaves: one finding for each further mention. Must not know expressions.

use std::collections::HashMap;

use crate::{
    analysis::Subject,
    diagnostics::{Code, Diagnostic, Found},
    ir::StageId,
    source::Span,
};

pub(in crate::analysis) fn run(Subject { model, .. }: Subject<'_>, found: &mut Found) {
    for list in model.stages.iter().flat_map(|stage| &stage.owned) {
        let mut seen: HashMap<StageId, Span> = HashMap::new();
        for (member, span) in &list.stages {
            match seen.get(member) {
                None => {
                    seen.insert(*member, *span);
                }
                Some(first) => {
                    let name = model.name(*member);
                    let message = format!("`{name}` is in this list twice but runs once");
                    let finding = Diagnostic::new(Code::OwnedTwice, *span, message);
                    found.push(finding.related(*first, "first here"));
                }
            }
        }
    }
}
