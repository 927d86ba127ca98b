//! What the scheduler asks of a pipeline's shape again and again.
//!
//! Enters: the static stages. Leaves: which stages a frame holds, and which stages lie inside a
//! block. Must not know the state of any run.

use std::collections::BTreeSet;

use crate::{
    base::ids::IdMap,
    plan::{StageKind, StagePlan},
    run::store::StageIndex,
};

/// The shape of a pipeline.
#[derive(Debug)]
pub(crate) struct Graph {
    stages: &'static [StagePlan],
    members: IdMap<Option<StageIndex>, Vec<StageIndex>>,
    /// By stage: its place among the members of its frame.
    slots: Vec<usize>,
    inside: IdMap<StageIndex, Vec<bool>>,
    /// By stage: the stages that may be able to start once it has moved on, each with the place in
    /// its `depends_on` that means the stage or something inside it.
    dependents: Vec<Vec<(StageIndex, u32)>>,
    /// By stage: the trycatch blocks that own it, directly or through others.
    tries: IdMap<StageIndex, Vec<StageIndex>>,
}

impl Graph {
    /// Reads the shape.
    pub(crate) fn new(stages: &'static [StagePlan]) -> Self {
        let mut members: IdMap<_, Vec<_>> = IdMap::default();
        let mut slots = Vec::with_capacity(stages.len());
        for (index, stage) in (0..).zip(stages) {
            let members = members.entry(stage.foreach).or_default();
            slots.push(members.len());
            members.push(index);
        }
        let mut graph = Self {
            stages,
            members,
            slots,
            inside: IdMap::default(),
            dependents: Vec::new(),
            tries: IdMap::default(),
        };
        for (index, stage) in (0..).zip(stages) {
            if stage.kind.is_control() {
                let inside = graph.reach(index);
                graph.inside.insert(index, inside);
            }
            if matches!(stage.kind, StageKind::TryCatch { .. }) {
                for inner in graph.owned_by(index) {
                    graph.tries.entry(inner).or_default().push(index);
                }
            }
        }
        graph.dependents = graph.find_dependents();
        graph
    }

    fn find_dependents(&self) -> Vec<Vec<(StageIndex, u32)>> {
        let mut direct = vec![Vec::new(); self.stages.len()];
        for (index, stage) in (0..).zip(self.stages) {
            for (place, dependency) in (0..).zip(stage.depends_on) {
                if let Some(of) = direct.get_mut(dependency.stage as usize) {
                    of.push((index, place));
                }
            }
        }
        let mut all = direct.clone();
        for (index, found) in (0..).zip(&mut all) {
            // What rests on a stage inside a block waits for the block.
            for inner in self.owned_by(index) {
                found.extend(direct.get(inner as usize).into_iter().flatten());
            }
            found.sort_unstable();
            found.dedup();
        }
        all
    }

    /// The stages that may be able to start once this one has moved on.
    pub(crate) fn dependents(&self, index: StageIndex) -> &[(StageIndex, u32)] {
        self.dependents
            .get(index as usize)
            .map_or(&[], Vec::as_slice)
    }

    /// The trycatch blocks that own a stage, directly or through others.
    pub(crate) fn tries_around(&self, index: StageIndex) -> &[StageIndex] {
        self.tries.get(&index).map_or(&[], Vec::as_slice)
    }

    /// A stage.
    pub(crate) fn stage(&self, index: StageIndex) -> Option<&'static StagePlan> {
        self.stages.get(index as usize)
    }

    /// A stage's id, for messages.
    pub(crate) fn id(&self, index: StageIndex) -> &'static str {
        self.stage(index).map_or("", |stage| stage.id)
    }

    /// The loop whose iterations hold a stage; none for the run's own frame.
    pub(crate) fn foreach_of(&self, index: StageIndex) -> Option<StageIndex> {
        self.stage(index)?.foreach
    }

    /// The stages of a frame, in document order.
    pub(crate) fn members(&self, of: Option<StageIndex>) -> &[StageIndex] {
        self.members.get(&of).map_or(&[], Vec::as_slice)
    }

    /// The place of a stage among the members of its frame.
    pub(crate) fn slot(&self, stage: StageIndex) -> Option<usize> {
        self.slots.get(stage as usize).copied()
    }

    /// Whether `stage` belongs to the block of the control stage `block`: it is owned by it,
    /// directly or not, or something owned by it rests on the stage. Such a stage cannot wait
    /// for the block's end.
    pub(crate) fn is_inside(&self, stage: StageIndex, block: StageIndex) -> bool {
        let inside = self.inside.get(&block);
        inside
            .and_then(|inside| inside.get(stage as usize))
            .copied()
            .unwrap_or(false)
    }

    /// Whether a control stage owns a stage, directly or through others.
    pub(crate) fn is_owned_by(&self, stage: StageIndex, block: StageIndex) -> bool {
        self.owned_by(block).contains(&stage)
    }

    /// Everything a stage owns, directly or through others.
    fn owned_by(&self, block: StageIndex) -> BTreeSet<StageIndex> {
        let mut open = owned(self.stage(block));
        let mut seen = BTreeSet::new();
        while let Some(next) = open.pop() {
            if seen.insert(next) {
                open.extend(owned(self.stage(next)));
            }
        }
        seen
    }

    fn reach(&self, block: StageIndex) -> Vec<bool> {
        let mut inside = vec![false; self.stages.len()];
        let mut open = owned(self.stage(block));
        while let Some(index) = open.pop() {
            let Some(seen) = inside.get_mut(index as usize).filter(|seen| !**seen) else {
                continue;
            };
            *seen = true;
            open.extend(owned(self.stage(index)));
        }
        // What the inside rests on, unless that is the block itself.
        let mut open: Vec<StageIndex> = (0..)
            .zip(&inside)
            .filter(|(_, seen)| **seen)
            .map(|(index, _)| index)
            .collect();
        while let Some(index) = open.pop() {
            let stage = self.stage(index);
            for dependency in stage.map_or(&[][..], |stage| stage.depends_on) {
                let seen = inside.get_mut(dependency.stage as usize);
                if let Some(seen) = seen.filter(|seen| !**seen && dependency.stage != block) {
                    *seen = true;
                    open.push(dependency.stage);
                }
            }
        }
        inside
    }
}

/// Everything a stage may select, list after list.
pub(crate) fn owned(stage: Option<&StagePlan>) -> Vec<StageIndex> {
    let lists: Vec<&[StageIndex]> = match stage.map(|stage| &stage.kind) {
        Some(StageKind::Router { routes, default }) => {
            let routes = routes.iter().map(|(_, stages)| *stages);
            routes.chain(*default).collect()
        }
        Some(StageKind::Conditional { on_true, on_false }) => vec![on_true, on_false],
        Some(StageKind::TryCatch {
            body,
            catch,
            finally,
        }) => vec![body, catch, finally],
        Some(StageKind::Foreach { body, .. }) => vec![body],
        Some(StageKind::Leaf(_) | StageKind::Return) | None => Vec::new(),
    };
    lists.concat()
}
