//! The scheduler: a state machine without tasks or time (language reference, section 6).
//!
//! Enters: how started stages ended. Leaves: actions, in an order that depends only on these
//! events. Every stage of a frame ends in exactly one state. Even a graph with mistakes never makes
//! a stage wait for ever. Must not know components, clocks or tasks.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, BinaryHeap, VecDeque},
};

use crate::{
    base::{fault::Fault, ids::IdMap},
    executor::schedule::{
        frames::{Frames, Tally},
        graph::Graph,
        types::{
            Action, Block, BlockEnd, Done, End, Failure, ForeachBlock, Instance, ListKind, Open,
            Phase, Selector, Skip, State, Stop, TryBlock,
        },
    },
    plan::StageKind,
    run::store::{FrameId, ROOT, StageIndex},
};

/// In [`Machine::touched`]: no single dependency has changed, but the stage must be looked at.
pub(super) const NO_PLACE: u32 = u32::MAX;

/// The scheduler of one run.
#[derive(Debug)]
pub(crate) struct Machine {
    pub(super) graph: Graph,
    pub(super) frames: Frames,
    pub(super) last_frame: FrameId,
    pub(super) tally: Tally,
    /// Waiting stages that must be looked at, each with the position in `depends_on` of the
    /// dependency that changed, or [`NO_PLACE`].
    pub(super) touched: Vec<(Instance, u32)>,
    /// Whether something began to stop (the run, or a block because of a failure) since everything
    /// was last looked at. `stop`, `halt` and `fail` set it; `settle` reads it, takes back ready
    /// stages, and ends rests.
    pub(super) stopping: bool,
    /// Dormant stages whose owners may all have ended. Those that no owner can select any more are
    /// skipped.
    pub(super) retirable: BTreeSet<Instance>,
    /// The ready stages, the first in document order on top. Some of them may not start any more;
    /// their cells show that.
    pub(super) ready: BinaryHeap<Reverse<Instance>>,
    pub(super) open: BTreeSet<Instance>,
    /// Open blocks in which something has changed, so that they must be looked at.
    pub(super) moved: BTreeSet<Instance>,
    pub(super) failures: IdMap<Instance, Failure>,
    pub(super) actions: VecDeque<Action>,
    pub(super) stop: Option<Stop>,
    /// The stages and blocks that rest: between two attempts (`Running`), before the try list runs
    /// again (`Open`), or before the block is run again with its settings evaluated anew
    /// (`Closing`).
    pub(super) resting: BTreeSet<Instance>,
    running: usize,
    /// How many blocks are `Closing`, or rest before a try list runs again. The run is not over
    /// while there is one.
    pub(super) held: usize,
    limit: usize,
}

impl Machine {
    /// A scheduler that lets at most `limit` stages run at the same time.
    pub(crate) fn new(graph: Graph, limit: usize) -> Self {
        let mut machine = Self {
            graph,
            frames: Frames::default(),
            last_frame: ROOT,
            tally: Tally::default(),
            touched: Vec::new(),
            stopping: false,
            retirable: BTreeSet::new(),
            ready: BinaryHeap::new(),
            open: BTreeSet::new(),
            moved: BTreeSet::new(),
            failures: IdMap::default(),
            actions: VecDeque::new(),
            stop: None,
            resting: BTreeSet::new(),
            running: 0,
            held: 0,
            limit: limit.max(1),
        };
        machine.open_frame(ROOT, None, None, 0);
        machine.settle();
        machine
    }

    /// The facts about the stages.
    pub(crate) fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Why no new stage starts, if the run is stopping.
    pub(crate) fn stopped(&self) -> Option<&Stop> {
        self.stop.as_ref()
    }

    /// The next action. `None` until the next event, or when the run is over.
    pub(crate) fn next(&mut self) -> Option<Action> {
        if let Some(action) = self.actions.pop_front() {
            return Some(action);
        }
        if self.running < self.limit {
            let instance = self.next_ready()?;
            self.running += 1;
            self.put(instance, State::Running);
            return Some(Action::Start(instance));
        }
        None
    }

    fn next_ready(&mut self) -> Option<Instance> {
        loop {
            let Reverse(instance) = self.ready.pop()?;
            if matches!(self.state(instance), Some(State::Ready)) {
                return Some(instance);
            }
        }
    }

    /// Whether everything has ended and every action has been taken.
    pub(crate) fn is_finished(&self) -> bool {
        self.running == 0
            && self.held == 0
            && self.actions.is_empty()
            && self.tally.ready == 0
            && self.tally.waiting == 0
            && self.open.is_empty()
    }

