//! What a router, conditional, trycatch or loop does next.
//!
//! Enters: the states of the stages that a block has selected. Leaves: the next selection, or the
//! end of the block. Lists run in order. Finally lists run even when everything stops. Must not
//! know settings or outputs.

use std::collections::BTreeSet;

use crate::{
    executor::schedule::{
        machine::Machine,
        types::{
            Action, Block, BlockEnd, End, Failure, ForeachSettings, Instance, ListKind, Open,
            Phase, Skip, State, TryBlock,
        },
    },
    plan::StageKind,
    run::store::{FrameId, StageIndex},
};

/// The state of a member of a list, as far as the list needs it.
enum Member {
    Unselected,
    UnderWay,
    Ended,
    Failed(Failure),
}

/// How an iteration ended.
enum Iteration {
    Complete,
    Failed(Failure),
    Cut,
}

impl Machine {
    /// Makes the next step of a block, if one is possible. Returns whether it made one.
    pub(super) fn advance(&mut self, instance: Instance) -> bool {
        let Some(State::Open(open)) = self.state(instance) else {
            return false;
        };
        match &open.block {
            Block::Select(members) => {
                let members = members.clone();
                self.advance_choice(instance, &members)
            }
            Block::Try(_) => self.advance_try(instance),
            Block::Foreach(block) => {
                let settings = block.settings;
                self.advance_foreach(instance, settings)
            }
        }
    }

    fn member(&self, owner: Instance, frame: FrameId, stage: StageIndex) -> Member {
        let forced = matches!(self.state(owner), Some(State::Open(open)) if open.forced);
        let Some(member) = self.resolve(frame, stage) else {
            return Member::Ended;
        };
        // A block cannot wait for itself or for a block around it.
        if member == owner || self.is_selected_by(owner, member, None) {
            return Member::Ended;
        }
        match self.state(member) {
            Some(State::Dormant) => Member::Unselected,
            Some(State::Done(End::Failed { .. })) => match self.failures.get(&member) {
                Some(failure) => Member::Failed(failure.clone()),
                None => Member::Ended,
            },
            Some(State::Done(_)) | None => Member::Ended,
            Some(_) if forced => Member::Ended,
            Some(_) => Member::UnderWay,
        }
    }

    fn is_stopped_inside(&self, block: Instance) -> bool {
        let halted = matches!(self.state(block), Some(State::Open(open)) if open.halted.is_some());
        halted || self.is_stopped_at(block)
    }

    fn halt(&mut self, block: Instance, failure: Failure) -> bool {
        let open = self
            .open_block_mut(block)
            .filter(|open| open.halted.is_none());
        let halts = open.map(|open| open.halted = Some(failure)).is_some();
        self.stopping |= halts;
        halts
    }

    fn halted(&self, block: Instance) -> Option<Failure> {
        match self.state(block) {
            Some(State::Open(open)) => open.halted.clone(),
            _ => None,
        }
    }

    fn advance_choice(&mut self, instance: Instance, members: &[StageIndex]) -> bool {
        let (mut under_way, mut failure) = (false, None);
        for stage in members {
            match self.member(instance, instance.frame, *stage) {
                Member::UnderWay => under_way = true,
                Member::Failed(first) => failure = failure.or(Some(first)),
                Member::Unselected | Member::Ended => {}
            }
        }
        let halted = failure.is_some_and(|failure| self.halt(instance, failure));
        if under_way {
            return halted;
        }
        let end = self
            .halted(instance)
            .map_or(BlockEnd::Selected, BlockEnd::Failed);
        self.close(instance, end);
        true
    }

    fn advance_try(&mut self, instance: Instance) -> bool {
        let stopped = self.is_stopped_inside(instance);
        let Some(block) = self.try_block(instance) else {
            return false;
        };
        let (phase, next) = (block.phase, block.next);
        if phase == Phase::Backoff {
            return self.advance_backoff(instance);
        }
        let (list, role) = self.list(instance.stage, phase);
        let Some(stage) = list.get(next).copied() else {
            self.list_done(instance, phase);
            return true;
        };
        match self.member(instance, instance.frame, stage) {
            Member::UnderWay => return false,
            Member::Unselected if stopped && role != ListKind::Finally => {
                if let Some(block) = self.try_block(instance) {
                    block.cut = true;
                    block.raise = block.error.clone();
                }
                self.enter(instance, Phase::Finally);
            }
            Member::Unselected => self.select(instance, role, instance.frame, stage),
            Member::Ended => {
                if let Some(block) = self.try_block(instance) {
                    block.next += 1;
                }
            }
            Member::Failed(failure) => self.list_failed(instance, phase, failure, stopped),
        }
        true
    }

