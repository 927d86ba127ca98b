//! Changes the states of stages, and notes what must be looked at because of a change.
//!
//! Enters: changes of state, frames to open and close. Leaves: states. The tally, the heap of ready
//! stages and the set of open blocks always agree with them, and what a change may allow to start
//! is noted. Must not decide anything.

use std::{cmp::Reverse, iter};

use crate::{
    executor::schedule::{
        frames::{Cell, Frame},
        graph::owned,
        machine::{Machine, NO_PLACE},
        types::{Block, End, Instance, ListKind, Open, Skip, State, TryBlock},
    },
    plan::{DependencyPlan, StagePlan},
    run::store::{FrameId, ROOT, StageIndex},
};

impl Machine {
    pub(super) fn open_frame(
        &mut self,
        id: FrameId,
        parent: Option<FrameId>,
        of: Option<Instance>,
        index: usize,
    ) {
        let members = self.graph.members(of.map(|of| of.stage));
        let mut cells = Vec::with_capacity(members.len());
        let mut others = Vec::new();
        for stage in members {
            let plan = self.graph.stage(*stage);
            // In an iteration nothing starts by itself: the list of the loop decides.
            let is_free = of.is_none() && plan.is_some_and(|plan| plan.owners.is_empty());
            let instance = Instance {
                stage: *stage,
                frame: id,
            };
            let state = if is_free && plan.is_some_and(|plan| plan.enabled) {
                if !plan.is_some_and(|plan| self.is_asleep(plan)) {
                    self.touched.push((instance, NO_PLACE));
                }
                State::Waiting
            } else {
                others.push((instance, is_free));
                State::Dormant
            };
            self.tally.enter(&state);
            cells.push(Cell::new(state));
        }
        let frame = Frame {
            parent,
            of,
            index,
            next: 0,
            cells,
        };
        self.frames.open(id, frame);
        for (instance, is_free) in others {
            if is_free {
                self.skip(instance, Skip::Disabled);
            } else {
                self.retirable.insert(instance);
                self.move_owners(instance);
            }
        }
    }

    /// Whether a stage of the run's own frame need not be looked at when the run begins: it depends
    /// only on stages of that frame, and none of them has begun. Their ends make the scheduler look
    /// at it.
    fn is_asleep(&self, plan: &StagePlan) -> bool {
        let is_near = |on: &DependencyPlan| {
            let on = self.graph.stage(on.stage);
            on.is_some_and(|on| on.foreach.is_none())
        };
        !plan.depends_on.is_empty() && plan.depends_on.iter().all(is_near)
    }

    /// Drops the frame of an iteration. Stages in it that were never selected are not reported. If
    /// stages waited for each other, a loop inside may have been given up; then its frames are
    /// dropped too.
    pub(super) fn close_frame(&mut self, id: FrameId) {
        let Some(frame) = self.frames.close(id) else {
            return;
        };
        let members = self.graph.members(frame.of.map(|of| of.stage));
        let instances = members.iter().map(|stage| Instance {
            stage: *stage,
            frame: id,
        });
        for (instance, cell) in instances.zip(frame.cells) {
            self.tally.leave(&cell.state);
            self.open.remove(&instance);
            self.resting.remove(&instance);
            self.failures.remove(&instance);
        }
        let frames = self.frames.iter();
        let inner = frames.filter(|(_, frame)| frame.parent == Some(id));
        let inner: Vec<_> = inner.map(|(inner, _)| inner).collect();
        inner.into_iter().for_each(|inner| self.close_frame(inner));
    }

    /// The instance of a stage that a frame can see. `None` when the stage runs in a loop that the
    /// frame is not in.
    pub(super) fn resolve(&self, frame: FrameId, stage: StageIndex) -> Option<Instance> {
        let wanted = self.graph.foreach_of(stage);
        let mut at = frame;
        loop {
            let here = self.frames.get(at)?;
            if here.of.map(|of| of.stage) == wanted {
                return Some(Instance { stage, frame: at });
            }
            at = here.parent?;
        }
    }

    /// The blocks that stop this stage when they are stopped, the innermost first. A block around a
    /// finally list does not stop it.
    pub(crate) fn blocks_around(&self, instance: Instance) -> impl Iterator<Item = Instance> {
        let around = |at: &Instance| {
            let selector = self.cell(*at)?.selector?;
            (selector.through != ListKind::Finally).then_some(selector.owner)
        };
        iter::successors(around(&instance), around)
    }

    pub(super) fn cell(&self, instance: Instance) -> Option<&Cell> {
        let place = self.graph.place(instance.stage)?;
        self.frames.get(instance.frame)?.cell(place)
    }

    pub(super) fn cell_mut(&mut self, instance: Instance) -> Option<&mut Cell> {
        let place = self.graph.place(instance.stage)?;
        self.frames.get_mut(instance.frame)?.cell_mut(place)
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

    /// All stages of all frames, in document order.
    pub(super) fn instances(&self) -> Vec<Instance> {
        self.instances_that(|_| true)
    }

    /// The instances whose state passes a test, in document order.
    pub(super) fn instances_that(&self, is: impl Fn(&State) -> bool) -> Vec<Instance> {
        let frames = self.frames.iter();
        let mut all: Vec<_> = frames
            .flat_map(|(id, frame)| self.states(id, frame))
            .filter(|(_, state)| is(state))
            .map(|(instance, _)| instance)
            .collect();
        all.sort_unstable();
        all
    }

    /// The first instance, in document order, whose state passes a test.
    pub(super) fn first_that(&self, is: impl Fn(&State) -> bool) -> Option<Instance> {
        let frames = self.frames.iter();
        let firsts = frames.filter_map(|(id, frame)| {
            let mut states = self.states(id, frame);
            states.find(|(_, state)| is(state))
        });
        firsts.map(|(instance, _)| instance).min()
    }

    /// The states of a frame, in document order.
    fn states<'a>(
        &'a self,
        id: FrameId,
        frame: &'a Frame,
    ) -> impl Iterator<Item = (Instance, &'a State)> {
        let members = self.graph.members(frame.of.map(|of| of.stage));
        let instances = members.iter().map(move |stage| Instance {
            stage: *stage,
            frame: id,
        });
        instances.zip(frame.cells.iter().map(|cell| &cell.state))
    }

