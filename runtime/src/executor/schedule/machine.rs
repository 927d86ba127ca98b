//! The scheduler: a state machine without tasks or time (language reference, section 6).
//!
//! Enters: what became of started stages. Leaves: actions, in an order that depends on nothing
//! but those events. Every stage of a frame ends in exactly one state; no graph, however
//! mistaken, makes it wait for ever.

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

/// In [`Machine::touched`]: no single dependency has changed, but the stage is to be looked at.
pub(super) const NO_PLACE: u32 = u32::MAX;

/// The scheduler of one run.
#[derive(Debug)]
pub(crate) struct Machine {
    pub(super) graph: Graph,
    pub(super) frames: Frames,
    pub(super) last_frame: FrameId,
    pub(super) tally: Tally,
    /// Waiting stages for which something may have changed, each with the place in `depends_on` of
    /// what has, or [`NO_PLACE`].
    pub(super) touched: Vec<(Instance, u32)>,
    /// Something that may keep stages from starting has changed.
    pub(super) stopping: bool,
    /// Dormant stages whose owners may all have ended: what nothing can select is skipped.
    pub(super) retirable: BTreeSet<Instance>,
    /// The ready stages, the first in document order on top; among them those that were to start
    /// and may not any more: their cells say so.
    pub(super) ready: BinaryHeap<Reverse<Instance>>,
    pub(super) open: BTreeSet<Instance>,
    /// Open blocks in which something has moved.
    pub(super) moved: BTreeSet<Instance>,
    pub(super) failures: IdMap<Instance, Failure>,
    pub(super) actions: VecDeque<Action>,
    pub(super) stop: Option<Stop>,
    /// What rests: between two attempts (`Running`), before its try list is run again (`Open`),
    /// or before it is run again from its settings on (`Closing`).
    pub(super) resting: BTreeSet<Instance>,
    running: usize,
    /// How many blocks are `Closing` or rest before a try list is run again: the run is not over
    /// while one is.
    pub(super) held: usize,
    limit: usize,
}

impl Machine {
    /// A scheduler that has at most `limit` stages running.
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

    /// The pipeline's shape.
    pub(crate) fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Why no new stage starts, if so.
    pub(crate) fn stopped(&self) -> Option<&Stop> {
        self.stop.as_ref()
    }

    /// What to do next; none until another event arrives, or for good.
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

    /// Whether everything has ended and every action was taken.
    pub(crate) fn is_finished(&self) -> bool {
        self.running == 0
            && self.held == 0
            && self.actions.is_empty()
            && self.tally.ready == 0
            && self.tally.waiting == 0
            && self.open.is_empty()
    }

    /// A started stage's attempts are over.
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

    /// A control stage's output was made, or its failure stands.
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

    /// A control stage that everything stopped in ended without a result.
    pub(crate) fn cut(&mut self, instance: Instance) {
        if matches!(self.state(instance), Some(State::Closing)) {
            self.held -= 1;
            self.resting.remove(&instance);
            // The driver has said how it ended.
            self.set(instance, State::Done(End::Skipped(Skip::Stopped)));
            self.settle();
        }
    }

    /// A failed control stage is run again from its settings on.
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

    /// A control stage's time is over: what runs inside is cancelled, its finally list runs.
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

    /// No new stage starts from now on, but for finally lists.
    pub(crate) fn stop(&mut self, why: Stop) {
        self.stop.get_or_insert(why);
        self.stopping = true;
        self.settle();
    }

    /// Whether nothing new may start where this stage stands.
    pub(crate) fn is_stopped_at(&self, instance: Instance) -> bool {
        let mut at = instance;
        loop {
            let Some(selector) = self.cell(at).and_then(|cell| cell.selector) else {
                return self.stop.is_some();
            };
            match selector.through {
                // Cleaning up goes on whatever stops around it.
                ListKind::Finally => return false,
                _ if self.is_halted(selector.owner) => return true,
                ListKind::Choice | ListKind::Try | ListKind::Catch | ListKind::Foreach => {
                    at = selector.owner
                }
            }
        }
    }

    /// What failed, for the `error` name of a catch or finally stage.
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
                    // One step was taken; there may be another.
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

    /// Whether there is anything to look at.
    fn is_looking(&self) -> bool {
        self.stopping
            || !self.moved.is_empty()
            || !self.touched.is_empty()
            || !self.retirable.is_empty()
    }

    /// Looks again at what was touched, in document order.
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
            // The room is used again.
            self.touched = touched;
        }
        changed
    }

    /// Stages that were to start but may not any more.
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

    /// Nothing moves although something waits: stages that wait for each other end here.
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
        // Owners that own each other are never selected.
        let lost = self.instances_that(|state| matches!(state, State::Dormant));
        for instance in &lost {
            self.skip(*instance, Skip::NotSelected);
        }
        !lost.is_empty()
    }

    /// A stage that nobody can select any more is skipped.
    fn retire(&mut self, instance: Instance) -> bool {
        let why = self.retirement(instance);
        if let Some(why) = why {
            self.skip(instance, why);
        }
        why.is_some()
    }

    pub(super) fn retirement(&self, instance: Instance) -> Option<Skip> {
        let owners = self.graph.stage(instance.stage)?.owners;
        // An owner that is not in sight cannot select it either.
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

    /// Whether a failed stage is a router or conditional that failed with what it chose: it did
    /// not stop before the stages it did not choose.
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

    /// Lets a stage of `owner` run, once.
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

    /// The failures inside a block that ended well no longer count.
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

    /// Takes back what a block selected through these lists, and what that kept from being
    /// selected, so that it can run again.
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
            // Its owners may all have ended otherwise.
            self.retirable.insert(instance);
            if let Some(cell) = self.cell_mut(instance) {
                cell.selector = None;
            }
            self.actions.push_back(Action::Forget(instance));
        }
    }

    /// Whether a stage was selected by a block, directly or through others.
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

    /// Whether halting `block` reaches this stage: it stands inside and in no finally list.
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
