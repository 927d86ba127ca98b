//! Which stages have certainly finished before a stage starts.
//!
//! Enters: a graph with its order. Leaves: a set for each stage (language reference, section 6,
//! "Reading"): its dependencies, its owners, the earlier entries of its list, and everything that
//! finished before those. For stages on a cycle nothing is certain. Must not know expressions.

use std::{collections::HashMap, rc::Rc};

use super::{Graph, StageSet, inner::Inner};
use crate::ir::StageId;

/// For each stage, by index: what has certainly finished before it starts.
pub(super) fn of(graph: &Graph, inner: &Inner) -> Vec<StageSet> {
    let mut finder = Finder {
        graph,
        known: vec![Rc::default(); graph.links.len()],
        over: HashMap::new(),
        inner,
    };
    // In this order a stage comes after those it waits for.
    for &stage in &graph.order {
        let set = Rc::new(finder.find(stage));
        if let Some(slot) = finder.known.get_mut(stage.0 as usize) {
            *slot = set;
        }
    }
    let known = finder.known.into_iter();
    known.map(Rc::unwrap_or_clone).collect()
}

struct Finder<'g> {
    graph: &'g Graph,
    /// The sets so far. That of a stage which comes later, as there is on a cycle, is empty; the
    /// cycle has a finding of its own (FMC0601).
    known: Vec<Rc<StageSet>>,
    /// By owner: how many of the entries of its lists, and what is certain when these are over.
    /// The members of a list ask for one entry more each.
    over: HashMap<StageId, (usize, StageSet)>,
    /// Everything that only this stage runs.
    inner: &'g Inner,
}

impl Finder<'_> {
    fn before(&self, stage: StageId) -> Rc<StageSet> {
        let known = self.known.get(stage.0 as usize);
        known.map(Rc::clone).unwrap_or_default()
    }

    fn find(&mut self, stage: StageId) -> StageSet {
        let graph = self.graph;
        let mut set = StageSet::default();
        let around = graph.around(stage);
        for &dependency in graph.depends_on(stage) {
            if around.contains(dependency) {
                // A member that names its own owner in `depends_on` waits until the owner has
                // *decided* which stages to run, not until it has ended (language reference,
                // section 6).
                set.union(&self.selecting(dependency));
            } else {
                self.finished(dependency, stage, &mut set);
            }
        }
        // Each of the owners may be the one that selects the stage, so only what is certain for all
        // of them is certain.
        let owners = graph.owners(stage).iter();
        let common =
            owners
                .map(|&owner| self.selected_by(owner, stage))
                .reduce(|mut common, selected| {
                    common.intersect(&selected);
                    common
                });
        set.union(&common.unwrap_or_default());
        set
    }

    /// Adds a stage that has finished, with everything that finished before or together with it.
    fn finished(&mut self, stage: StageId, reader: StageId, set: &mut StageSet) {
        self.ended(stage, set);
        for block in self.graph.blocks_left(stage, reader) {
            set.insert(block);
            set.union(self.inner.of(block));
        }
    }

    /// Adds a stage that has ended, what finished before it, and what it ran.
    fn ended(&mut self, stage: StageId, set: &mut StageSet) {
        set.insert(stage);
        set.union(&self.before(stage));
        set.union(self.inner.of(stage));
    }

    /// What is certain when `owner` has begun to select stages: what finished before the owner, and
    /// the owner's own output if it already has one. A block (`trycatch`, `foreach`) has none yet,
    /// because it ends after its stages.
    fn selecting(&self, owner: StageId) -> StageSet {
        let mut set = StageSet::clone(&self.before(owner));
        if !self.graph.is_block(owner) {
            set.insert(owner);
        }
        set
    }

    /// What is certain when `owner` selects `stage`: also the earlier entries of the owner's lists.
    fn selected_by(&mut self, owner: StageId, stage: StageId) -> StageSet {
        let mut set = self.selecting(owner);
        let count = self.graph.over(owner, stage);
        if count > 0 {
            let known = self
                .over
                .remove(&owner)
                .filter(|(known, _)| *known <= count);
            let (known, mut over) = known.unwrap_or_default();
            let turns = self.graph.turns(owner).into_iter();
            let entries = turns.flat_map(|(_, members)| members);
            // No block around an entry has ended: `stage` is in it too.
            for &entry in entries.take(count).skip(known) {
                self.ended(entry, &mut over);
            }
            set.union(&over);
            self.over.insert(owner, (count, over));
        }
        set
    }
}
