//! Rests: all waiting between one attempt and the next, for stages, blocks and model calls.
//!
//! Enters: what failed, and how long to wait. Leaves: the next attempt when the time is over; or
//! the failure, at once, when the scheduler wakes the rest because the run or a block around it
//! stops. Must not decide whether anything stops; the scheduler does.

use crate::{
    component::Work,
    executor::{
        drive::driver::{Driver, Event, Rest, Resting},
        schedule::types::Instance,
    },
};

impl Driver {
    /// Begins a rest. The scheduler has allowed it (`Machine::rest`).
    pub(super) fn rest(&mut self, instance: Instance, ms: u64, rest: Rest) {
        let timer = self.after(ms, Event::Rested(instance));
        self.drop_rest(instance);
        self.rests.insert(instance, Resting { rest, timer });
    }

    /// Begins a rest before a try list runs again, as the scheduler has decided.
    pub(super) fn rest_before_list(&mut self, instance: Instance, ms: u64) {
        self.rest(instance, ms, Rest::List);
    }

    /// A rest ended because its time is over.
    pub(super) fn rested(&mut self, instance: Instance) {
        let Some(Resting { rest, .. }) = self.rests.remove(&instance) else {
            return;
        };
        self.machine.rested(instance);
        match rest {
            Rest::Attempt(_) => self.attempt(instance),
            Rest::Work(task, _) => self.go_on(instance, task),
            Rest::Block(_) => self.machine.rerun(instance),
            Rest::List => {}
        }
    }

    /// Ends a rest at once. Nothing is tried again.
    pub(super) fn wake(&mut self, instance: Instance) {
        let Some(Resting { rest, timer }) = self.rests.remove(&instance) else {
            return;
        };
        timer.abort();
        match rest {
            Rest::Attempt(fault) => self.fail_after_attempts(instance, fault),
            Rest::Work(_, fault) => self.worked(instance, Work::Done(Err(fault))),
            Rest::Block(failure) => self.fail_block(instance, failure),
            Rest::List => {}
        }
    }

    /// Forgets a rest that no longer matters.
    pub(super) fn drop_rest(&mut self, instance: Instance) {
        if let Some(resting) = self.rests.remove(&instance) {
            resting.timer.abort();
        }
    }
}
