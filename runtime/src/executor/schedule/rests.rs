//! What rests, and when a rest is pointless.
//!
//! Enters: stages and blocks that failed and may be tried again, and ends of rests. Leaves: who
//! rests, and whom the driver is to wake because nothing would follow. Must not know for how
//! long anything rests.

use crate::executor::schedule::{
    machine::Machine,
    types::{Action, Instance, ListKind, Phase},
};

impl Machine {
    /// Whether a stage may rest before another attempt, or a block before it is run again. Where
    /// it may, it rests from now on, until `rested` is called or [`Action::Wake`] ends the rest.
    pub(crate) fn rest(&mut self, instance: Instance) -> bool {
        let may = !self.is_pointless_to_rest(instance);
        if may {
            self.resting.insert(instance);
        }
        may
    }

    /// A rest is over.
    pub(crate) fn rested(&mut self, instance: Instance) {
        if !self.resting.remove(&instance) {
            return;
        }
        let Some(block) = self.try_block(instance) else {
            return;
        };
        if block.phase == Phase::Backoff {
            // Nothing of the earlier try is left: what it failed with is not the error of a
            // block that succeeds now.
            block.phase = Phase::Body;
            block.next = 0;
            block.error = None;
            self.held -= 1;
            self.reset(instance, &[ListKind::Try]);
            // Where another block has its stages there was nothing to take back, and nothing moves.
            self.moved.insert(instance);
            self.settle();
        }
    }

    /// Whether nothing would follow a rest. Where the run stops, not even a stage of a finally
    /// list is tried again: the run ends without waiting for any timer.
    pub(super) fn is_pointless_to_rest(&self, instance: Instance) -> bool {
        self.stop.is_some() || self.is_halted(instance) || self.is_stopped_at(instance)
    }

    /// Ends the rests that nothing would follow.
    pub(super) fn wake(&mut self) {
        for instance in self.snapshot(|machine| &machine.resting) {
            if self.is_pointless_to_rest(instance) {
                self.resting.remove(&instance);
                self.actions.push_back(Action::Wake(instance));
            }
        }
    }
}
