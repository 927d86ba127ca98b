//! Decides from its dependencies whether a selected stage may start (language reference, section
//! 6).
//!
//! Enters: the state of the machine. Leaves: wait, start or skip for one waiting stage. Must not
//! change anything except that stage.

use std::collections::BTreeSet;

use crate::{
    executor::schedule::{
        machine::Machine,
        types::{Block, End, Instance, ListKind, Phase, Skip, State},
    },
    plan::{DependencyPlan, StageKind},
    run::store::StageIndex,
};

/// Up to this many dependencies, all are looked at: finding out which of them need a look would
/// cost more.
const FEW: usize = 4;

/// The state of a dependency, as far as the waiting stage needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Pending,
    Met,
    Unmet { uncaught: bool },
}

impl Standing {
    /// Whether the stage can never run, whatever its other dependencies do.
    fn forbids(self, dependency: &DependencyPlan) -> bool {
        matches!(self, Self::Unmet { uncaught } if uncaught || !dependency.conditional)
    }
}

/// What a waiting stage does next.
pub(super) enum Readiness {
    /// It waits for the dependency at this position.
    Wait(usize),
    Start,
    Skip(StageIndex),
}

impl Machine {
    /// Makes a waiting stage ready, or skips it, if its dependencies allow. `changed` has the
    /// positions in its `depends_on` that may have changed.
    pub(super) fn decide(&mut self, instance: Instance, changed: &[(Instance, u32)]) -> bool {
        if self.is_stopped_at(instance) {
            self.skip(instance, Skip::Stopped);
            return true;
        }
        match self.look(instance, changed) {
            Readiness::Wait(pending) => {
                if let Some(cell) = self.cell_mut(instance) {
                    cell.watched = Some(pending);
                }
                return false;
            }
            Readiness::Start => drop(self.put(instance, State::Ready)),
            Readiness::Skip(on) => self.skip(instance, Skip::Dependency(on)),
        }
        true
    }

    /// Whether a stage may start, with as few looks as possible: first at the dependencies that
    /// have changed, then from the one that it is known to wait for; at all of them only if none is
    /// pending.
    fn look(&self, instance: Instance, changed: &[(Instance, u32)]) -> Readiness {
        let (Some(stage), Some(cell)) = (self.graph.stage(instance.stage), self.cell(instance))
        else {
            return Readiness::Wait(0);
        };
        let Some(watched) = cell.watched.filter(|_| stage.depends_on.len() > FEW) else {
            return self.readiness(instance);
        };
        for (_, place) in changed {
            if let Some(dependency) = stage.depends_on.get(*place as usize)
                && self
                    .standing(instance, dependency.stage)
                    .forbids(dependency)
            {
                return Readiness::Skip(dependency.stage);
            }
        }
        let rest = stage.depends_on.iter().enumerate().skip(watched);
        for (place, dependency) in rest {
            let standing = self.standing(instance, dependency.stage);
            if standing.forbids(dependency) {
                return Readiness::Skip(dependency.stage);
            }
            if standing == Standing::Pending {
                return Readiness::Wait(place);
            }
        }
        self.readiness(instance)
    }

    /// Whether a stage may start, judged by all its dependencies.
    pub(super) fn readiness(&self, instance: Instance) -> Readiness {
        let Some(stage) = self.graph.stage(instance.stage) else {
            return Readiness::Wait(0);
        };
        let (mut pending, mut met, mut unmet) = (None, false, None);
        for (place, dependency) in stage.depends_on.iter().enumerate() {
            match self.standing(instance, dependency.stage) {
                Standing::Pending => pending = pending.or(Some(place)),
                Standing::Met => met |= dependency.conditional,
                standing @ Standing::Unmet { .. } => {
                    if standing.forbids(dependency) {
                        return Readiness::Skip(dependency.stage);
                    }
                    unmet = unmet.or(Some(dependency.stage));
                }
            }
        }
        match (pending, unmet) {
            (Some(place), _) => Readiness::Wait(place),
            (None, Some(on)) if !met => Readiness::Skip(on),
            (None, _) => Readiness::Start,
        }
    }

    fn standing(&self, of: Instance, on: StageIndex) -> Standing {
        let target = if self.are_free(of.stage, on) {
            Instance { stage: on, ..of }
        } else {
            let Some(target) = self.seen_from(of, on) else {
                return Standing::Unmet { uncaught: false };
            };
            if self.graph.is_inside(of.stage, target.stage) {
                return self.seen_inside(target);
            }
            if let Some(standing) = self.around(of, target) {
                return standing;
            }
            target
        };
        match self.state(target) {
            Some(State::Done(End::Succeeded)) => Standing::Met,
            Some(State::Done(End::Skipped(_))) | None => Standing::Unmet { uncaught: false },
            Some(State::Done(End::Failed { caught })) => Standing::Unmet { uncaught: !caught },
            Some(_) => Standing::Pending,
        }
    }

