//! What is around a stage: the stages that may select it, and the loop that runs it.
//!
//! Enters: a graph with its order, in which owners come before their members. Leaves: a set and a
//! loop for each stage, each made from those of its owners, so that seven thousand stages inside
//! one another do not take seven thousand walks. Must not know expressions.

use std::collections::VecDeque;

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
    let mut nearest = Nearest {
        loops: vec![None; graph.links.len()],
        distance: vec![None; graph.links.len()],
    };
    let mut todo = VecDeque::new();
    for stage in graph.stages() {
        if let Some(own) = in_body(graph, stage) {
            nearest.set(stage, 0, Some(own));
            todo.push_back(stage);
        }
    }
    // From the stages in bodies outwards, the nearest first.
    while let Some(owner) = todo.pop_front() {
        let Some(distance) = nearest.distance(owner) else {
            continue;
        };
        let lists = graph.owned(owner).iter();
        for &member in lists.flat_map(|(_, members)| members) {
            if nearest.distance(member).is_some() {
                continue;
            }
            // All owners that are as near are known. The first in the document counts.
            let mut owners = graph.owners(member).iter();
            let first = owners.find(|owner| nearest.distance(**owner) == Some(distance));
            let found = first.and_then(|first| nearest.loops.get(first.0 as usize)?.as_ref());
            nearest.set(member, distance + 1, found.copied());
            todo.push_back(member);
        }
    }
    nearest.loops
}

/// What is known of each stage.
struct Nearest {
    loops: Vec<Option<StageId>>,
    /// How many owners are between a stage and the one in the body.
    distance: Vec<Option<usize>>,
}

impl Nearest {
    fn distance(&self, stage: StageId) -> Option<usize> {
        self.distance.get(stage.0 as usize).copied().flatten()
    }

    fn set(&mut self, stage: StageId, distance: usize, found: Option<StageId>) {
        if let Some(slot) = self.loops.get_mut(stage.0 as usize) {
            *slot = found;
        }
        if let Some(slot) = self.distance.get_mut(stage.0 as usize) {
            *slot = Some(distance);
        }
    }
}

/// The first loop with a stage in its body.
fn in_body(graph: &Graph, stage: StageId) -> Option<StageId> {
    let mut lists = graph.listed(stage);
    let body = lists.find(|(_, role)| role.is(StageList::Body));
    body.map(|(owner, _)| owner)
}

#[cfg(test)]
mod tests {
    use fmc_test_expressions::Random;

    use super::in_body;
    use crate::{
        catalogue::StageList,
        ir::{
            Role, StageId,
            graph::{Graph, Links, id},
        },
    };

    /// The loop of a stage, found by going outwards from it, all owners of one distance at a time.
    fn outwards(graph: &Graph, stage: StageId) -> Option<StageId> {
        let mut found = vec![stage];
        let mut at = 0;
        while let Some(&stage) = found.get(at) {
            if let Some(body) = in_body(graph, stage) {
                return Some(body);
            }
            for owner in graph.owners(stage) {
                if !found.contains(owner) {
                    found.push(*owner);
                }
            }
            at += 1;
        }
        None
    }

    #[test]
    fn the_loop_of_the_nearest_owner_counts() {
        let mut random = Random::new(3);
        for round in 0..300 {
            let count = 2 + random.below(20);
            let links: Vec<Links> = (0..count)
                .map(|at| {
                    let list = [StageList::Body, StageList::True, StageList::True][random.below(3)];
                    // In every third graph, owners may form circles.
                    let first = if round % 3 == 0 { 0 } else { at + 1 };
                    let members = (first..count).filter(|_| random.below(count) < 2).map(id);
                    Links {
                        owned: vec![(Role::List(list), members.collect())],
                        enabled: true,
                        ..Links::default()
                    }
                })
                .collect();
            let graph = Graph::new(links.clone());
            for stage in graph.stages() {
                let found = graph.loop_of(stage);
                assert_eq!(found, outwards(&graph, stage), "{stage:?} in {links:?}");
            }
        }
    }
}