    /// Changes the state of a stage, and notes everything that follows from it.
    pub(super) fn set(&mut self, instance: Instance, state: State) {
        let waits = matches!(state, State::Waiting);
        let opens = matches!(state, State::Open(_));
        let ends = matches!(state, State::Done(_));
        let moves_others = opens || ends || matches!(state, State::Closing);
        let Some(old) = self.put(instance, state) else {
            return;
        };
        if matches!(old, State::Open(_)) {
            self.open.remove(&instance);
        }
        if opens {
            self.open.insert(instance);
            self.moved.insert(instance);
        }
        if waits {
            self.touched.push((instance, NO_PLACE));
        }
        if moves_others {
            self.touch_dependents(instance);
        }
        if ends {
            self.retire_owned(instance);
        }
        self.move_owners(instance);
    }

    /// Changes the state of a stage when nothing follows for other stages: from waiting to ready,
    /// and from ready to running. Stages that wait for it still wait, and the block around it is
    /// still running. Returns the old state.
    pub(super) fn put(&mut self, instance: Instance, state: State) -> Option<State> {
        let place = self.graph.place(instance.stage)?;
        let cell = self.frames.get_mut(instance.frame)?.cell_mut(place)?;
        self.tally.leave(&cell.state);
        self.tally.enter(&state);
        if matches!(state, State::Ready) {
            self.ready.push(Reverse(instance));
        }
        cell.watched = None;
        Some(std::mem::replace(&mut cell.state, state))
    }

    /// Notes the stages that wait for this one, or for something inside it. They are in the same
    /// frame, or, if the two are in different loops, in any frame.
    fn touch_dependents(&mut self, changed: Instance) {
        let around = self.graph.foreach_of(changed.stage);
        let is_scattered = self.graph.is_scattered(changed.stage);
        for (dependent, place) in self.graph.dependents(changed.stage) {
            let is_near = self.graph.foreach_of(*dependent) == around;
            if is_near && !is_scattered {
                let near = Instance {
                    stage: *dependent,
                    frame: changed.frame,
                };
                if matches!(self.state(near), Some(State::Waiting)) {
                    self.touched.push((near, *place));
                }
            } else {
                let waiting =
                    self.in_any_frame(*dependent, |state| matches!(state, State::Waiting));
                self.touched
                    .extend(waiting.into_iter().map(|instance| (instance, *place)));
            }
        }
    }

    /// The instances of a stage, in all frames, whose state passes a test.
    fn in_any_frame(&self, stage: StageIndex, is: impl Fn(&State) -> bool) -> Vec<Instance> {
        let Some(place) = self.graph.place(stage) else {
            return Vec::new();
        };
        let is_such = |frame: &Frame| frame.cell(place).is_some_and(|cell| is(&cell.state));
        if place.of.is_none() {
            let root = self.frames.get(ROOT).filter(|root| is_such(root));
            return Vec::from_iter(root.map(|_| Instance { stage, frame: ROOT }));
        }
        let frames = self.frames.iter().filter(|(_, frame)| is_such(frame));
        frames.map(|(frame, _)| Instance { stage, frame }).collect()
    }

    /// Notes the stages that an ended stage could have selected.
    fn retire_owned(&mut self, owner: Instance) {
        for stage in owned(self.graph.stage(owner.stage)) {
            if self.graph.foreach_of(stage) == self.graph.foreach_of(owner.stage) {
                let frame = owner.frame;
                self.retirable.insert(Instance { stage, frame });
            } else {
                let dormant = self.in_any_frame(stage, |state| matches!(state, State::Dormant));
                self.retirable.extend(dormant);
            }
        }
    }

    /// Notes the blocks that may wait for a stage.
    fn move_owners(&mut self, member: Instance) {
        let Some(stage) = self.graph.stage(member.stage) else {
            return;
        };
        for owner in stage.owners {
            if self.graph.foreach_of(*owner) == stage.foreach {
                // The stage is in the list of a loop but runs outside it. Any iteration of the loop
                // may wait for it.
                self.move_whole(Instance {
                    stage: *owner,
                    frame: member.frame,
                });
            } else if stage.foreach == Some(*owner) {
                self.move_iteration(member.frame);
            } else {
                let owners = self.in_any_frame(*owner, |state| matches!(state, State::Open(_)));
                owners.into_iter().for_each(|owner| self.move_whole(owner));
            }
        }
    }

    fn move_iteration(&mut self, frame: FrameId) {
        let Some(of) = self.frames.get(frame).and_then(|frame| frame.of) else {
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

    /// Notes a block with all its iterations.
    pub(super) fn move_whole(&mut self, block: Instance) {
        if let Some(Open {
            block: Block::Foreach(block),
            ..
        }) = self.open_block_mut(block)
        {
            block.moved = block.running.iter().copied().collect();
        }
        if self.open.contains(&block) {
            self.moved.insert(block);
        }
    }

    /// Notes every open block.
    pub(super) fn move_all(&mut self) {
        let open: Vec<_> = self.open.iter().copied().collect();
        open.into_iter().for_each(|block| self.move_whole(block));
    }
}
