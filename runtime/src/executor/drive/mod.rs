//! The driver: does what the scheduler decides, with tasks and timers.
//!
//! Enters: a run, its pipeline, options, signals, effects. Leaves: how the run ended. Everything
//! runs on one thread. To cancel a stage, its future is dropped. Only `rests` waits between
//! attempts; components never sleep. Must not decide what runs when.

use std::rc::Rc;

use fmc_expr::Value;
use futures_util::{FutureExt, StreamExt};

use crate::{
    base::{
        fault::{ErrorType, Fault, StageError},
        schema,
    },
    executor::schedule::types::{Action, Instance, Stop},
    plan::PipelinePlan,
    run::{site::Run, store::ROOT},
};

use driver::{Driver, Event};
use effects::Effects;
use history::Status;

pub use decide::PRESETS;
pub(crate) use outcome::{Options, RunEnd, RunResult, Signal, Signals};

pub(crate) mod decide;

pub(crate) mod effects;

pub(crate) mod events;

pub(crate) mod history;

pub(crate) mod mock;

mod attempts;

// Only the journal will use it, and there is no journal yet; until then only its tests call it.
#[cfg_attr(not(test), allow(dead_code))]
mod codec;

mod blocks;

mod driver;

mod outcome;

mod outputs;

mod rests;

/// After this many events of stages that took no time, timers, signals and the network have their
/// turn. Otherwise a loop over 100,000 items would keep a signal waiting.
const TURNS: u32 = 64;

/// Runs a pipeline to its end.
pub(crate) async fn run(
    pipeline: &'static PipelinePlan,
    run: Rc<Run>,
    effects: Rc<dyn Effects>,
    options: Options,
    signals: Signals,
) -> RunEnd {
    let mut driver = Driver::new(pipeline, run, effects, options);
    driver.watch(signals);
    if let Some(limit) = driver.options.timeout_ms {
        driver.after(limit, Event::Deadline);
    }
    let mut turns = 0;
    loop {
        driver.act();
        if driver.machine.is_finished() {
            break;
        }
        turns += 1;
        let Some(event) = driver.next(&mut turns).await else {
            break;
        };
        if event.is_some_and(|event| driver.handle(event)) {
            break;
        }
    }
    driver.end()
}

impl Driver {
    /// The next event. `Some(None)` for a task that was cancelled; `None` when nothing is left that
    /// could give an event.
    async fn next(&mut self, turns: &mut u32) -> Option<Option<Event>> {
        if *turns >= TURNS {
            *turns = 0;
            self.effects.give_way().await;
        } else if !std::mem::take(&mut self.spawned)
            && let Some(event) = self.arrived.pop_front()
        {
            return Some(Some(event));
        }
        if self.arrived.is_empty() {
            return self.tasks.next().await;
        }
        match self.tasks.next().now_or_never().flatten() {
            Some(event) => Some(event),
            None => Some(self.arrived.pop_front()),
        }
    }

    fn act(&mut self) {
        while let Some(action) = self.machine.next() {
            match action {
                Action::Start(instance) => self.start(instance),
                Action::Skipped(instance, why) => {
                    let reason = self.machine.reason(why);
                    self.history.skipped(instance, reason);
                }
                Action::Iterate { frame, of, index } => self.iterate(frame, of, index),
                Action::Iterated {
                    frame,
                    of,
                    index,
                    failure,
                    ..
                } => {
                    self.iterated(frame, of, index, failure.as_ref());
                }
                Action::Close(instance, end) => self.close(instance, end),
                Action::Rest(instance, ms) => self.rest_before_list(instance, ms),
                Action::Wake(instance) => self.wake(instance),
                Action::Cancel(instance) => {
                    let message =
                        "stopped because the time limit of the block around it was reached";
                    self.cancel(instance, StageError::new(ErrorType::Timeout, message));
                }
                Action::Forget(instance) => {
                    self.history.forget(instance);
                    let mut store = self.run.store.borrow_mut();
                    store.forget(instance.frame, instance.stage);
                }
            }
        }
    }

