//! Outputs and variables of a run, in frames: one for the run, one for each loop iteration.
//!
//! Enters: outputs of finished stages, values of `variable-set`, an iteration's item.
//! Leaves: what an expression reads. Must not know scheduling.

use fmc_expr::{Map, Str, Value};

use crate::base::ids::IdMap;

/// A stage's position in [`crate::plan::Pipeline::stages`].
pub type StageIndex = u32;

/// Names a frame; [`ROOT`] is the run itself.
pub(crate) type FrameId = u32;

/// The frame of the run.
pub(crate) const ROOT: FrameId = 0;

/// Outputs by stage.
#[derive(Debug)]
enum Outputs {
    /// Of the run's own frame, which most stages of a pipeline stand in: a place for each.
    All(Vec<Option<Value>>),
    /// Of an iteration, which only the stages of a loop's list stand in.
    Some(IdMap<StageIndex, Value>),
}

impl Default for Outputs {
    fn default() -> Self {
        Self::Some(IdMap::default())
    }
}

impl Outputs {
    fn get(&self, stage: StageIndex) -> Option<&Value> {
        match self {
            Self::All(all) => all.get(stage as usize)?.as_ref(),
            Self::Some(some) => some.get(&stage),
        }
    }

    fn set(&mut self, stage: StageIndex, output: Option<Value>) {
        match (self, output) {
            (Self::All(all), output) => {
                let at = stage as usize;
                if at >= all.len() {
                    all.resize(at + 1, None);
                }
                if let Some(place) = all.get_mut(at) {
                    *place = output;
                }
            }
            (Self::Some(some), Some(output)) => drop(some.insert(stage, output)),
            (Self::Some(some), None) => drop(some.remove(&stage)),
        }
    }
}

#[derive(Debug, Default)]
struct Frame {
    parent: Option<FrameId>,
    outputs: Outputs,
    /// What can be read.
    variables: Map,
    /// Where that comes from: the iteration's own, none for the run.
    own: Map,
    /// And what stages set, in that order.
    set: Vec<(StageIndex, Map)>,
}

impl Frame {
    /// Takes back what a stage did, because it runs again.
    fn forget(&mut self, stage: StageIndex) {
        self.outputs.set(stage, None);
        let before = self.set.len();
        self.set.retain(|(by, _)| *by != stage);
        if self.set.len() < before {
            self.variables = self.own.clone();
            for (_, variables) in &self.set {
                let entries = variables.iter();
                let entries = entries.map(|(name, value)| (name.clone(), value.clone()));
                self.variables.extend(entries);
            }
        }
    }
}

/// All frames that are alive.
#[derive(Debug)]
pub(crate) struct Store {
    /// [`ROOT`]
    root: Frame,
    iterations: IdMap<FrameId, Frame>,
}

impl Store {
    /// A store with the run's frame.
    pub(crate) fn new() -> Self {
        Self {
            root: Frame {
                outputs: Outputs::All(Vec::new()),
                ..Frame::default()
            },
            iterations: IdMap::default(),
        }
    }

    fn frame(&self, id: FrameId) -> Option<&Frame> {
        if id == ROOT {
            Some(&self.root)
        } else {
            self.iterations.get(&id)
        }
    }

    fn frame_mut(&mut self, id: FrameId) -> Option<&mut Frame> {
        if id == ROOT {
            Some(&mut self.root)
        } else {
            self.iterations.get_mut(&id)
        }
    }

    /// Opens an iteration's frame with its variables.
    pub(crate) fn open(&mut self, frame: FrameId, parent: FrameId, variables: Map) {
        let parent = Some(parent);
        self.iterations.insert(
            frame,
            Frame {
                parent,
                own: variables.clone(),
                variables,
                outputs: Outputs::default(),
                set: Vec::new(),
            },
        );
    }

    /// Drops an iteration's frame.
    pub(crate) fn close(&mut self, frame: FrameId) {
        self.iterations.remove(&frame);
    }

    /// Records a stage's output in the frame it ran in.
    pub(crate) fn set_output(&mut self, frame: FrameId, stage: StageIndex, output: Value) {
        if let Some(frame) = self.frame_mut(frame) {
            frame.outputs.set(stage, Some(output));
        }
    }

    /// Forgets a stage's output and the variables it set, because it runs again: nothing of an
    /// earlier try is seen in the next one.
    pub(crate) fn forget(&mut self, frame: FrameId, stage: StageIndex) {
        if let Some(frame) = self.frame_mut(frame) {
            frame.forget(stage);
        }
    }

    /// Sets variables for the stages that come later in the same frame.
    pub(crate) fn set_variables(&mut self, frame: FrameId, by: StageIndex, variables: Map) {
        if let Some(frame) = self.frame_mut(frame) {
            let entries = variables.iter();
            let entries = entries.map(|(name, value)| (name.clone(), value.clone()));
            frame.variables.extend(entries);
            frame.set.push((by, variables));
        }
    }

    /// The output of a stage, innermost frame first.
    pub(crate) fn output(&self, frame: FrameId, stage: StageIndex) -> Option<&Value> {
        self.chain(frame).find_map(|frame| frame.outputs.get(stage))
    }

    /// The value of a variable, innermost frame first.
    pub(crate) fn variable(&self, frame: FrameId, name: &str) -> Option<&Value> {
        self.chain(frame)
            .find_map(|frame| frame.variables.get(name))
    }

    /// Every variable that can be seen from a frame, outer ones first.
    pub(crate) fn variables(&self, frame: FrameId) -> Map {
        let mut frames: Vec<_> = self.chain(frame).collect();
        frames.reverse();
        let entries = frames.into_iter().flat_map(|frame| frame.variables.iter());
        entries
            .map(|(name, value)| (Str::clone(name), value.clone()))
            .collect()
    }

    fn chain(&self, frame: FrameId) -> impl Iterator<Item = &Frame> {
        std::iter::successors(self.frame(frame), |frame| self.frame(frame.parent?))
    }
}

#[cfg(test)]
#[path = "tests/store.rs"]
mod tests;
