//! What is around a stage: the stages that may select it, and the loop that runs it.
//!
//! Enters: a graph with its order, in which owners come before their members. Leaves: a set and a
//! loop for each stage, each made from those of its owners, so that seven thousand stages inside
//! one another do not take seven thousand walks. Must not know expressions.

use super::{Graph, StageSet};
use crate::{catalogue::StageList, ir::StageId};

/// How often the sets of stages that own each other are made again. Each pass goes once around
/// such a circle, which is a mistake with a finding; two are enough for one circle.
const PASSES: usize = 4;

/// For each stage, by index: all stages that may select it, directly or through stages they own.
pub(super) fn of(graph: &Graph) -> Vec<StageSet> {
    let mut around = vec![StageSet::default(); graph.links.len()];
    for _ in 0..if graph.cyclic { PASSES } else { 1 } {
        let mut changed = false;
        for &stage in &graph.order {
            let mut set = StageSet::default();
            for &owner in graph.owners(stage) {
                set.insert(owner);
                if let Some(outer) = around.get(owner.0 as usize) {
                    set.union(outer);
                }
            }
            if let Some(slot) = around.get_mut(stage.0 as usize)
                && *slot != set
            {
                *slot = set;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    around
}

/// For each stage, by index: the innermost loop whose body contains it, directly or through its
/// nearest owner in a body.
pub(super) fn loops(graph: &Graph) -> Vec<Option<StageId>> {
    let mut loops: Vec<Option<StageId>> = vec![None; graph.links.len()];
    for &stage in &graph.order {
        let found = match (in_body(graph, stage), graph.owners(stage)) {
            (Some(own), _) => Some(own),
            (None, []) => None,
            (None, [only]) => loops.get(only.0 as usize).copied().flatten(),
            (None, _) => of_nearest_owner(graph, stage),
        };
        if let Some(slot) = loops.get_mut(stage.0 as usize) {
            *slot = found;
        }
    }
    loops
}

/// The first loop with a stage in its body.
fn in_body(graph: &Graph, stage: StageId) -> Option<StageId> {
    let mut lists = graph.listed(stage);
    let body = lists.find(|(_, role)| role.is(StageList::Body));
    body.map(|(owner, _)| owner)
}

/// The loop of the nearest owner that is in the body of one.
fn of_nearest_owner(graph: &Graph, stage: StageId) -> Option<StageId> {
    let mut found: Vec<StageId> = Vec::new();
    let mut seen = StageSet::default();
    let mut next = Some(stage);
    let mut at = 0;
    while let Some(stage) = next {
        if let Some(body) = in_body(graph, stage) {
            return Some(body);
        }
        let owners = graph.owners(stage).iter();
        found.extend(owners.filter(|owner| seen.insert(**owner)));
        next = found.get(at).copied();
        at += 1;
    }
    None
}