    /// The attempts of a started stage are over.
    pub(crate) fn finish(&mut self, instance: Instance, result: Result<Done, Fault>) {
        if !matches!(self.state(instance), Some(State::Running)) {
            return;
        }
        self.resting.remove(&instance);
        self.running -= 1;
        match result {
            Err(fault) => self.fail(
                instance,
                Failure {
                    at: instance,
                    fault,
                },
            ),
            Ok(Done::Plain) => self.set(instance, State::Done(End::Succeeded)),
            Ok(Done::Select(stages)) => self.select_all(instance, stages),
            Ok(Done::Try(settings)) => {
                let block = Block::Try(TryBlock {
                    settings,
                    phase: Phase::Body,
                    next: 0,
                    retries: 0,
                    error: None,
                    caught: false,
                    raise: None,
                    cut: false,
                });
                self.open_block(instance, block);
            }
            Ok(Done::Foreach(settings)) => {
                let block = Block::Foreach(ForeachBlock {
                    settings,
                    next: 0,
                    running: BTreeSet::new(),
                    moved: BTreeSet::new(),
                    failed: 0,
                });
                self.open_block(instance, block);
            }
        }
        self.settle();
    }

    /// The output of a control stage has been made, or it ends with its failure.
    pub(crate) fn closed(&mut self, instance: Instance, end: Result<(), Failure>) {
        if !matches!(self.state(instance), Some(State::Closing)) {
            return;
        }
        self.held -= 1;
        self.resting.remove(&instance);
        match end {
            Ok(()) => {
                self.mark_caught(instance);
                self.set(instance, State::Done(End::Succeeded));
            }
            Err(failure) => self.fail(instance, failure),
        }
        self.settle();
    }

    /// A control stage ended without a result, because everything stopped.
    pub(crate) fn cut(&mut self, instance: Instance) {
        if matches!(self.state(instance), Some(State::Closing)) {
            self.held -= 1;
            self.resting.remove(&instance);
            // The driver has already recorded how it ended.
            self.set(instance, State::Done(End::Skipped(Skip::Stopped)));
            self.settle();
        }
    }

    /// A failed control stage is run again, with its settings evaluated anew.
    pub(crate) fn rerun(&mut self, instance: Instance) {
        if matches!(self.state(instance), Some(State::Closing)) {
            self.held -= 1;
            self.resting.remove(&instance);
            let roles = [
                ListKind::Choice,
                ListKind::Try,
                ListKind::Catch,
                ListKind::Finally,
            ];
            self.reset(instance, &roles);
            self.set(instance, State::Waiting);
            self.settle();
        }
    }

    /// The time limit of a control stage was reached: the stages that run inside are cancelled, and
    /// its finally list runs.
    pub(crate) fn expire(&mut self, instance: Instance, fault: Fault) {
        let failure = Failure {
            at: instance,
            fault,
        };
        let Some(open) = self
            .open_block_mut(instance)
            .filter(|open| open.halted.is_none())
        else {
            return;
        };
        open.halted = Some(failure);
        self.stopping = true;
        let mut running = self.instances_that(|state| matches!(state, State::Running));
        running.retain(|one| self.halts(*one, instance));
        self.actions.extend(running.into_iter().map(Action::Cancel));
        self.settle();
    }

    /// From now on no new stage starts, except in finally lists.
    pub(crate) fn stop(&mut self, why: Stop) {
        self.stop.get_or_insert(why);
        self.stopping = true;
        self.settle();
    }

    /// Whether this stage may not start, because the run or a block around it is stopping.
    pub(crate) fn is_stopped_at(&self, instance: Instance) -> bool {
        let mut at = instance;
        loop {
            let Some(selector) = self.cell(at).and_then(|cell| cell.selector) else {
                return self.stop.is_some();
            };
            match selector.through {
                // A finally list runs even when everything around it stops.
                ListKind::Finally => return false,
                _ if self.is_halted(selector.owner) => return true,
                ListKind::Choice | ListKind::Try | ListKind::Catch | ListKind::Foreach => {
                    at = selector.owner
                }
            }
        }
    }

    /// The failure that the name `error` shows in a catch or finally stage.
    pub(crate) fn error_at(&self, instance: Instance) -> Option<&Failure> {
        let mut at = instance;
        loop {
            let selector = self.cell(at)?.selector?;
            if matches!(selector.through, ListKind::Catch | ListKind::Finally) {
                let State::Open(open) = self.state(selector.owner)? else {
                    return None;
                };
                return match &open.block {
                    Block::Try(block) => block.error.as_ref().or(block.raise.as_ref()),
                    Block::Select(_) | Block::Foreach(_) => None,
                };
            }
            at = selector.owner;
        }
    }

