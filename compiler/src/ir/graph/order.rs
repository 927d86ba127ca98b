//! The order in which stages are understood.
//!
//! Enters: the links of a graph. Leaves: all stages, each after those it waits for, so that the
//! type of an output is known before it is read; and whether some stages wait for each other. Must
//! not know types.

use super::{Graph, id};
use crate::ir::StageId;

/// How far the search has got with a stage.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    /// The stages it waits for are being visited. Meeting it again means that there is a cycle.
    Open,
    Done,
}

/// All stages, each after those it waits for and otherwise in document order; and whether some
/// stages wait for each other.
pub(super) fn of(graph: &Graph) -> (Vec<StageId>, bool) {
    let count = graph.links.len();
    let mut order = Vec::with_capacity(count);
    let mut marks = vec![Mark::New; count];
    let mut cyclic = false;
    for at in 0..count {
        cyclic |= visit(graph, id(at), &mut marks, &mut order);
    }
    (order, cyclic)
}

/// Depth-first search with its own stack, so that a long chain cannot overflow. Returns whether it
/// met a stage that it was still working on, which means a cycle.
fn visit(graph: &Graph, root: StageId, marks: &mut [Mark], order: &mut Vec<StageId>) -> bool {
    let mut cyclic = false;
    let mut todo = vec![(root, false)];
    while let Some((stage, visited)) = todo.pop() {
        let Some(mark) = marks.get_mut(stage.0 as usize) else {
            continue;
        };
        if visited {
            if *mark == Mark::Open {
                *mark = Mark::Done;
                order.push(stage);
            }
            continue;
        }
        if *mark != Mark::New {
            cyclic |= *mark == Mark::Open;
            continue;
        }
        *mark = Mark::Open;
        todo.push((stage, true));
        let next = understood_first(graph, stage).into_iter().rev();
        todo.extend(next.map(|next| (next, false)));
    }
    cyclic
}

/// The stages that a stage waits for directly: dependencies, owners, earlier entries of its list.
fn waits_for(graph: &Graph, stage: StageId) -> Vec<StageId> {
    let mut out = graph.depends_on(stage).to_vec();
    for &owner in graph.owners(stage) {
        out.push(owner);
        out.extend(graph.earlier(owner, stage));
    }
    out
}

/// The stages to understand before this one: those it waits for, and those that they run.
fn understood_first(graph: &Graph, stage: StageId) -> Vec<StageId> {
    let mut out = Vec::new();
    for first in waits_for(graph, stage) {
        out.push(first);
        if graph.owners(stage).contains(&first) {
            continue;
        }
        let mut inner = graph.inner(first);
        if !inner.contains(&stage) {
            inner.sort_unstable();
            out.extend(inner);
        }
    }
    out
}
