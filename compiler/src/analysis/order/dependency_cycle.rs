//! FMC0601: stages wait for each other, through dependencies, owners and lists.
//!
//! Enters: the model. Leaves: one finding for each cycle, which shows every edge of it. Each stage
//! has a start and an end, because waiting for the end of a `trycatch` or `foreach` also means
//! waiting for its members. Must not know the scheduler.

use std::collections::{HashMap, HashSet};

use crate::{
    analysis::Subject,
    diagnostics::{Code, Diagnostic, Found},
    ir::{OwnedList, Role, Stage, StageId, graph},
    model::Model,
    source::Span,
};

/// How many stages of a cycle the message names, before the one that closes it.
const SHOWN: usize = 5;

/// `from` waits for `to` because of the text at `span`; `None` when there is no such text, as for
/// "a stage ends after it starts".
struct Edge {
    from: Moment,
    to: Moment,
    span: Option<Span>,
    why: Why,
}

/// The start or the end of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Moment {
    stage: StageId,
    /// Whether this is the end. Set by `Moment::end`; edges from a start to an end and back make
    /// the cycles.
    end: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    /// `depends_on` names the stage.
    Depends,
    /// The stage is selected by its owner.
    Selected,
    /// It comes later in the same list.
    After,
    /// It is in a list that has its turn later, like `finally_stages` after `try_stages`.
    Turn,
    /// A block ends after its members.
    Contains,
    /// Waiting for a stage inside a block, from outside, means waiting for the end of the block.
    Leaves,
    /// A stage ends after it has started.
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

pub(in crate::analysis) fn run(Subject { model, .. }: Subject<'_>, found: &mut Found) {
    // One edge of the cycle may come from a did-you-mean guess; then the cycle may not exist.
    if model.trust.has_guesses() {
        return;
    }
    let edges = edges(model);
    for path in paths(&edges) {
        found.extend(finding(model, &path));
    }
}

/// Whether there is a cycle, even one that a guess may have caused.
pub(in crate::analysis) fn exists(model: &Model) -> bool {
    !paths(&edges(model)).is_empty()
}

/// The cycles, each as the list of its edges.
fn paths(edges: &[Edge]) -> Vec<Vec<&Edge>> {
    let pairs: Vec<_> = edges.iter().map(|edge| (edge.from, edge.to)).collect();
    // Of several links between the same two moments, the first is shown.
    let mut links: HashMap<(Moment, Moment), &Edge> = HashMap::new();
    for edge in edges {
        links.entry((edge.from, edge.to)).or_insert(edge);
    }
    let mut paths: Vec<Vec<&Edge>> = Vec::new();
    for cycle in graph::cycles(&pairs) {
        let next = cycle.iter().skip(1).chain(cycle.first());
        let steps = cycle.iter().zip(next);
        let path = steps.filter_map(|(&from, &to)| links.get(&(from, to)).copied());
        let path: Vec<&Edge> = path.collect();
        // A cycle of selections only is another defect, with a finding of its own (FMC0605).
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
    // Start and end of the same stage follow each other on the path; name it once.
    names.dedup();
    if names.len() > 1 && names.first() == names.last() {
        names.pop();
    }
    names.extend(names.first().copied());
    let more = names.len().saturating_sub(SHOWN + 1);
    let names = names.iter().enumerate();
    let names = names.filter_map(|(at, name)| match at {
        // A long cycle: its first stages, then how many there are between them and its end.
        SHOWN if more > 0 => Some(format!("{more} more")),
        at if at > SHOWN && at < SHOWN + more => None,
        _ => Some(format!("`{name}`")),
    });
    let names: Vec<String> = names.collect();
    let message = format!("stages wait for each other: {}", names.join(" → "));
    let mut steps = path
        .iter()
        .filter_map(|edge| Some((edge.span?, step(model, edge))));
    let (first, label) = steps.next()?;
    let mut finding = Diagnostic::new(Code::DependencyCycle, first, message).label(label);
    for (span, label) in steps {
        finding = finding.related(span, label);
    }
    Some(finding.help("remove one of these links"))
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

/// Adds the edges of a stage's lists, in the order of their turns, each entry after the previous
/// one.
fn ownership(model: &Model, stage: &Stage, edges: &mut Vec<Edge>) {
    let mut lists: Vec<&OwnedList> = stage.owned.iter().collect();
    lists.sort_by_key(|list| list.role.turn());
    let mut seen: HashSet<StageId> = HashSet::new();
    let mut before: Option<(StageId, &Role)> = None;
    for list in lists {
        let ordered = list.role.turn().is_some();
        for &(member, span) in &list.stages {
            // The second mention of a stage adds nothing: it runs at its first place.
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
            // A stage with several owners does not have to wait for this one.
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
        // A member may name its owner in `depends_on`, as examples of FlowMason do. It then waits
        // for the start of the owner, which it does anyway, and the executor agrees.
        if around.contains(dependency.stage) {
            continue;
        }
        edge(dependency.stage, Why::Depends);
        for block in model.graph.certain_owners(dependency.stage) {
            if !around.contains(block) && model.graph.is_block(block) {
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