    pub(super) fn settle(&mut self) {
        loop {
            let mut changed = false;
            for instance in std::mem::take(&mut self.moved) {
                if self.advance(instance) {
                    changed = true;
                    // A step was made; there may be another one.
                    self.moved.insert(instance);
                }
            }
            if std::mem::take(&mut self.stopping) {
                let waiting = self.instances_that(|state| matches!(state, State::Waiting));
                let waiting = waiting.into_iter();
                self.touched
                    .extend(waiting.map(|instance| (instance, NO_PLACE)));
                self.move_all();
                changed = true;
                self.unready();
                self.wake();
            }
            changed |= self.decide_touched();
            while let Some(instance) = self.retirable.pop_first() {
                let is_dormant = matches!(self.state(instance), Some(State::Dormant));
                changed |= is_dormant && self.retire(instance);
            }
            let is_quiet = !changed || !self.is_looking();
            if is_quiet && !self.unblock() {
                return;
            }
        }
    }

    /// Whether something must be looked at.
    fn is_looking(&self) -> bool {
        self.stopping
            || !self.moved.is_empty()
            || !self.touched.is_empty()
            || !self.retirable.is_empty()
    }

    /// Looks at the touched stages, in document order.
    fn decide_touched(&mut self) -> bool {
        let mut touched = std::mem::take(&mut self.touched);
        touched.sort_unstable();
        touched.dedup();
        let mut changed = false;
        for places in touched.chunk_by(|(one, _), (other, _)| one == other) {
            if let Some((instance, _)) = places.first()
                && matches!(self.state(*instance), Some(State::Waiting))
            {
                changed |= self.decide(*instance, places);
            }
        }
        touched.clear();
        if self.touched.is_empty() {
            // The memory is used again.
            self.touched = touched;
        }
        changed
    }

    /// Takes back stages that were ready but may not start any more.
    fn unready(&mut self) {
        for instance in self.instances_that(|state| matches!(state, State::Ready)) {
            if self.is_stopped_at(instance) {
                self.skip(instance, Skip::Stopped);
            }
        }
    }

    pub(super) fn snapshot(&self, set: impl FnOnce(&Self) -> &BTreeSet<Instance>) -> Vec<Instance> {
        set(self).iter().copied().collect()
    }

    /// Nothing changes although something waits: ends stages that wait for each other.
    fn unblock(&mut self) -> bool {
        let moving = self.running > 0 || self.held > 0 || self.tally.ready > 0;
        if moving {
            return false;
        }
        if self.tally.waiting > 0
            && let Some(instance) = self.first_that(|state| matches!(state, State::Waiting))
        {
            self.skip(instance, Skip::Unreachable);
            return true;
        }
        if let Some(instance) = self.open.first().copied() {
            if let Some(open) = self.open_block_mut(instance) {
                open.forced = true;
            }
            self.move_whole(instance);
            return true;
        }
        if self.tally.dormant == 0 {
            return false;
        }
        // Stages that own each other are never selected.
        let lost = self.instances_that(|state| matches!(state, State::Dormant));
        for instance in &lost {
            self.skip(*instance, Skip::NotSelected);
        }
        !lost.is_empty()
    }

    /// Skips a stage that no owner can select any more.
    fn retire(&mut self, instance: Instance) -> bool {
        let why = self.retirement(instance);
        if let Some(why) = why {
            self.skip(instance, why);
        }
        why.is_some()
    }

    pub(super) fn retirement(&self, instance: Instance) -> Option<Skip> {
        let owners = self.graph.stage(instance.stage)?.owners;
        // An owner that the frame cannot see cannot select it either.
        let owners = owners
            .iter()
            .filter_map(|owner| self.resolve(instance.frame, *owner));
        let mut broke_off = false;
        for owner in owners {
            broke_off |= match self.end_of(owner)? {
                End::Succeeded => false,
                End::Skipped(why) => why == Skip::Stopped,
                End::Failed { .. } => !self.has_chosen(owner),
            };
        }
        Some(if self.stop.is_some() && broke_off {
            Skip::Stopped
        } else {
            Skip::NotSelected
        })
    }

    /// Whether a failed stage is a router or conditional whose chosen stages failed. It did make
    /// its choice, so the stages that it did not choose were not kept from running by the failure.
    fn has_chosen(&self, failed: Instance) -> bool {
        let kind = self.graph.stage(failed.stage).map(|stage| &stage.kind);
        matches!(
            kind,
            Some(StageKind::Router { .. } | StageKind::Conditional { .. })
        ) && self
            .failures
            .get(&failed)
            .is_some_and(|failure| failure.at != failed)
    }

