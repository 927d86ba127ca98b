//! The order in which stages are understood.
//!
//! Enters: the links of a graph. Leaves: all stages, each after those it waits for, so that the
//! type of an output is known before it is read; and whether some stages wait for each other. Must
//! not know types.

use std::collections::HashMap;

use super::{Graph, StageSet, id, inner::Inner};
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
pub(super) fn of(graph: &Graph, inner: &Inner) -> (Vec<StageId>, bool) {
    let count = graph.links.len();
    let mut search = Search {
        graph,
        inner,
        done: StageSet::default(),
        order: Vec::with_capacity(count),
        marks: vec![Mark::New; count],
        cyclic: false,
        settled: StageSet::default(),
        over: HashMap::new(),
    };
    for at in 0..count {
        search.visit(id(at));
    }
    (search.order, search.cyclic)
}

struct Search<'g> {
    graph: &'g Graph,
    inner: &'g Inner,
    /// The stages that are marked as done.
    done: StageSet,
    order: Vec<StageId>,
    marks: Vec<Mark>,
    /// Whether the search met a stage that it was still working on, which means a cycle.
    cyclic: bool,
    /// Stages that are done, with everything they run. Visiting them again would change nothing.
    settled: StageSet,
    /// By owner: how many entries at the beginning of its lists are settled. Each member of a list
    /// waits for all entries before it; without this count, a list of 4,000 members would be looked
    /// through 4,000 times.
    over: HashMap<StageId, usize>,
}

impl Search<'_> {
    /// Depth-first search with its own stack, so that a long chain cannot overflow.
    fn visit(&mut self, root: StageId) {
        let mut todo = vec![(root, false)];
        while let Some((stage, visited)) = todo.pop() {
            let Some(mark) = self.marks.get_mut(stage.0 as usize) else {
                continue;
            };
            if visited {
                if *mark == Mark::Open {
                    *mark = Mark::Done;
                    self.done.insert(stage);
                    self.order.push(stage);
                }
                continue;
            }
            if *mark != Mark::New {
                self.cyclic |= *mark == Mark::Open;
                continue;
            }
            *mark = Mark::Open;
            todo.push((stage, true));
            let next = self.understood_first(stage).into_iter().rev();
            todo.extend(next.map(|next| (next, false)));
        }
    }

    /// The stages that a stage waits for directly and that are not settled: dependencies, owners,
    /// earlier entries of its list.
    fn waits_for(&mut self, stage: StageId) -> Vec<StageId> {
        let graph = self.graph;
        let mut out = graph.depends_on(stage).to_vec();
        for &owner in graph.owners(stage) {
            out.push(owner);
            let count = graph.over(owner, stage);
            if count == 0 {
                continue;
            }
            let turns = graph.turns(owner).into_iter();
            let entries = turns.flat_map(|(_, members)| members).take(count);
            let mut over = self.over.get(&owner).copied().unwrap_or(0);
            let mut entries = entries.skip(over).copied().peekable();
            while entries.next_if(|entry| self.is_settled(*entry)).is_some() {
                over += 1;
            }
            self.over.insert(owner, over);
            out.extend(entries);
        }
        out
    }

    /// The stages to understand before this one: those it waits for, and those that they run.
    fn understood_first(&mut self, stage: StageId) -> Vec<StageId> {
        let graph = self.graph;
        let mut out = Vec::new();
        let owners: StageSet = graph.owners(stage).iter().copied().collect();
        for first in self.waits_for(stage) {
            // A stage waits only for the decision of its owner, not for what the owner runs.
            if owners.contains(first) {
                out.push(first);
                continue;
            }
            if self.is_settled(first) {
                continue;
            }
            out.push(first);
            let inner = self.inner.of(first);
            if !inner.contains(stage) {
                out.extend(inner.iter().filter(|inner| !self.done.contains(*inner)));
            }
        }
        out
    }

    fn is_settled(&mut self, stage: StageId) -> bool {
        if self.settled.contains(stage) {
            return true;
        }
        let settled = self.done.contains(stage) && self.inner.of(stage).is_within(&self.done);
        if settled {
            self.settled.insert(stage);
        }
        settled
    }
}
