//! The scheduler's memory: frames, and the state of each stage in them.
//!
//! Enters: changes of state. Leaves: states, kept together with the sets of waiting, ready,
//! open and dormant stages. Must not decide anything.

use super::{
    graph::is_control,
    machine::{Cell, Frame, Machine},
    state::{Block, End, Instance, Open, Skip, State, TryBlock},
    store::FrameId,
};
use crate::plan::StageIndex;

impl Machine {
    pub(super) fn open_frame(
        &mut self,
        id: FrameId,
        parent: Option<FrameId>,
        of: Option<Instance>,
        index: usize,
    ) {
        let stages = self.graph.members(of.map(|of| of.stage)).to_vec();
        let cells = stages.iter().map(|stage| {
            let cell = Cell {
                state: State::Dormant,
                selector: None,
            };
            (*stage, cell)
        });
        let frame = Frame {
            parent,
            of,
            index,
            next: 0,
            cells: cells.collect(),
        };
        self.frames.insert(id, frame);
        for stage in stages {
            let instance = Instance { stage, frame: id };
            let Some(plan) = self.graph.stage(stage) else {
                continue;
            };
            // In an iteration nothing starts by itself: its list decides.
            if !plan.owners.is_empty() || of.is_some() {
                self.set(instance, State::Dormant);
            } else if plan.enabled {
                self.set(instance, State::Waiting);
            } else {
                self.skip(instance, Skip::Disabled);
            }
        }
    }

    /// Drops an iteration's frame; what was never selected in it is not worth a word.
    pub(super) fn close_frame(&mut self, id: FrameId) {
        let Some(frame) = self.frames.remove(&id) else {
            return;
        };
        for stage in frame.cells.into_keys() {
            let instance = Instance { stage, frame: id };
            self.dormant.remove(&instance);
            self.waiting.remove(&instance);
            self.failures.remove(&instance);
        }
    }

    /// The instance of a stage that is seen from a frame; none when the stage runs in a loop
    /// that the frame is not in.
    pub(super) fn resolve(&self, frame: FrameId, stage: StageIndex) -> Option<Instance> {
        let wanted = self.graph.loop_of(stage);
        let mut at = frame;
        loop {
            let here = self.frames.get(&at)?;
            if here.of.map(|of| of.stage) == wanted {
                return Some(Instance { stage, frame: at });
            }
            at = here.parent?;
        }
    }

    pub(super) fn cell(&self, instance: Instance) -> Option<&Cell> {
        self.frames.get(&instance.frame)?.cells.get(&instance.stage)
    }

    pub(super) fn cell_mut(&mut self, instance: Instance) -> Option<&mut Cell> {
        self.frames
            .get_mut(&instance.frame)?
            .cells
            .get_mut(&instance.stage)
    }

    pub(super) fn state(&self, instance: Instance) -> Option<&State> {
        self.cell(instance).map(|cell| &cell.state)
    }

    pub(super) fn end_of(&self, instance: Instance) -> Option<End> {
        match self.state(instance) {
            Some(State::Done(end)) => Some(*end),
            _ => None,
        }
    }

    pub(super) fn open_block_mut(&mut self, instance: Instance) -> Option<&mut Open> {
        match &mut self.cell_mut(instance)?.state {
            State::Open(open) => Some(open),
            _ => None,
        }
    }

    pub(super) fn try_block(&mut self, instance: Instance) -> Option<&mut TryBlock> {
        match &mut self.open_block_mut(instance)?.block {
            Block::Try(block) => Some(block),
            _ => None,
        }
    }

    pub(super) fn instances(&self) -> Vec<Instance> {
        let frames = self.frames.iter();
        let all = frames.flat_map(|(frame, inner)| {
            inner.cells.keys().map(|stage| Instance {
                stage: *stage,
                frame: *frame,
            })
        });
        let mut all: Vec<_> = all.collect();
        all.sort_unstable();
        all
    }

    pub(super) fn set(&mut self, instance: Instance, state: State) {
        for set in [
            &mut self.dormant,
            &mut self.waiting,
            &mut self.ready,
            &mut self.open,
        ] {
            set.remove(&instance);
        }
        match &state {
            State::Dormant => self.dormant.insert(instance),
            State::Waiting => self.waiting.insert(instance) && self.touched.insert(instance),
            State::Ready => self.ready.insert(instance),
            State::Open(_) => self.open.insert(instance),
            State::Running | State::Closing | State::Done(_) => false,
        };
        if matches!(state, State::Open(_) | State::Closing | State::Done(_)) {
            self.touch_dependents(instance.stage);
            let kind = self.graph.stage(instance.stage).map(|stage| &stage.kind);
            let has_ended = matches!(state, State::Done(_));
            self.retiring |= has_ended && kind.is_some_and(is_control);
        }
        if let Some(cell) = self.cell_mut(instance) {
            cell.state = state;
        }
    }

    /// What waits for a stage, in any frame, is looked at again.
    fn touch_dependents(&mut self, stage: StageIndex) {
        for dependent in self.graph.dependents(stage) {
            let of = |frame| Instance {
                stage: *dependent,
                frame,
            };
            self.touched
                .extend(self.waiting.range(of(FrameId::MIN)..=of(FrameId::MAX)));
        }
    }
}
