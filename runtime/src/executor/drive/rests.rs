//! Rests: the only waiting between one attempt and the next, of stages, blocks and model calls.
//!
//! Enters: what failed and for how long to wait. Leaves: the next attempt when the time is
//! over, or the failure at once when the scheduler wakes it because the run or the block around
//! stops. Must not decide whether anything stops: the scheduler does.

use crate::{
    component::Work,
    executor::{
        drive::driver::{Driver, Event, Rest, Resting},
        schedule::types::Instance,
    },
};

impl Driver {
    /// Rests; the scheduler has agreed (`Machine::rest`).
    pub(super) fn rest(&mut self, instance: Instance, ms: u64, rest: Rest) {
        let timer = self.after(ms, Event::Rested(instance));
        self.drop_rest(instance);
        self.rests.insert(instance, Resting { rest, timer });
    }

    /// The scheduler has a try list run again after a while.
    pub(super) fn rest_before_list(&mut self, instance: Instance, ms: u64) {
        self.rest(instance, ms, Rest::List);
    }

    /// A rest is over.
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

    /// A rest ends at once, and nothing is tried again.
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

    /// A rest is of no interest any more.
    pub(super) fn drop_rest(&mut self, instance: Instance) {
        if let Some(resting) = self.rests.remove(&instance) {
            resting.timer.abort();
        }
    }
}
