//! The interface between the executor and everything outside.
//!
//! Enters: requests of the executor: an attempt of a leaf stage, a rest, the time, random bytes, an
//! event to record. Leaves: their results. Everything that a run does or learns outside passes
//! through [`Effects`], so that another host could record it and later answer from the record. Must
//! not decide anything about the run.

use std::rc::Rc;

use fmc_expr::{Value, cx};
use futures_util::future::LocalBoxFuture;

use crate::{
    base::fault::{ErrorType, Fault, StageError},
    component::{Call, Component, Task, Work},
    executor::drive::events::Event,
    host::{
        clock::{self, System},
        report::Reporter,
        world::{Moment, World},
    },
    run::site::InstanceName,
};

/// The part of an attempt to do.
pub(crate) enum Attempt {
    /// The whole attempt.
    Start(&'static Component, Call),
    /// What follows a rest within it.
    GoOn(Task),
}

/// The time limit of an attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    /// `timeout_ms` of the stage, for the message.
    whole_ms: u64,
    left_ms: u64,
}

impl Limit {
    /// The limit at the beginning of an attempt: `timeout_ms` of the stage.
    pub(crate) fn whole(ms: u64) -> Self {
        Self::left(ms, 0)
    }

    /// The limit after some time has been spent.
    pub(crate) fn left(whole_ms: u64, spent_ms: u64) -> Self {
        Self {
            whole_ms,
            left_ms: whole_ms.saturating_sub(spent_ms),
        }
    }

    /// Whether no time is left.
    pub(crate) fn is_over(&self) -> bool {
        self.left_ms == 0
    }

    /// The error of an attempt that takes longer.
    pub(crate) fn late(self) -> Fault {
        let limit = self.whole_ms;
        StageError::new(
            ErrorType::Timeout,
            format!("took longer than `timeout_ms` ({limit} ms)"),
        )
    }
}

/// Everything through which a run reaches the outside. Time and random bytes come from [`World`],
/// which expressions and components use too.
pub(crate) trait Effects: World {
    /// Does an attempt of a leaf stage, or the rest of it, within its time limit. `number` counts
    /// attempts from 1.
    fn attempt(
        &self,
        name: &InstanceName,
        number: u32,
        attempt: Attempt,
        limit: Option<Limit>,
    ) -> Work;

    /// Waits until a moment.
    fn rest(&self, until: Moment) -> LocalBoxFuture<'static, ()>;

    /// Lets signals, timers and the network have their turn.
    fn give_way(&self) -> LocalBoxFuture<'static, ()>;

    /// Records an event of the run.
    fn record(&self, event: &Event<'_>);

    /// Whether events are recorded. If not, they need not be made.
    fn is_recording(&self) -> bool;
}

/// The effects of this process: attempts run here, and events become lines on standard error.
#[derive(Debug)]
pub(crate) struct Here {
    system: System,
    reporter: Reporter,
}

impl Here {
    /// Effects on this machine.
    pub(crate) fn new(system: System, reporter: Reporter) -> Rc<Self> {
        Rc::new(Self { system, reporter })
    }
}

impl cx::World for Here {
    fn now(&self) -> std::time::SystemTime {
        self.system.now()
    }

    fn fill(&self, bytes: &mut [u8]) -> bool {
        self.system.fill(bytes)
    }
}

impl World for Here {
    fn moment(&self) -> Moment {
        self.system.moment()
    }
}

impl Effects for Here {
    fn attempt(
        &self,
        _name: &InstanceName,
        _number: u32,
        attempt: Attempt,
        limit: Option<Limit>,
    ) -> Work {
        let work = match attempt {
            Attempt::Start(component, call) => (component.run)(call),
            Attempt::GoOn(task) => Work::Task(task),
        };
        match (work, limit) {
            (Work::Task(task), Some(limit)) => Work::Task(Box::pin(async move {
                match clock::within(limit.left_ms, task).await {
                    Some(work) => work,
                    None => Work::Done(Err(limit.late())),
                }
            })),
            (work, _) => work,
        }
    }

    fn rest(&self, until: Moment) -> LocalBoxFuture<'static, ()> {
        Box::pin(self.system.rest(until))
    }

    fn give_way(&self) -> LocalBoxFuture<'static, ()> {
        Box::pin(clock::give_way())
    }

    fn record(&self, event: &Event<'_>) {
        let fields = event.fields();
        let fields = fields
            .into_iter()
            .filter(|(_, value)| !Value::is_null(value));
        self.reporter.event(event.name(), fields);
    }

    fn is_recording(&self) -> bool {
        self.reporter.events
    }
}