    /// Handles an event. Returns true when the run must end at once.
    fn handle(&mut self, event: Event) -> bool {
        if !matches!(event, Event::Begin(..)) {
            self.tick();
        }
        match event {
            Event::Begin(instance, attempt) => self.begin(instance, attempt),
            Event::Worked(instance, work) => self.worked(instance, work),
            Event::Rested(instance) => self.rested(instance),
            Event::Expired(instance, attempt) => self.expired(instance, attempt),
            Event::Deadline => {
                let limit = self.options.timeout_ms.unwrap_or_default();
                self.stopped_by.get_or_insert(RunResult::TimedOut(limit));
                self.machine.stop(Stop::Interrupted);
                self.cancel_all();
                self.after(self.options.grace_ms, Event::GraceOver);
            }
            Event::Signal(None, _) => {}
            Event::Signal(Some(signal), signals) => {
                if matches!(self.stopped_by, Some(RunResult::Interrupted(_))) {
                    return true;
                }
                self.stopped_by = Some(RunResult::Interrupted(signal));
                self.machine.stop(Stop::Interrupted);
                self.after(self.options.grace_ms, Event::GraceOver);
                self.watch(signals);
            }
            Event::GraceOver => return true,
        }
        false
    }

    fn watch(&mut self, mut signals: Signals) {
        self.spawn(async move {
            let signal = signals.next().await;
            Event::Signal(signal, signals)
        });
    }

    fn cancel(&mut self, instance: Instance, fault: Fault) {
        self.drop_rest(instance);
        if let Some(running) = self.running.remove(&instance) {
            if let Some(abort) = running.abort {
                abort.abort();
            }
            let elapsed = self.now.since(running.started);
            let status = Status::Failed(fault.message.clone());
            self.history.ended(instance, status, elapsed, Some(&fault));
        }
        self.machine.finish(instance, Err(fault));
    }

    /// Cancels every attempt that is running. Rests are woken by the scheduler, and fail with the
    /// failure they followed.
    fn cancel_all(&mut self) {
        let running = self.running.keys().copied();
        let mut running: Vec<_> = running
            .filter(|instance| !self.rests.contains_key(instance))
            .collect();
        running.sort_unstable();
        for instance in running {
            let message = "stopped because the time limit of the run was reached";
            self.cancel(instance, StageError::new(ErrorType::Timeout, message));
        }
    }

    fn end(mut self) -> RunEnd {
        self.tick();
        self.abandon();
        let stop = self.machine.stopped().cloned();
        let result = match (self.stopped_by.take(), stop) {
            (Some(result), _) => result,
            (None, Some(Stop::Failed(failure))) => {
                let (iterations, attempts) = self.history.failure(failure.at);
                RunResult::Failed {
                    failure,
                    iterations,
                    attempts,
                }
            }
            (None, _) => match self.ending.take() {
                Some((at, ending)) if ending.failed => RunResult::Refused(at, ending),
                Some((_, ending)) => self.completed(ending.value),
                None => self.completed(self.output()),
            },
        };
        self.tick();
        RunEnd {
            result,
            usage: *self.run.usage.borrow(),
            elapsed_ms: self.now.since(self.run.started),
            summaries: self.history.into_summaries(),
        }
    }

    /// Records the stages that are still running when the run ends at once.
    fn abandon(&mut self) {
        let mut running: Vec<_> = self.running.drain().collect();
        running.sort_unstable_by_key(|(instance, _)| *instance);
        for (instance, running) in running {
            if let Some(abort) = running.abort {
                abort.abort();
            }
            let elapsed = self.now.since(running.started);
            self.history.ended(instance, Status::Cut, elapsed, None);
        }
    }

    /// A run has completed only if its output fits `output_schema`.
    fn completed(&self, output: Value) -> RunResult {
        let schema = self.pipeline.output_schema;
        let schema = schema.and_then(|text| Value::from_json(text.as_bytes()).ok());
        match schema.map(|schema| schema::check(&schema, &output, "output")) {
            Some(Err(errors)) => RunResult::Unfit(errors),
            Some(Ok(_)) | None => RunResult::Completed(output),
        }
    }

    fn output(&self) -> Value {
        let store = self.run.store.borrow();
        let stage = self.pipeline.output;
        stage
            .and_then(|stage| store.output(ROOT, stage).cloned())
            .unwrap_or_default()
    }
}
