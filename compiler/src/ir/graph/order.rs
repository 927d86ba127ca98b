//! The order in which stages are understood.
//!
//! Enters: the links of a graph. Leaves: every stage after those it waits for, so that the types of
//! what it reads are known before it is; and whether some stages wait for each other.

use std::collections::HashMap;

use super::{Graph, StageSet, id};
use crate::ir::StageId;

/// How far the search has come with a stage.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    /// What it waits for is being visited: to meet it again is to have gone round a cycle.
    Open,
    Done,
}

/// Every stage after those it waits for, ties in document order; and whether some stages wait
/// for each other.
pub(super) fn of(graph: &Graph) -> (Vec<StageId>, bool) {
    let count = graph.links.len();
    let mut search = Search {
        graph,
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
    order: Vec<StageId>,
    marks: Vec<Mark>,
    /// Whether a way led back to where it came from.
    cyclic: bool,
    /// Stages that are done with all they run: to visit them again changes nothing.
    settled: StageSet,
    /// By owner: how many entries of its lists are settled, from the first on. Each member of a
    /// list waits for all before it, and need not look at thousands that are.
    over: HashMap<StageId, usize>,
}

impl Search<'_> {
    /// Depth first with a stack of its own: long chains must not overflow.
    fn visit(&mut self, root: StageId) {
        let mut todo = vec![(root, false)];
        while let Some((stage, visited)) = todo.pop() {
            let Some(mark) = self.marks.get_mut(stage.0 as usize) else {
                continue;
            };
            if visited {
                if *mark == Mark::Open {
                    *mark = Mark::Done;
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

    /// What a stage waits for, directly, and is not settled: dependencies, owners, earlier list
    /// entries.
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

    /// What should be understood before a stage is: what it waits for, and what that runs.
    fn understood_first(&mut self, stage: StageId) -> Vec<StageId> {
        let graph = self.graph;
        let mut out = Vec::new();
        for first in self.waits_for(stage) {
            // Of an owner only its decision is waited for, not what it runs.
            if graph.owners(stage).contains(&first) {
                out.push(first);
                continue;
            }
            if self.is_settled(first) {
                continue;
            }
            out.push(first);
            let mut inner = graph.inner(first);
            if !inner.contains(&stage) {
                inner.sort_unstable();
                out.extend(inner);
            }
        }
        out
    }

    fn is_settled(&mut self, stage: StageId) -> bool {
        let done = |stage: &StageId| self.marks.get(stage.0 as usize) == Some(&Mark::Done);
        if self.settled.contains(stage) {
            return true;
        }
        let settled = done(&stage) && self.graph.inner(stage).iter().all(done);
        if settled {
            self.settled.insert(stage);
        }
        settled
    }
}
