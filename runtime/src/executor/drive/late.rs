//! What becomes of a stage whose time was over while it computed.
//!
//! Enters: a stage that has done some work, and the moments at which its attempt, the blocks around
//! it and the run must end. Leaves: its work, if it was in time; else its failure, or the end of the
//! block or the run. The same happens to a stage that waits: then a timer says so. Must not know
//! what the work was.

use std::rc::Rc;

use crate::{
    base::fault::Fault,
    executor::{
        drive::{
            driver::{Driver, TURN},
            effects::Limit,
            outcome::RunResult,
        },
        schedule::types::{Instance, Stop},
    },
    host::{
        deadline::{Deadline, Passed},
        world::Moment,
    },
    plan::StagePlan,
    run::site::Budget,
};

impl Driver {
    /// The end of an attempt that began at a moment; `None` when it has no time limit.
    pub(super) fn end_of_attempt(&self, instance: Instance, began: Moment) -> Option<Moment> {
        let limit = self.stage(instance)?.timeout_ms?;
        Some(began.after(limit))
    }

    /// The alarm of an attempt: it rings when the attempt, a block around it or the run must end.
    fn deadline(&self, stage: &StagePlan, instance: Instance) -> Rc<Deadline> {
        if stage.timeout_ms.is_none() && self.blocks.is_empty() {
            return Rc::clone(&self.deadline);
        }
        let own = stage.timeout_ms.and_then(|limit| {
            let began = self.running.get(&instance)?.attempt_started;
            Some(began.after(limit))
        });
        let around = self.ends_around(instance).map(|(_, _, end)| end);
        let end = own.into_iter().chain(around).min_by_key(|end| end.steady);
        match end {
            Some(_) => Rc::new(Deadline::new(&self.run.limits, end)),
            None => Rc::clone(&self.deadline),
        }
    }

    /// A fresh budget for an attempt of a stage.
    pub(super) fn budget(&mut self, stage: &StagePlan, instance: Instance) -> Rc<Budget> {
        let deadline = self.deadline(stage, instance);
        match Rc::get_mut(&mut self.latest) {
            Some(unused) if Rc::ptr_eq(&unused.deadline, &deadline) => unused.restart(),
            _ => self.latest = Rc::new(Budget::new(&self.run, &deadline)),
        }
        Rc::clone(&self.latest)
    }

    /// The blocks around a stage that have a time limit, with their attempts and their ends, the
    /// innermost first.
    fn ends_around(&self, instance: Instance) -> impl Iterator<Item = (Instance, u32, Moment)> {
        let blocks = self.machine.blocks_around(instance);
        blocks.filter_map(|around| {
            let block = self.blocks.get(&around)?;
            Some((around, block.attempt, block.end?))
        })
    }

    /// The work of a stage if it was done in time. An error when the time of its attempt is over.
    /// `None` when the run or a block around it had to end before: that has been done then.
    pub(super) fn in_time<T>(
        &mut self,
        instance: Instance,
        work: Result<T, Fault>,
    ) -> Option<Result<T, Fault>> {
        match self.run.limits.passed(self.now) {
            Passed::Nothing => {}
            Passed::Run => {
                self.run_late();
                return None;
            }
            Passed::Grace => {
                self.over = true;
                return None;
            }
        }
        let passed = |end: Moment| self.now.steady > end.steady;
        if !self.blocks.is_empty() {
            let expired = self.ends_around(instance).filter(|(.., end)| passed(*end));
            if let Some((block, attempt, _)) = expired.last() {
                self.expired(block, attempt);
                return None;
            }
        }
        let Some(limit) = self.stage(instance)?.timeout_ms else {
            return Some(work);
        };
        let began = self.running.get(&instance)?.attempt_started;
        if passed(began.after(limit)) {
            return Some(Err(Limit::whole(limit).late()));
        }
        Some(work)
    }

    /// The time limit of the run was reached.
    pub(super) fn run_late(&mut self) {
        if matches!(self.stopped_by, Some(RunResult::TimedOut(_))) {
            return;
        }
        let limit = self.options.timeout_ms.unwrap_or_default();
        self.stopped_by.get_or_insert(RunResult::TimedOut(limit));
        self.run.limits.run_has_ended();
        self.machine.stop(Stop::Interrupted);
        self.cancel_all();
        self.end_after_grace();
    }

    /// Whether timers, signals and the network must have their turn.
    pub(super) fn must_give_way(&self) -> bool {
        self.now.steady >= self.turn_ends
    }

    /// They have had their turn.
    pub(super) fn has_given_way(&mut self) {
        self.tick();
        self.turn_ends = self.now.steady + TURN;
    }
}
