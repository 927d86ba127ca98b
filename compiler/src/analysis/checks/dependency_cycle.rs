//! FMC0601: stages that wait for each other, over dependencies and ownership.
//!
//! Enters: the IR. Leaves: one finding a cycle, with the whole path drawn over its edges.

use super::name;
use crate::{
    diagnostics::{Code, Diagnostic},
    ir::{Ir, StageId, graph},
    source::Span,
};

/// `from` waits for `to`, because of what stands at `span`.
struct Edge {
    from: StageId,
    to: StageId,
    span: Span,
    selects: bool,
}

pub(in crate::analysis) fn run(ir: &Ir, found: &mut Vec<Diagnostic>) {
    let edges = edges(ir);
    let pairs: Vec<_> = edges.iter().map(|edge| (edge.from, edge.to)).collect();
    for cycle in graph::cycles(ir.stages.len(), &pairs) {
        let path: Vec<&Edge> = cycle
            .iter()
            .enumerate()
            .filter_map(|(at, &from)| {
                let to = *cycle.get((at + 1) % cycle.len())?;
                edges.iter().find(|edge| edge.from == from && edge.to == to)
            })
            .collect();
        // Selection alone is another defect, with a finding of its own.
        if path.iter().all(|edge| edge.selects) {
            continue;
        }
        let Some((first, rest)) = path.split_first() else {
            continue;
        };
        let mut names: Vec<String> = path
            .iter()
            .map(|edge| format!("`{}`", name(ir, edge.from)))
            .collect();
        names.extend(names.first().cloned());
        let message = format!("stages wait for each other: {}", names.join(" → "));
        let mut finding =
            Diagnostic::new(Code::DependencyCycle, first.span, message).label(step(ir, first));
        for edge in rest {
            finding = finding.related(edge.span, step(ir, edge));
        }
        found.push(finding.help("one of these dependencies has to go"));
    }
}

fn edges(ir: &Ir) -> Vec<Edge> {
    let mut edges = Vec::new();
    for stage in &ir.stages {
        for dependency in &stage.depends_on {
            if dependency.stage != stage.id {
                edges.push(Edge {
                    from: stage.id,
                    to: dependency.stage,
                    span: dependency.span,
                    selects: false,
                });
            }
        }
        for &(member, span) in stage.owned.iter().flat_map(|list| &list.stages) {
            // With other owners, this one need not be waited for.
            let only = ir
                .stage(member)
                .is_some_and(|member| member.owners.len() == 1);
            if member != stage.id && only {
                edges.push(Edge {
                    from: member,
                    to: stage.id,
                    span,
                    selects: true,
                });
            }
        }
    }
    edges
}

fn step(ir: &Ir, edge: &Edge) -> String {
    if edge.selects {
        format!(
            "`{}` is selected by `{}`",
            name(ir, edge.from),
            name(ir, edge.to)
        )
    } else {
        format!(
            "`{}` waits for `{}`",
            name(ir, edge.from),
            name(ir, edge.to)
        )
    }
}