    /// Ends the rest before a try list runs again, when running it again has become pointless.
    fn advance_backoff(&mut self, instance: Instance) -> bool {
        let ends = self.is_pointless_to_rest(instance);
        if let Some(block) = self.try_block(instance).filter(|_| ends) {
            block.raise = block.error.clone();
            self.held -= 1;
            self.enter(instance, Phase::Finally);
        }
        ends
    }

    fn list(&self, stage: StageIndex, phase: Phase) -> (&'static [StageIndex], ListKind) {
        match self.graph.stage(stage).map(|stage| &stage.kind) {
            Some(StageKind::TryCatch {
                body,
                catch,
                finally,
            }) => match phase {
                Phase::Body | Phase::Backoff => (body, ListKind::Try),
                Phase::Catch => (catch, ListKind::Catch),
                Phase::Finally => (finally, ListKind::Finally),
            },
            _ => (&[], ListKind::Finally),
        }
    }

    fn enter(&mut self, instance: Instance, phase: Phase) {
        if let Some(block) = self.try_block(instance) {
            block.phase = phase;
            block.next = 0;
        }
    }

    fn list_done(&mut self, instance: Instance, phase: Phase) {
        match phase {
            Phase::Body | Phase::Backoff => self.enter(instance, Phase::Finally),
            Phase::Catch => {
                if let Some(block) = self
                    .try_block(instance)
                    .filter(|block| block.settings.propagate)
                {
                    block.raise = block.error.clone();
                }
                self.enter(instance, Phase::Finally);
            }
            Phase::Finally => {
                let halted = self.halted(instance);
                let end = self.try_block(instance).map(|block| try_end(block, halted));
                self.close(instance, end.unwrap_or(BlockEnd::Cut));
            }
        }
    }

    fn list_failed(&mut self, instance: Instance, phase: Phase, failure: Failure, stopped: bool) {
        let Some(block) = self.try_block(instance) else {
            return;
        };
        match phase {
            Phase::Body | Phase::Backoff => {
                block.error = Some(failure.clone());
                let again = block.retries < block.settings.max_retries;
                let delay = block.settings.retry_delay_ms;
                let again = again && failure.fault.kind.is_retryable();
                if again && self.rest(instance) {
                    if let Some(block) = self.try_block(instance) {
                        block.retries += 1;
                        block.phase = Phase::Backoff;
                    }
                    self.held += 1;
                    self.actions.push_back(Action::Rest(instance, delay));
                    return;
                }
                let Some(block) = self.try_block(instance) else {
                    return;
                };
                if !stopped && failure.fault.is_caught_by(&block.settings.catch_types) {
                    block.caught = true;
                    self.mark_caught(instance);
                    self.enter(instance, Phase::Catch);
                } else {
                    block.raise = Some(failure);
                    self.enter(instance, Phase::Finally);
                }
            }
            Phase::Catch => {
                block.raise = Some(failure);
                self.enter(instance, Phase::Finally);
            }
            Phase::Finally => {
                block.raise = Some(failure);
                block.next = usize::MAX;
            }
        }
    }

    fn advance_foreach(&mut self, instance: Instance, settings: ForeachSettings) -> bool {
        let mut changed = false;
        for frame in self.moved_iterations(instance) {
            let Some(end) = self.advance_iteration(instance, frame) else {
                continue;
            };
            changed = true;
            self.end_iteration(instance, settings, frame, end);
        }
        while !self.is_stopped_inside(instance) && self.begin_iteration(instance, settings) {
            changed = true;
        }
        let stopped = self.is_stopped_inside(instance);
        let halted = self.halted(instance);
        let Some(Open {
            block: Block::Foreach(block),
            ..
        }) = self.open_block_mut(instance)
        else {
            return changed;
        };
        if !block.running.is_empty() || (block.next < settings.count && !stopped) {
            return changed;
        }
        let (complete, failed) = (block.next >= settings.count, block.failed);
        self.close(
            instance,
            match halted {
                Some(failure) => BlockEnd::Failed(failure),
                None if complete => BlockEnd::Iterated { failed },
                None => BlockEnd::Cut,
            },
        );
        true
    }

