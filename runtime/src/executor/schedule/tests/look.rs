//! Questions about the scheduler that only tests ask.

use crate::{
    executor::schedule::{
        machine::Machine,
        ready::Readiness,
        types::{Block, End, Failure, Instance, ListKind, Skip, State},
    },
    plan::StageKind,
    run::store::{ROOT, StageIndex},
};

impl Machine {
    /// How a stage in the run's own frame ended.
    pub(crate) fn end(&self, stage: StageIndex) -> Option<End> {
        self.end_of(Instance { stage, frame: ROOT })
    }

    /// Whether a stage is in a catch or finally list, directly or through others.
    pub(crate) fn is_cleaning_up(&self, instance: Instance) -> bool {
        let mut at = instance;
        while let Some(selector) = self.cell(at).and_then(|cell| cell.selector) {
            if matches!(selector.through, ListKind::Catch | ListKind::Finally) {
                return true;
            }
            at = selector.owner;
        }
        false
    }

    /// A stage that was overlooked although it could start or end.
    pub(crate) fn has_overlooked(&mut self) -> Option<Instance> {
        for instance in self.snapshot(|machine| &machine.open) {
            self.move_whole(instance);
            self.moved.clear();
            if self.advance(instance) {
                return Some(instance);
            }
        }
        let mut waiting = self.instances_that(|state| matches!(state, State::Waiting));
        waiting.retain(|instance| self.could_move(*instance));
        let mut dormant = self.instances_that(|state| matches!(state, State::Dormant));
        dormant.retain(|instance| self.retirement(*instance).is_some());
        let mut ready = self.instances_that(|state| matches!(state, State::Ready));
        ready.retain(|instance| self.is_stopped_at(*instance));
        waiting.into_iter().chain(dormant).chain(ready).next()
    }

    /// Whether [`Self::decide`] would change the stage.
    pub(super) fn could_move(&self, instance: Instance) -> bool {
        self.is_stopped_at(instance) || !matches!(self.readiness(instance), Readiness::Wait(_))
    }

    /// What is left of an earlier try when the list of a block is about to run again: its error, or
    /// a stage that ended in it.
    pub(crate) fn left_of_try(&self, block: Instance) -> Option<String> {
        let State::Open(open) = self.state(block)? else {
            return None;
        };
        let Block::Try(tried) = &open.block else {
            return None;
        };
        // A stage that another block has selected is not taken back, and keeps its failure.
        let stands = |failure: &Failure| self.failures.contains_key(&failure.at);
        let error = tried.error.as_ref().filter(|error| !stands(error));
        if error.is_some() || tried.caught || tried.raise.is_some() {
            return Some("the error".to_owned());
        }
        let ended = |instance: &Instance| {
            let end = self.end_of(*instance);
            let ran = matches!(end, Some(End::Succeeded | End::Failed { .. }));
            ran || self.failures.contains_key(instance)
        };
        let mut of_list = self.instances().into_iter();
        let left = of_list.find(|instance| {
            self.is_selected_by(*instance, block, Some(&[ListKind::Try])) && ended(instance)
        });
        left.map(|left| format!("{left:?}"))
    }

    /// A stage of a finally list that did not run although its block ends. Only a stop of the run
    /// may keep it from running.
    pub(crate) fn missed_finally(&self, block: Instance) -> Option<Instance> {
        let stage = self.graph.stage(block.stage)?;
        let StageKind::TryCatch {
            body,
            catch,
            finally,
        } = &stage.kind
        else {
            return None;
        };
        // The compiler refuses a stage in two lists of one block.
        let twice = |member| body.contains(member) || catch.contains(member);
        for member in finally.iter().filter(|member| !twice(member)) {
            let plan = self.graph.stage(*member)?;
            let Some(instance) = self.resolve(block.frame, *member) else {
                continue;
            };
            match self.state(instance) {
                // The list ends with its first failure.
                Some(State::Done(End::Failed { .. })) => return None,
                Some(State::Done(End::Skipped(Skip::Stopped | Skip::NotSelected)))
                | Some(State::Dormant)
                    // If it has other owners, they may have run it before.
                    if plan.owners.len() == 1
                        && !self.is_selected_by(block, instance, None)
                        && instance != block =>
                {
                    return Some(instance);
                }
                _ => {}
            }
        }
        None
    }
}
