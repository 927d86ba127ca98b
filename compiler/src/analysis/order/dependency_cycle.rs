//! FMC0601: stages that wait for each other, over dependencies, owners and lists.
//!
//! Enters: the model. Leaves: one finding a cycle, with the whole path drawn over its edges. A
//! stage starts and ends; what waits for its end waits for more than what waits for its start:
//! a try block or a loop has only ended when its members have.

use std::collections::HashSet;

use crate::{
    analysis::Subject,
    diagnostics::{Code, Diagnostic},
    ir::{OwnedList, Role, Stage, StageId, graph},
    model::Model,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Moment {
    stage: StageId,
    end: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    Depends,
    Selected,
    After,
    Turn,
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
}

pub(in crate::analysis) fn run(Subject { model, .. }: Subject<'_>, found: &mut Vec<Diagnostic>) {
    // One edge of the cycle may come from a did-you-mean guess; then the cycle may not exist.
    if model.trust.has_guesses() {
        return;
    }
    let edges = edges(model);
    for path in paths(&edges) {
        found.extend(finding(model, &path));
    }
}

/// Whether some stages wait for each other, whoever may be to blame.
pub(in crate::analysis) fn exists(model: &Model) -> bool {
    !paths(&edges(model)).is_empty()
}

/// The cycles, each as the edges along it.
fn paths(edges: &[Edge]) -> Vec<Vec<&Edge>> {
    let pairs: Vec<_> = edges.iter().map(|edge| (edge.from, edge.to)).collect();
    let mut paths: Vec<Vec<&Edge>> = Vec::new();
    for cycle in graph::cycles(&pairs) {
        let next = cycle.iter().skip(1).chain(cycle.first());
        let steps = cycle.iter().zip(next);
        let path = steps.filter_map(|(&from, &to)| {
            let mut edges = edges.iter();
            edges.find(|edge| edge.from == from && edge.to == to)
        });
        let path: Vec<&Edge> = path.collect();
        // Selection alone is another defect, with a finding of its own.
        let other = |edge: &&Edge| matches!(edge.why, Why::Selected | Why::Runs);
        if !path.iter().all(other) {
            paths.push(path);
        }
    }
    paths
}

fn finding(model: &Model, path: &[&Edge]) -> Option<Diagnostic> {
    let mut names: Vec<&str> = path
        .iter()
        .map(|edge| model.name(edge.from.stage))
        .collect();
    names.dedup();
    if names.len() > 1 && names.first() == names.last() {
        names.pop();
    }
    names.extend(names.first().copied());
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let message = format!("stages wait for each other: {}", names.join(" → "));
    let mut steps = path
        .iter()
        .filter_map(|edge| Some((edge.span?, step(model, edge))));
    let (first, label) = steps.next()?;
    let mut finding = Diagnostic::new(Code::DependencyCycle, first, message).label(label);
    for (span, label) in steps {
        finding = finding.related(span, label);
    }
    Some(finding.help("one of these has to go"))
}

fn edges(model: &Model) -> Vec<Edge> {
    let mut edges = Vec::new();
    for stage in &model.stages {
        edges.push(Edge {
            from: Moment::end(stage.id),
            to: Moment::start(stage.id),
            span: None,
            why: Why::Runs,
        });
        dependencies(model, stage, &mut edges);
        ownership(model, stage, &mut edges);
    }
    edges
}

/// List after list in the order of their turns, each entry after the one before it.
fn ownership(model: &Model, stage: &Stage, edges: &mut Vec<Edge>) {
    let mut lists: Vec<&OwnedList> = stage.owned.iter().collect();
    lists.sort_by_key(|list| list.role.turn());
    let mut seen: HashSet<StageId> = HashSet::new();
    let mut before: Option<(StageId, &Role)> = None;
    for list in lists {
        let ordered = list.role.turn().is_some();
        for &(member, span) in &list.stages {
            // In a second place it has run already, or runs because it has not.
            if member == stage.id || !seen.insert(member) {
                continue;
            }
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
            if model.graph.only_owner(member).is_some() {
                edge(start, Moment::start(stage.id), Why::Selected);
                if let Some((before, role)) = before.filter(|_| ordered) {
                    let same = *role == list.role;
                    edge(
                        start,
                        Moment::end(before),
                        if same { Why::After } else { Why::Turn },
                    );
                }
            }
            if ordered {
                edge(Moment::end(stage.id), end, Why::Contains);
            }
            before = Some((member, &list.role));
        }
    }
}

fn dependencies(model: &Model, stage: &Stage, edges: &mut Vec<Edge>) {
    let from = Moment::start(stage.id);
    let around = model.graph.around(stage.id);
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
        // A member may name an owner, as FlowMason's examples do: it waits for its beginning,
        // which it does anyway, and the executor takes it so.
        if around.contains(&dependency.stage) {
            continue;
        }
        edge(dependency.stage, Why::Depends);
        for block in model.graph.certain_owners(dependency.stage) {
            if !around.contains(&block) && model.graph.is_block(block) {
                edge(block, Why::Leaves);
            }
        }
    }
}

fn step(model: &Model, edge: &Edge) -> String {
    let (from, to) = (model.name(edge.from.stage), model.name(edge.to.stage));
    match edge.why {
        Why::Depends | Why::Runs => format!("`{from}` waits for `{to}`"),
        Why::Selected => format!("`{from}` is selected by `{to}`"),
        Why::After => format!("`{from}` comes after `{to}` in the list"),
        Why::Turn => format!("`{from}` is in a list of the same block that comes after `{to}`'s"),
        Why::Contains => format!("`{from}` ends after `{to}`"),
        Why::Leaves => format!("`{from}` waits for the end of `{to}`"),
    }
}