    /// Whether no block matters between a stage and its dependency: neither has an owner, and the
    /// dependency owns nothing.
    fn are_free(&self, of: StageIndex, on: StageIndex) -> bool {
        match (self.graph.stage(of), self.graph.stage(on)) {
            (Some(of), Some(on)) => {
                of.owners.is_empty() && on.owners.is_empty() && !on.kind.is_control()
            }
            _ => false,
        }
    }

    /// The instance that a dependency refers to. For a stage inside a loop that `of` is not in, it
    /// is the loop.
    fn seen_from(&self, of: Instance, on: StageIndex) -> Option<Instance> {
        // If loops own each other, this would never end without the set.
        let mut loops = BTreeSet::new();
        let mut stage = on;
        loop {
            if let Some(found) = self.resolve(of.frame, stage) {
                return Some(found);
            }
            stage = self.graph.foreach_of(stage)?;
            if !loops.insert(stage) {
                return None;
            }
        }
    }

    /// For a stage inside a block, a dependency on the block is met when the block has begun; it
    /// does not wait for its end.
    fn seen_inside(&self, block: Instance) -> Standing {
        match self.state(block) {
            Some(State::Open(_) | State::Closing) => Standing::Met,
            Some(State::Done(End::Succeeded | End::Failed { .. })) => Standing::Met,
            Some(State::Done(End::Skipped(_))) | None => Standing::Unmet { uncaught: false },
            Some(_) => Standing::Pending,
        }
    }

    /// What the trycatch blocks around a dependency decide, before the dependency itself is looked
    /// at.
    fn around(&self, of: Instance, target: Instance) -> Option<Standing> {
        if self.cleans_up_after(of, target) {
            // For a catch or finally stage the dependency only means the order; it runs even if the
            // dependency failed.
            return Some(Standing::Met);
        }
        if self.may_be_tried_again(of, target) {
            return Some(Standing::Pending);
        }
        let mut at = target;
        while let Some(selector) = self.cell(at).and_then(|cell| cell.selector) {
            let owner = selector.owner;
            let kind = self.graph.stage(owner.stage).map(|stage| &stage.kind);
            let is_over = self.end_of(owner).is_some();
            if matches!(kind, Some(StageKind::TryCatch { .. }))
                && !is_over
                && !self.graph.is_inside(of.stage, owner.stage)
            {
                return Some(Standing::Pending);
            }
            at = owner;
        }
        None
    }

    /// Whether a stage that has not been selected is in a running trycatch, whose list may run
    /// again and then select it.
    fn may_be_tried_again(&self, of: Instance, target: Instance) -> bool {
        let tries = self.graph.tries_around(target.stage);
        if tries.is_empty() {
            return false;
        }
        let selected = self
            .cell(target)
            .is_some_and(|cell| cell.selector.is_some());
        !selected
            && tries.iter().any(|block| {
                let block = self.resolve(target.frame, *block);
                block.is_some_and(|block| {
                    matches!(self.state(block), Some(State::Open(_) | State::Closing))
                        && !self.graph.is_inside(of.stage, block.stage)
                })
            })
    }

    /// Whether `of` is in a catch or finally list of a trycatch, and `target` in one of its lists
    /// before.
    fn cleans_up_after(&self, of: Instance, target: Instance) -> bool {
        let mut at = of;
        while let Some(selector) = self.cell(at).and_then(|cell| cell.selector) {
            let owner = selector.owner;
            let before = match selector.through {
                ListKind::Catch => Some(Phase::Catch),
                ListKind::Finally => Some(Phase::Finally),
                ListKind::Choice | ListKind::Try | ListKind::Foreach => None,
            };
            let same = match self.state(owner) {
                Some(State::Open(open)) => match &open.block {
                    Block::Try(block) => before == Some(block.phase),
                    Block::Select(_) | Block::Foreach(_) => false,
                },
                _ => false,
            };
            let ended = !matches!(
                self.state(target),
                Some(
                    State::Waiting
                        | State::Ready
                        | State::Running
                        | State::Open(_)
                        | State::Closing
                )
            );
            if same && ended && self.graph.is_owned_by(target.stage, owner.stage) {
                return true;
            }
            at = owner;
        }
        false
    }
}
