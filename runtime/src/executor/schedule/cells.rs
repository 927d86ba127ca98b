//! The scheduler's memory: frames, and the state of each stage in them.
//!
//! Enters: changes of state. Leaves: states, kept together with the sets of waiting, ready,
//! open and dormant stages, and with what a change gives reason to look at. Must not decide
//! anything.

use std::collections::BTreeSet;

use crate::{
    executor::schedule::{
        graph::owned,
        machine::{Cell, Frame, Machine, NO_PLACE},
        types::{Block, End, Instance, Open, Skip, State, TryBlock},
    },
    run::store::{FrameId, StageIndex},
};

impl Machine {
    pub(super) fn open_frame(
        &mut self,
        id: FrameId,
        parent: Option<FrameId>,
        of: Option<Instance>,
        index: usize,
    ) {
        let stages = self.graph.members(of.map(|of| of.stage)).to_vec();
        let cells = stages.iter().map(|_| Cell {
            state: State::Dormant,
            selector: None,
            watched: None,
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
                self.retirable.insert(instance);
                self.set(instance, State::Dormant);
            } else if plan.enabled {
                self.set(instance, State::Waiting);
            } else {
                self.skip(instance, Skip::Disabled);
            }
        }
    }

    /// Drops an iteration's frame; what was never selected in it is not worth a word. Where stages
    /// wait for each other, a loop inside may have been given up: its frames go too.
    pub(super) fn close_frame(&mut self, id: FrameId) {
        let Some(frame) = self.frames.remove(&id) else {
            return;
        };
        let members = self.graph.members(frame.of.map(|of| of.stage)).to_vec();
        for stage in members {
            let instance = Instance { stage, frame: id };
            for set in [
                &mut self.dormant,
                &mut self.waiting,
                &mut self.ready,
                &mut self.open,
                &mut self.resting,
            ] {
                set.remove(&instance);
            }
            self.failures.remove(&instance);
        }
        let frames = self.frames.iter();
        let inner = frames.filter(|(_, frame)| frame.parent == Some(id));
        let inner: Vec<_> = inner.map(|(inner, _)| *inner).collect();
        inner.into_iter().for_each(|inner| self.close_frame(inner));
    }

    /// The instance of a stage that is seen from a frame; none when the stage runs in a loop
    /// that the frame is not in.
    pub(super) fn resolve(&self, frame: FrameId, stage: StageIndex) -> Option<Instance> {
        let wanted = self.graph.foreach_of(stage);
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
        let frame = self.frames.get(&instance.frame)?;
        let slot = self.slot(frame, instance.stage)?;
        frame.cells.get(slot)
    }

    pub(super) fn cell_mut(&mut self, instance: Instance) -> Option<&mut Cell> {
        let slot = self.slot(self.frames.get(&instance.frame)?, instance.stage)?;
        self.frames.get_mut(&instance.frame)?.cells.get_mut(slot)
    }

