//! The seam between the executor and the world.
//!
//! Enters: what the executor wants done: an attempt of a leaf stage, a rest, time, random bytes,
//! an event to be kept. Leaves: what came of it. Everything a run does to the world or learns
//! from it passes through [`Effects`], so that another host can keep it and answer from its
//! record. Must not decide anything about the run.

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

/// What is to be done of an attempt.
pub(crate) enum Attempt {
    /// All of it.
    Start(&'static Component, Call),
    /// What follows a rest within it.
    GoOn(Task),
}

/// How long an attempt may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    /// `timeout_ms`, for the message.
    whole_ms: u64,
    left_ms: u64,
}

impl Limit {
    /// `timeout_ms` of a stage at the beginning of an attempt.
    pub(crate) fn whole(ms: u64) -> Self {
        Self::left(ms, 0)
    }

    /// What is left of it.
    pub(crate) fn left(whole_ms: u64, spent_ms: u64) -> Self {
        Self {
            whole_ms,
            left_ms: whole_ms.saturating_sub(spent_ms),
        }
    }

    /// Whether nothing is left.
    pub(crate) fn is_over(&self) -> bool {
        self.left_ms == 0
    }

    /// What an attempt fails with that takes longer.
    pub(crate) fn late(self) -> Fault {
        let limit = self.whole_ms;
        StageError::new(
            ErrorType::Timeout,
            format!("took longer than `timeout_ms` ({limit} ms)"),
        )
    }
}

/// Everything through which a run reaches the world. Time and random bytes are those of
/// [`World`], which expressions and components see too.
pub(crate) trait Effects: World {
    /// Does an attempt of a leaf stage (`number` counts from 1), or the rest of it, within its
    /// limit of time.
    fn attempt(
        &self,
        name: &InstanceName,
        number: u32,
        attempt: Attempt,
        limit: Option<Limit>,
    ) -> Work;

    /// Ends at a moment.
    fn rest(&self, until: Moment) -> LocalBoxFuture<'static, ()>;

    /// Lets signals, timers and the network have their turn.
    fn give_way(&self) -> LocalBoxFuture<'static, ()>;

    /// Keeps an event of the run.
    fn record(&self, event: &Event<'_>);

    /// Whether anybody reads events: where nobody does they need not be made.
    fn is_recording(&self) -> bool;
}

/// This process: attempts run here, events become lines on standard error.
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
