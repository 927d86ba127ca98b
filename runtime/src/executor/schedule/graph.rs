//! Facts about the stages of a pipeline that the scheduler needs again and again.
//!
//! Enters: the static stages. Leaves: which stages a frame contains, and which stages are inside a
//! block. Must not know the state of any run.

use std::{collections::BTreeSet, iter};

use crate::{
    base::{ids::IdMap, rows::Rows},
    plan::{StageKind, StagePlan},
    run::store::StageIndex,
};

/// The facts about the stages of one pipeline.
#[derive(Debug)]
pub(crate) struct Graph {
    stages: &'static [StagePlan],
    /// The stages of each frame, by [`row_of`] its loop.
    members: Rows<StageIndex>,
    /// For each stage, where the frames keep it.
    places: Vec<Place>,
    inside: IdMap<StageIndex, Vec<bool>>,
    /// For each stage, the stages that name it in `depends_on`, each with the position there.
    direct: Rows<(StageIndex, u32)>,
    /// For each control stage, those, and the stages that depend on something inside it.
    around: IdMap<StageIndex, Vec<(StageIndex, u32)>>,
    /// For each stage, the trycatch blocks that own it, directly or through others.
    tries: IdMap<StageIndex, Vec<StageIndex>>,
    /// See [`Self::is_scattered`].
    scattered: BTreeSet<StageIndex>,
}

/// Where the frames keep a stage.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    /// The loop in whose iterations it is; `None` for the run's own frame.
    pub(crate) of: Option<StageIndex>,
    /// Its position among the stages of such a frame.
    pub(crate) slot: usize,
}

/// The row of [`Graph::members`] with the stages in the frames of a loop, or of the run.
fn row_of(of: Option<StageIndex>) -> usize {
    of.map_or(0, |of| of as usize + 1)
}

impl Graph {
    /// Finds out the facts.
    pub(crate) fn new(stages: &'static [StagePlan]) -> Self {
        let rests_on = (0..).zip(stages).flat_map(|(index, stage)| {
            let places = (0..).zip(stage.depends_on);
            places.map(move |(place, on)| (on.stage as usize, (index, place)))
        });
        let by_frame = (0..)
            .zip(stages)
            .map(|(index, stage)| (row_of(stage.foreach), index));
        let mut graph = Self {
            stages,
            members: Rows::new(stages.len() + 1, by_frame),
            places: Vec::new(),
            inside: IdMap::default(),
            direct: Rows::new(stages.len(), rests_on),
            around: IdMap::default(),
            tries: IdMap::default(),
            scattered: BTreeSet::new(),
        };
        graph.places = graph.find_places();
        for (index, stage) in (0..).zip(stages) {
            if stage.kind.is_control() {
                graph.enter(index, &stage.kind);
            }
        }
        graph
    }

    fn find_places(&self) -> Vec<Place> {
        let mut places = vec![Place::default(); self.stages.len()];
        let loops = (0..).zip(self.stages).map(|(index, _)| Some(index));
        for of in iter::once(None).chain(loops) {
            for (slot, stage) in self.members(of).iter().enumerate() {
                if let Some(place) = places.get_mut(*stage as usize) {
                    *place = Place { of, slot };
                }
            }
        }
        places
    }

    /// Finds out the facts about a control stage.
    fn enter(&mut self, block: StageIndex, kind: &StageKind) {
        let owned = self.owned_by(block);
        if matches!(kind, StageKind::TryCatch { .. }) {
            for inner in &owned {
                self.tries.entry(*inner).or_default().push(block);
            }
        }
        let here = self.foreach_of(block);
        let is_here = |stage: &StageIndex| {
            let of = self.foreach_of(*stage);
            of == here || of.is_some_and(|of| of == block || owned.contains(&of))
        };
        if !owned.iter().all(is_here) {
            self.scattered.insert(block);
        }
        // A stage that depends on a stage inside a block waits for the block.
        let stages = iter::once(block).chain(owned);
        let resting = stages.flat_map(|stage| self.direct.row(stage as usize));
        let mut resting: Vec<_> = resting.copied().collect();
        resting.sort_unstable();
        resting.dedup();
        self.around.insert(block, resting);
        self.inside.insert(block, self.reach(block));
    }

    /// The stages that may be able to start when this one changes.
    pub(crate) fn dependents(&self, index: StageIndex) -> &[(StageIndex, u32)] {
        match self.around.get(&index) {
            Some(resting) => resting,
            None => self.direct.row(index as usize),
        }
    }

    /// Whether a block owns stages that run neither in its own frame nor in a loop inside it, like
    /// a conditional in a loop that also selects a stage outside. Then stages of other frames may
    /// wait for it. The compiler refuses such pipelines.
    pub(crate) fn is_scattered(&self, block: StageIndex) -> bool {
        self.scattered.contains(&block)
    }

    /// The trycatch blocks that own a stage, directly or through others.
    pub(crate) fn tries_around(&self, index: StageIndex) -> &[StageIndex] {
        self.tries.get(&index).map_or(&[], Vec::as_slice)
    }

    /// A stage.
    pub(crate) fn stage(&self, index: StageIndex) -> Option<&'static StagePlan> {
        self.stages.get(index as usize)
    }

    /// The id of a stage, for messages.
    pub(crate) fn id(&self, index: StageIndex) -> &'static str {
        self.stage(index).map_or("", |stage| stage.id)
    }

    /// The loop in whose iterations a stage is; `None` for the run's own frame.
    pub(crate) fn foreach_of(&self, index: StageIndex) -> Option<StageIndex> {
        self.stage(index)?.foreach
    }

    /// The stages of a frame, in document order.
    pub(crate) fn members(&self, of: Option<StageIndex>) -> &[StageIndex] {
        self.members.row(row_of(of))
    }

    /// Where the frames keep a stage.
    pub(crate) fn place(&self, stage: StageIndex) -> Option<Place> {
        self.places.get(stage as usize).copied()
    }

    /// Whether `stage` is inside the block of the control stage `block`: the block owns it,
    /// directly or through others, or something that the block owns depends on it. Such a stage
    /// cannot wait for the end of the block.
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

    /// All stages that a stage owns, directly or through others.
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
        // The stages that those inside depend on, except the block itself.
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

/// All stages that a stage may select, list after list.
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
        Some(StageKind::Leaf(_) | StageKind::Return) | None => return Vec::new(),
    };
    lists.concat()
}
