//! What tests ask of the scheduler, and nothing else does.

use crate::{
    executor::schedule::{
        machine::Machine,
        ready::Readiness,
        types::{End, Instance, ListKind},
    },
    run::store::{ROOT, StageIndex},
};

impl Machine {
    /// How a stage of the run's own frame ended.
    pub(crate) fn end(&self, stage: StageIndex) -> Option<End> {
        self.end_of(Instance { stage, frame: ROOT })
    }

    /// Whether a stage stands in a catch or finally list, directly or not.
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

    /// Whether a stage was overlooked that could move on.
    pub(crate) fn has_overlooked(&mut self) -> Option<Instance> {
        for instance in self.snapshot(|machine| &machine.open) {
            self.move_whole(instance);
            self.moved.clear();
            if self.advance(instance) {
                return Some(instance);
            }
        }
        let waiting = self
            .waiting
            .iter()
            .filter(|instance| self.could_move(**instance));
        let dormant = self
            .dormant
            .iter()
            .filter(|instance| self.retirement(**instance).is_some());
        let ready = self
            .ready
            .iter()
            .filter(|instance| self.is_stopped_at(**instance));
        waiting.chain(dormant).chain(ready).next().copied()
    }

    /// Whether [`Self::decide`] would move the stage on.
    pub(super) fn could_move(&self, instance: Instance) -> bool {
        self.is_stopped_at(instance) || !matches!(self.readiness(instance), Readiness::Wait)
    }
}
