//! FMC0601: stages that wait for each other, over dependencies, owners and lists.
//!
//! Enters: the IR. Leaves: one finding a cycle, with the whole path drawn over its edges. A
//! stage starts and ends; what waits for its end waits for more than what waits for its start:
//! a try block or a loop has only ended when its members have.

use super::name;
use crate::{
    diagnostics::{Code, Diagnostic},
    ir::{Ir, Role, Stage, StageId, graph},
    source::Span,
};

/// `from` waits for `to`, because of what stands at `span`; none for what goes without saying.
struct Edge {
    from: Moment,
    to: Moment,
    span: Option<Span>,
    why: Why,
}

/// A stage's start or end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Moment {
    stage: StageId,
    end: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    Depends,
    Selected,
    After,
    Contains,
    Leaves,
    Runs,
}

impl Moment {
    fn start(stage: StageId) -> Self {
        Self { stage, end: false }
    }

    fn end(stage: StageId) -> Self {
        Self { stage, end: true }
    }

    /// Its position in a graph of moments.
    fn node(self) -> StageId {
        StageId(self.stage.0 * 2 + u32::from(self.end))
    }
}

pub(in crate::analysis) fn run(ir: &Ir, found: &mut Vec<Diagnostic>) {
    let edges = edges(ir);
    let pairs: Vec<_> = edges
        .iter()
        .map(|edge| (edge.from.node(), edge.to.node()))
        .collect();
    for cycle in graph::cycles(ir.stages.len() * 2, &pairs) {
        let path: Vec<&Edge> = cycle
            .iter()
            .enumerate()
            .filter_map(|(at, &from)| {
                let to = *cycle.get((at + 1) % cycle.len())?;
                edges
                    .iter()
                    .find(|edge| edge.from.node() == from && edge.to.node() == to)
            })
            .collect();
        // Selection alone is another defect, with a finding of its own.
        let other = |edge: &&Edge| matches!(edge.why, Why::Selected | Why::Runs);
        if !path.iter().all(other) {
            found.extend(finding(ir, &path));
        }
    }
}

fn finding(ir: &Ir, path: &[&Edge]) -> Option<Diagnostic> {
    let mut names: Vec<&str> = path.iter().map(|edge| name(ir, edge.from.stage)).collect();
    names.dedup();
    if names.len() > 1 && names.first() == names.last() {
        names.pop();
    }
    names.extend(names.first().copied());
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let message = format!("stages wait for each other: {}", names.join(" → "));
    let mut steps = path
        .iter()
        .filter_map(|edge| Some((edge.span?, step(ir, edge))));
    let (first, label) = steps.next()?;
    let mut finding = Diagnostic::new(Code::DependencyCycle, first, message).label(label);
    for (span, label) in steps {
        finding = finding.related(span, label);
    }
    Some(finding.help("one of these has to go"))
}

fn edges(ir: &Ir) -> Vec<Edge> {
    let mut edges = Vec::new();
    for stage in &ir.stages {
        edges.push(Edge {
            from: Moment::end(stage.id),
            to: Moment::start(stage.id),
            span: None,
            why: Why::Runs,
        });
        dependencies(ir, stage, &mut edges);
        for list in &stage.owned {
            let ordered = is_ordered(&list.role);
            let mut before: Option<StageId> = None;
            for &(member, span) in &list.stages {
                let mut edge = |from: Moment, to: Moment, why: Why| {
                    edges.push(Edge {
                        from,
                        to,
                        span: Some(span),
                        why,
                    });
                };
                let (start, end) = (Moment::start(member), Moment::end(member));
                // With other owners, this one need not be waited for.
                if member != stage.id && is_only(ir, member) {
                    edge(start, Moment::start(stage.id), Why::Selected);
                    if let Some(before) = before.filter(|before| ordered && *before != member) {
                        edge(start, Moment::end(before), Why::After);
                    }
                }
                if member != stage.id && ordered {
                    edge(Moment::end(stage.id), end, Why::Contains);
                }
                before = Some(member);
            }
        }
    }
    edges
}

fn dependencies(ir: &Ir, stage: &Stage, edges: &mut Vec<Edge>) {
    let from = Moment::start(stage.id);
    for dependency in &stage.depends_on {
        let mut edge = |to: StageId, why: Why| {
            if to != stage.id {
                edges.push(Edge {
                    from,
                    to: Moment::end(to),
                    span: Some(dependency.span),
                    why,
                });
            }
        };
        let around = owners(ir, stage.id);
        // A member of a block may name the block: it waits for its start, which it has anyway.
        if around.contains(&dependency.stage) {
            continue;
        }
        edge(dependency.stage, Why::Depends);
        for block in owners(ir, dependency.stage) {
            let ordered = |stage: &Stage| stage.owned.iter().any(|list| is_ordered(&list.role));
            if !around.contains(&block) && ir.stage(block).is_some_and(ordered) {
                edge(block, Why::Leaves);
            }
        }
    }
}

/// The stages that certainly select a stage, from the nearest on.
fn owners(ir: &Ir, stage: StageId) -> Vec<StageId> {
    let mut out: Vec<StageId> = Vec::new();
    let mut at = stage;
    while let Some([owner]) = ir.stage(at).map(|stage| stage.owners.as_slice()) {
        if out.contains(owner) {
            break;
        }
        out.push(*owner);
        at = *owner;
    }
    out
}

fn is_only(ir: &Ir, member: StageId) -> bool {
    ir.stage(member)
        .is_some_and(|member| member.owners.len() == 1)
}

/// Whether a list is gone through in order, and its owner ends with it.
fn is_ordered(role: &Role) -> bool {
    matches!(role, Role::Try | Role::Catch | Role::Finally | Role::Loop)
}

fn step(ir: &Ir, edge: &Edge) -> String {
    let (from, to) = (name(ir, edge.from.stage), name(ir, edge.to.stage));
    match edge.why {
        Why::Depends | Why::Runs => format!("`{from}` waits for `{to}`"),
        Why::Selected => format!("`{from}` is selected by `{to}`"),
        Why::After => format!("`{from}` comes after `{to}` in the list"),
        Why::Contains => format!("`{from}` ends after `{to}`"),
        Why::Leaves => format!("`{from}` waits for the end of `{to}`"),
    }
}
