//! FMC0605: stages select each other, so that none of them is ever selected.
//!
//! Enters: the model. Leaves: one finding for each cycle, with its path. Must not know expressions.

use crate::{
    analysis::Subject,
    diagnostics::{Code, Diagnostic, Found},
    ir::{StageId, graph},
};

pub(in crate::analysis) fn run(Subject { model, .. }: Subject<'_>, found: &mut Found) {
    let mut edges: Vec<(StageId, StageId)> = Vec::new();
    for stage in &model.stages {
        let members = stage.owned.iter().flat_map(|list| &list.stages);
        edges.extend(members.map(|(member, _)| (stage.id, *member)));
    }
    for cycle in graph::cycles(&edges) {
        let mut names: Vec<String> = cycle
            .iter()
            .map(|&stage| format!("`{}`", model.name(stage)))
            .collect();
        names.extend(names.first().cloned());
        let message = format!("stages select each other: {}", names.join(" → "));
        let mut steps = cycle.iter().enumerate().filter_map(|(at, &owner)| {
            let next = *cycle.get((at + 1) % cycle.len())?;
            let lists = &model.stage(owner)?.owned;
            let (_, span) = lists
                .iter()
                .flat_map(|list| &list.stages)
                .find(|(member, _)| *member == next)?;
            Some((
                *span,
                format!("`{}` selects `{}`", model.name(owner), model.name(next)),
            ))
        });
        let Some((first, label)) = steps.next() else {
            continue;
        };
        let mut finding = Diagnostic::new(Code::OwnershipCycle, first, message).label(label);
        for (span, label) in steps {
            finding = finding.related(span, label);
        }
        found.push(finding);
    }
}