    /// Where a frame keeps a stage's cell; none where the stage is not of that frame's loop.
    fn slot(&self, frame: &Frame, stage: StageIndex) -> Option<usize> {
        let is_here = self.graph.foreach_of(stage) == frame.of.map(|of| of.stage);
        is_here.then(|| self.graph.slot(stage))?
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
            State::Dormant
            | State::Waiting
            | State::Ready
            | State::Running
            | State::Closing
            | State::Done(_) => None,
        }
    }

    pub(super) fn try_block(&mut self, instance: Instance) -> Option<&mut TryBlock> {
        match &mut self.open_block_mut(instance)?.block {
            Block::Try(block) => Some(block),
            Block::Select(_) | Block::Foreach(_) => None,
        }
    }

    pub(super) fn instances(&self) -> Vec<Instance> {
        let frames = self.frames.iter();
        let all = frames.flat_map(|(frame, inner)| {
            let members = self.graph.members(inner.of.map(|of| of.stage)).iter();
            members.map(|stage| Instance {
                stage: *stage,
                frame: *frame,
            })
        });
        let mut all: Vec<_> = all.collect();
        all.sort_unstable();
        all
    }

    pub(super) fn set(&mut self, instance: Instance, state: State) {
        let Some(cell) = self.cell_mut(instance) else {
            return;
        };
        if matches!(state, State::Waiting) {
            cell.watched = None;
        }
        let new = SetOf::of(&state);
        let moves_others = matches!(state, State::Open(_) | State::Closing | State::Done(_));
        let is_open = matches!(state, State::Open(_));
        let is_done = matches!(state, State::Done(_));
        let old = SetOf::of(&std::mem::replace(&mut cell.state, state));
        if let Some(set) = self.set_of(old) {
            set.remove(&instance);
        }
        if let Some(set) = self.set_of(new) {
            set.insert(instance);
        }
        if moves_others {
            self.touch_dependents(instance.stage);
        }
        if new == SetOf::Waiting {
            self.touched.push((instance, NO_PLACE));
        }
        if is_open {
            self.moved.insert(instance);
        }
        if is_done {
            self.retire_owned(instance);
        }
        self.move_owners(instance);
    }

    fn set_of(&mut self, set: SetOf) -> Option<&mut BTreeSet<Instance>> {
        match set {
            SetOf::Dormant => Some(&mut self.dormant),
            SetOf::Waiting => Some(&mut self.waiting),
            SetOf::Ready => Some(&mut self.ready),
            SetOf::Open => Some(&mut self.open),
            SetOf::None => None,
        }
    }

    /// What waits for a stage, in any frame, is looked at again.
    fn touch_dependents(&mut self, stage: StageIndex) {
        for (dependent, place) in self.graph.dependents(stage) {
            let waiting = in_any_frame(&self.waiting, *dependent);
            self.touched
                .extend(waiting.map(|instance| (instance, *place)));
        }
    }

    /// What a stage that has ended could have selected is looked at again.
    fn retire_owned(&mut self, owner: Instance) {
        for stage in owned(self.graph.stage(owner.stage)) {
            if self.graph.foreach_of(stage) == self.graph.foreach_of(owner.stage) {
                let frame = owner.frame;
                self.retirable.insert(Instance { stage, frame });
            } else {
                self.retirable.extend(in_any_frame(&self.dormant, stage));
            }
        }
    }

    /// The blocks that may wait for a stage are looked at again.
    fn move_owners(&mut self, member: Instance) {
        let Some(stage) = self.graph.stage(member.stage) else {
            return;
        };
        for owner in stage.owners {
            if self.graph.foreach_of(*owner) == stage.foreach {
                let frame = member.frame;
                let owner = Instance {
                    stage: *owner,
                    frame,
                };
                self.move_block(owner);
            } else if stage.foreach == Some(*owner) {
                self.move_iteration(member.frame);
            } else {
                let owners: Vec<_> = in_any_frame(&self.open, *owner).collect();
                owners.into_iter().for_each(|owner| self.move_whole(owner));
            }
        }
    }

    fn move_block(&mut self, block: Instance) {
        if self.open.contains(&block) {
            self.moved.insert(block);
        }
    }

    fn move_iteration(&mut self, frame: FrameId) {
        let Some(of) = self.frames.get(&frame).and_then(|frame| frame.of) else {
            return;
        };
        if let Some(Open {
            block: Block::Foreach(block),
            ..
        }) = self.open_block_mut(of)
        {
            block.moved.insert(frame);
            self.moved.insert(of);
        }
    }

    /// A block is looked at again with all its iterations.
    pub(super) fn move_whole(&mut self, block: Instance) {
        if let Some(Open {
            block: Block::Foreach(block),
            ..
        }) = self.open_block_mut(block)
        {
            block.moved = block.running.iter().copied().collect();
        }
        self.move_block(block);
    }

    /// Every open block is looked at again.
    pub(super) fn move_all(&mut self) {
        let open: Vec<_> = self.open.iter().copied().collect();
        open.into_iter().for_each(|block| self.move_whole(block));
    }
}

/// In which set a stage is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SetOf {
    Dormant,
    Waiting,
    Ready,
    Open,
    None,
}

impl SetOf {
    fn of(state: &State) -> Self {
        match state {
            State::Dormant => Self::Dormant,
            State::Waiting => Self::Waiting,
            State::Ready => Self::Ready,
            State::Open(_) => Self::Open,
            State::Running | State::Closing | State::Done(_) => Self::None,
        }
    }
}

/// A stage's instances among some.
fn in_any_frame(
    instances: &BTreeSet<Instance>,
    stage: StageIndex,
) -> impl Iterator<Item = Instance> {
    let of = |frame| Instance { stage, frame };
    instances
        .range(of(FrameId::MIN)..=of(FrameId::MAX))
        .copied()
}
