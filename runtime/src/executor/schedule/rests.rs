//! Which stages and blocks rest, and when a rest is pointless.
//!
//! Enters: stages and blocks that failed and may be tried again, and ends of rests. Leaves: which
//! of them rest, and which the driver must wake because nothing would follow. Must not know how
//! long a rest takes.

use crate::executor::schedule::{
    machine::Machine,
    types::{Action, Instance, ListKind, Phase},
};

impl Machine {
    /// Whether a stage may rest before another attempt, or a block before it is run again. If it
    /// may, it rests from now on, until `rested` is called or [`Action::Wake`] ends the rest.
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
            // Nothing of the earlier try is left: if the block now succeeds, the earlier failure is
            // not its error.
            block.phase = Phase::Body;
            block.next = 0;
            block.error = None;
            self.held -= 1;
            self.reset(instance, &[ListKind::Try]);
            // If its stages belong to another block, nothing was taken back, so nothing would look
            // at this block again.
            self.moved.insert(instance);
            self.settle();
        }
    }

    /// Whether nothing would follow a rest. When the run stops, not even a stage of a finally list
    /// is tried again, so that the run ends without waiting for a timer.
    pub(super) fn is_pointless_to_rest(&self, instance: Instance) -> bool {
        self.stop.is_some() || self.is_halted(instance) || self.is_stopped_at(instance)
    }

    /// Ends all rests after which nothing would follow.
    pub(super) fn wake(&mut self) {
        for instance in self.snapshot(|machine| &machine.resting) {
            if self.is_pointless_to_rest(instance) {
                self.resting.remove(&instance);
                self.actions.push_back(Action::Wake(instance));
            }
        }
    }
}
