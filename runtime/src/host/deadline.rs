//! When the work of a run must stop, also while the one thread of the run computes.
//!
//! Enters: the run's time limit, the end of the grace time, a second signal. Leaves: an alarm that
//! expressions and readers look at while they work. Must not know stages, or what happens to one
//! that is stopped.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use fmc_expr::cx::Alarm;

use crate::host::{clock::System, world::Moment};

/// A moment that never comes.
const NEVER: u64 = u64::MAX;

/// The moments at which all work of a run must stop. The thread that sees signals sets them too,
/// because the thread of the run may be computing then.
#[derive(Debug)]
pub(crate) struct Limits {
    system: System,
    /// The end of `--timeout`, in microseconds of steady time. After it, finally lists still run.
    run: AtomicU64,
    /// The end of the grace time, in microseconds of steady time. After it, nothing runs.
    grace: AtomicU64,
    /// Whether the process must end at once. A second signal sets it; alarms read it.
    at_once: AtomicBool,
    /// Whether the run is over, so that only its output must still be written. `entry` sets it; the
    /// thread that sees signals reads it.
    over: AtomicBool,
}

impl Limits {
    /// No limit yet.
    pub(crate) fn new(system: System) -> Arc<Self> {
        Arc::new(Self {
            system,
            run: AtomicU64::new(NEVER),
            grace: AtomicU64::new(NEVER),
            at_once: AtomicBool::new(false),
            over: AtomicBool::new(false),
        })
    }

    /// The run must not take longer than until this moment.
    pub(crate) fn end_run_at(&self, moment: Moment) {
        self.run.store(micros(moment.steady), Relaxed);
    }

    /// The end of `--timeout` has been handled: what runs from now on is bounded by the grace time.
    pub(crate) fn run_has_ended(&self) {
        self.run.store(NEVER, Relaxed);
    }

    /// Nothing may run after this moment. An earlier one stays.
    pub(crate) fn end_grace_at(&self, moment: Moment) {
        self.grace.fetch_min(micros(moment.steady), Relaxed);
    }

    /// Nothing may run after this many milliseconds from now. An earlier end stays.
    pub(crate) fn end_grace_in(&self, ms: u64) {
        let end = self
            .system
            .steady()
            .saturating_add(Duration::from_millis(ms));
        self.grace.fetch_min(micros(end), Relaxed);
    }

    /// Everything must stop at once.
    pub(crate) fn end_at_once(&self) {
        self.at_once.store(true, Relaxed);
    }

    /// The run is over.
    pub(crate) fn set_over(&self) {
        self.over.store(true, Relaxed);
    }

    /// Whether the run is over.
    pub(crate) fn is_over(&self) -> bool {
        self.over.load(Relaxed)
    }

    /// Which limit has passed.
    pub(crate) fn passed(&self, now: Moment) -> Passed {
        let now = micros(now.steady);
        if self.at_once.load(Relaxed) || now > self.grace.load(Relaxed) {
            return Passed::Grace;
        }
        if now > self.run.load(Relaxed) {
            return Passed::Run;
        }
        Passed::Nothing
    }

    /// Whether work that may last until `end`, in microseconds, must stop.
    fn ring(&self, end: u64) -> bool {
        let end = end
            .min(self.run.load(Relaxed))
            .min(self.grace.load(Relaxed));
        self.at_once.load(Relaxed) || (end != NEVER && micros(self.system.steady()) > end)
    }
}

/// The limit of a run that has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passed {
    Nothing,
    /// The time limit of the run was reached and has not been handled yet.
    Run,
    /// Nothing may run any more.
    Grace,
}

/// The alarm of one attempt. It can be sent to another thread.
#[derive(Clone, Debug)]
pub(crate) struct Deadline {
    limits: Arc<Limits>,
    end: u64,
}

impl Deadline {
    /// The alarm of an attempt that may last until a moment; without one, only the limits of the
    /// run count.
    pub(crate) fn new(limits: &Arc<Limits>, end: Option<Moment>) -> Self {
        Self {
            limits: Arc::clone(limits),
            end: end.map_or(NEVER, |end| micros(end.steady)),
        }
    }
}

impl Alarm for Deadline {
    fn rings(&self) -> bool {
        self.limits.ring(self.end)
    }
}

/// Cheaper than `Duration::as_micros`, because every stage needs it several times.
fn micros(time: Duration) -> u64 {
    let whole = time.as_secs().saturating_mul(1_000_000);
    whole.saturating_add(u64::from(time.subsec_micros()))
}

#[cfg(test)]
#[path = "tests/deadline.rs"]
mod tests;