    fn moved_iterations(&mut self, instance: Instance) -> BTreeSet<FrameId> {
        match self.open_block_mut(instance) {
            Some(Open {
                block: Block::Foreach(block),
                ..
            }) => std::mem::take(&mut block.moved),
            _ => BTreeSet::new(),
        }
    }

    fn begin_iteration(&mut self, instance: Instance, settings: ForeachSettings) -> bool {
        let frame = self.last_frame.wrapping_add(1);
        let Some(Open {
            block: Block::Foreach(block),
            ..
        }) = self.open_block_mut(instance)
        else {
            return false;
        };
        if block.next >= settings.count || block.running.len() >= settings.parallel.max(1) {
            return false;
        }
        let index = block.next;
        block.next += 1;
        block.running.insert(frame);
        block.moved.insert(frame);
        self.last_frame = frame;
        let of = instance;
        self.actions.push_back(Action::Iterate { frame, of, index });
        self.open_frame(frame, Some(instance.frame), Some(of), index);
        true
    }

    /// Makes the next step of an iteration. Returns how it ended, if it has ended.
    fn advance_iteration(&mut self, instance: Instance, frame: FrameId) -> Option<Iteration> {
        let body: &[StageIndex] = match self.graph.stage(instance.stage).map(|stage| &stage.kind) {
            Some(StageKind::Foreach { body, .. }) => body,
            _ => &[],
        };
        loop {
            let next = self.frames.get(frame)?.next;
            let Some(stage) = body.get(next).copied() else {
                return Some(Iteration::Complete);
            };
            match self.member(instance, frame, stage) {
                Member::UnderWay => return None,
                Member::Unselected if self.is_stopped_inside(instance) => {
                    return Some(Iteration::Cut);
                }
                Member::Unselected => self.select(instance, ListKind::Foreach, frame, stage),
                Member::Ended => self.frames.get_mut(frame)?.next += 1,
                Member::Failed(failure) => return Some(Iteration::Failed(failure)),
            }
        }
    }

    fn end_iteration(
        &mut self,
        instance: Instance,
        settings: ForeachSettings,
        frame: FrameId,
        end: Iteration,
    ) {
        let index = self.frames.get(frame).map_or(0, |frame| frame.index);
        let (failure, cut) = match end {
            Iteration::Complete => (None, false),
            Iteration::Failed(failure) => (Some(failure), false),
            Iteration::Cut => (None, true),
        };
        if let Some(Open {
            block: Block::Foreach(block),
            ..
        }) = self.open_block_mut(instance)
        {
            block.running.remove(&frame);
            block.failed += usize::from(failure.is_some());
            if cut {
                // This makes the loop count as not run to its end, even if this was its last item.
                block.next = block.next.min(settings.count.saturating_sub(1));
            }
        }
        if let Some(failure) = failure.clone().filter(|_| settings.break_on_error) {
            self.halt(instance, failure);
        }
        self.close_frame(frame);
        let of = instance;
        self.actions.push_back(Action::Iterated {
            frame,
            of,
            index,
            failure,
            cut,
        });
    }

    /// The reason why a stage did not run, in words.
    pub(crate) fn reason(&self, why: Skip) -> String {
        match why {
            Skip::Disabled => "it is not enabled".to_owned(),
            Skip::NotSelected => "nothing selected it".to_owned(),
            Skip::Dependency(on) => format!("`{}` did not succeed", self.graph.id(on)),
            Skip::Stopped => "the run stopped before it".to_owned(),
            Skip::Unreachable => "what it waits for can never finish".to_owned(),
        }
    }
}

fn try_end(block: &TryBlock, halted: Option<Failure>) -> BlockEnd {
    match halted.or_else(|| block.raise.clone()) {
        Some(failure) => BlockEnd::Failed(failure),
        None if block.cut => BlockEnd::Cut,
        None => BlockEnd::Tried {
            error: block.error.clone().filter(|_| block.caught),
        },
    }
}