    fn select_all(&mut self, instance: Instance, stages: Vec<StageIndex>) {
        for stage in &stages {
            self.select(instance, ListKind::Choice, instance.frame, *stage);
        }
        self.open_block(instance, Block::Select(stages));
    }

    /// Selects a stage of `owner`, once.
    pub(super) fn select(
        &mut self,
        owner: Instance,
        role: ListKind,
        frame: FrameId,
        stage: StageIndex,
    ) {
        let Some(member) = self.resolve(frame, stage) else {
            return;
        };
        if !matches!(self.state(member), Some(State::Dormant)) {
            return;
        }
        if let Some(cell) = self.cell_mut(member) {
            cell.selector = Some(Selector {
                owner,
                through: role,
            });
        }
        if self.graph.stage(stage).is_some_and(|stage| stage.enabled) {
            self.set(member, State::Waiting);
        } else {
            self.skip(member, Skip::Disabled);
        }
    }

    fn open_block(&mut self, instance: Instance, block: Block) {
        let open = Open {
            block,
            halted: None,
            forced: false,
        };
        self.set(instance, State::Open(Box::new(open)));
    }

    pub(super) fn close(&mut self, instance: Instance, end: BlockEnd) {
        self.held += 1;
        self.set(instance, State::Closing);
        self.actions.push_back(Action::Close(instance, end));
    }

    pub(super) fn fail(&mut self, instance: Instance, failure: Failure) {
        self.failures.insert(instance, failure.clone());
        self.set(instance, State::Done(End::Failed { caught: false }));
        let selector = self.cell(instance).and_then(|cell| cell.selector);
        if selector.is_none() {
            self.stop.get_or_insert(Stop::Failed(failure));
            self.stopping = true;
        }
    }

    pub(super) fn skip(&mut self, instance: Instance, why: Skip) {
        self.set(instance, State::Done(End::Skipped(why)));
        self.actions.push_back(Action::Skipped(instance, why));
    }

    /// Marks the failures inside a block as caught, because the block has ended well.
    pub(super) fn mark_caught(&mut self, block: Instance) {
        let failed: Vec<_> = self.failures.keys().copied().collect();
        for instance in failed {
            if self.is_selected_by(instance, block, None)
                && matches!(self.state(instance), Some(State::Done(End::Failed { .. })))
            {
                self.set(instance, State::Done(End::Failed { caught: true }));
            }
        }
    }

    /// Takes back the stages that a block selected through these lists, and those that could not be
    /// selected because of them, so that it can run again.
    pub(super) fn reset(&mut self, block: Instance, roles: &[ListKind]) {
        let again: Vec<_> = self
            .instances()
            .into_iter()
            .filter(|instance| match self.end_of(*instance) {
                Some(End::Skipped(Skip::NotSelected)) => {
                    self.graph.is_owned_by(instance.stage, block.stage)
                }
                Some(_) => self.is_selected_by(*instance, block, Some(roles)),
                None => false,
            })
            .collect();
        for instance in again {
            self.failures.remove(&instance);
            self.set(instance, State::Dormant);
            // All its other owners may have ended.
            self.retirable.insert(instance);
            if let Some(cell) = self.cell_mut(instance) {
                cell.selector = None;
            }
            self.actions.push_back(Action::Forget(instance));
        }
    }

    /// Whether a block selected a stage, directly or through others.
    pub(super) fn is_selected_by(
        &self,
        instance: Instance,
        block: Instance,
        roles: Option<&[ListKind]>,
    ) -> bool {
        let mut at = instance;
        while let Some(selector) = self.cell(at).and_then(|cell| cell.selector) {
            if selector.owner == block {
                return roles.is_none_or(|roles| roles.contains(&selector.through));
            }
            at = selector.owner;
        }
        false
    }

    /// Whether halting `block` stops this stage: it is inside the block, but not in a finally list.
    fn halts(&self, instance: Instance, block: Instance) -> bool {
        let mut at = instance;
        while let Some(selector) = self.cell(at).and_then(|cell| cell.selector) {
            if selector.through == ListKind::Finally {
                return false;
            }
            if selector.owner == block {
                return true;
            }
            at = selector.owner;
        }
        false
    }

    pub(super) fn is_halted(&self, block: Instance) -> bool {
        match self.state(block) {
            Some(State::Open(open)) => open.halted.is_some(),
            _ => false,
        }
    }
}
