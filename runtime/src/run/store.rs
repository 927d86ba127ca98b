//! The outputs and variables of a run, in frames: one for the run, one for each loop iteration.
//!
//! Enters: outputs of finished stages, values of `variable-set`, the item of an iteration. Leaves:
//! the values that expressions read. Must not know scheduling.

use fmc_expr::{Map, Object, Value};

use crate::base::ids::IdMap;

/// The position of a stage in [`crate::plan::PipelinePlan::stages`].
pub type StageIndex = u32;

/// The number of a frame; [`ROOT`] is the run itself.
pub(crate) type FrameId = u32;

/// The frame of the run.
pub(crate) const ROOT: FrameId = 0;

/// Outputs by stage.
#[derive(Debug)]
enum Outputs {
    /// Those of the run's own frame. Most stages are in it, so there is a place for each.
    All(Vec<Option<Value>>),
    /// Those of an iteration, in which only the stages of one loop are.
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
    /// All variables that can be read here.
    variables: Map,
    /// The variables that the iteration began with; none for the run.
    own: Map,
    /// The variables that stages have set since, in that order.
    set: Vec<(StageIndex, Object)>,
}

impl Frame {
    /// Takes back the output of a stage and the variables it set, because it runs again.
    fn forget(&mut self, stage: StageIndex) {
        self.outputs.set(stage, None);
        let before = self.set.len();
        self.set.retain(|(by, _)| *by != stage);
        if self.set.len() < before {
            self.restore();
        }
    }

    /// Makes the variables what the iteration began with and stages have set since.
    fn restore(&mut self) {
        self.variables = self.own.clone();
        for (_, variables) in &self.set {
            let entries = variables.iter();
            let entries = entries.map(|(name, value)| (name.clone(), value.clone()));
            self.variables.extend(entries);
        }
    }
}

/// All frames that are open.
#[derive(Debug)]
pub(crate) struct Store {
    /// The frame [`ROOT`].
    root: Frame,
    iterations: IdMap<FrameId, Frame>,
}

impl Store {
    /// A store with the frame of the run.
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

    /// Opens the frame of an iteration, with its variables.
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

    /// Drops the frame of an iteration.
    pub(crate) fn close(&mut self, frame: FrameId) {
        self.iterations.remove(&frame);
    }

    /// Sets the output of a stage in the frame it ran in.
    pub(crate) fn set_output(&mut self, frame: FrameId, stage: StageIndex, output: Value) {
        if let Some(frame) = self.frame_mut(frame) {
            frame.outputs.set(stage, Some(output));
        }
    }

    /// Forgets the output of a stage and the variables it set, because it runs again. Nothing of an
    /// earlier try may be read in the next one.
    pub(crate) fn forget(&mut self, frame: FrameId, stage: StageIndex) {
        if let Some(frame) = self.frame_mut(frame) {
            frame.forget(stage);
        }
    }

    /// Sets variables for later stages of the same frame. There may be a million, so that `pay` is
    /// asked before each of them.
    ///
    /// # Errors
    /// That of `pay`; then none of them is set.
    pub(crate) fn set_variables<E>(
        &mut self,
        frame: FrameId,
        by: StageIndex,
        variables: Object,
        mut pay: impl FnMut() -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(frame) = self.frame_mut(frame) else {
            return Ok(());
        };
        for (name, value) in &variables {
            if let Err(error) = pay() {
                frame.restore();
                return Err(error);
            }
            frame.variables.insert(name.clone(), value.clone());
        }
        frame.set.push((by, variables));
        Ok(())
    }

    /// The output of a stage, from the innermost frame that has it.
    pub(crate) fn output(&self, frame: FrameId, stage: StageIndex) -> Option<&Value> {
        self.chain(frame).find_map(|frame| frame.outputs.get(stage))
    }

    /// The value of a variable, from the innermost frame that has it.
    pub(crate) fn variable(&self, frame: FrameId, name: &str) -> Option<&Value> {
        self.chain(frame)
            .find_map(|frame| frame.variables.get(name))
    }

    /// Every variable that can be read in a frame. Inner frames override outer ones.
    pub(crate) fn variables(&self, frame: FrameId) -> Map {
        let mut frames: Vec<_> = self.chain(frame).collect();
        frames.reverse();
        let entries = frames.into_iter().flat_map(|frame| frame.variables.iter());
        entries
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    fn chain(&self, frame: FrameId) -> impl Iterator<Item = &Frame> {
        std::iter::successors(self.frame(frame), |frame| self.frame(frame.parent?))
    }
}

#[cfg(test)]
#[path = "tests/store.rs"]
mod tests;
