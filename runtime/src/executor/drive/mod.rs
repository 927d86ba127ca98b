//! The driver: does what the scheduler decides, with tasks and timers.
//!
//! Enters: a run, its pipeline, options, signals, effects. Leaves: how the run ended. Everything
//! runs on one thread. To cancel a stage, its future is dropped. Only `rests` waits between
//! attempts; components never sleep. Must not decide what runs when.

use std::rc::Rc;

use fmc_expr::{Cx, Value};
use futures_util::{FutureExt, StreamExt};

use crate::{
    base::{
        fault::{ErrorType, Fault, StageError},
        schema,
    },
    executor::schedule::types::{Action, Instance, Stop},
    host::deadline::Deadline,
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

mod late;

mod outcome;

mod outputs;

mod rests;

/// How large the output of a run may be, with its shared parts counted each time: a loop whose
/// results all have the same large body takes little memory, but the text of it would not.
const MAX_OUTPUT: u64 = 1 << 30;

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
        driver.run.limits.end_run_at(driver.now.after(limit));
        driver.after(limit, Event::Deadline);
    }
    let mut turns = 0;
    loop {
        let is_done = driver.act();
        if driver.over || (is_done && driver.machine.is_finished()) {
            break;
        }
        turns += 1;
        let Some(event) = driver.next(&mut turns, is_done).await else {
            break;
        };
        if let Some(event) = event {
            driver.handle(event);
        }
    }
    if driver.over {
        driver.take_signals();
    }
    driver.end()
}

impl Driver {
    /// The next event. `Some(None)` for a task that was cancelled, or when there is none yet but
    /// more to do (`is_done` is false); `None` when nothing is left that could give an event.
    async fn next(&mut self, turns: &mut u32, is_done: bool) -> Option<Option<Event>> {
        if *turns >= TURNS || self.must_give_way() {
            *turns = 0;
            self.effects.give_way().await;
            self.has_given_way();
            if !is_done {
                return Some(self.tasks.next().now_or_never().flatten().flatten());
            }
        } else if !std::mem::take(&mut self.spawned)
            && let Some(event) = self.arrived.pop_front()
        {
            return Some(Some(event));
        }
        if self.arrived.is_empty() {
            if let Some(event) = self.tasks.next().now_or_never() {
                return event;
            }
            let event = self.tasks.next().await;
            self.has_given_way();
            return event;
        }
        match self.tasks.next().now_or_never().flatten() {
            Some(event) => Some(event),
            None => Some(self.arrived.pop_front()),
        }
    }

    /// Does what the scheduler has decided. Returns whether all of it was done: if it takes long,
    /// signals and timers have their turn first.
    fn act(&mut self) -> bool {
        while !self.over && !self.must_give_way() {
            let Some(action) = self.machine.next() else {
                return true;
            };
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
        false
    }

    fn handle(&mut self, event: Event) {
        if !matches!(event, Event::Begin(..)) {
            self.tick();
        }
        match event {
            Event::Begin(instance, attempt) => self.begin(instance, attempt),
            Event::Worked(instance, work) => self.worked(instance, work),
            Event::Rested(instance) => self.rested(instance),
            Event::Expired(instance, attempt) => self.expired(instance, attempt),
            Event::Deadline => self.run_late(),
            Event::Signal(None, _) => {}
            Event::Signal(Some(signal), signals) => {
                if matches!(self.stopped_by, Some(RunResult::Interrupted(_))) {
                    self.over = true;
                    return;
                }
                self.stopped_by = Some(RunResult::Interrupted(signal));
                self.machine.stop(Stop::Interrupted);
                self.end_after_grace();
                self.watch(signals);
            }
            Event::GraceOver => self.over = true,
        }
    }

    /// Before a run ends at once: takes the signal that said so, if the loop has not seen it yet,
    /// because a stage was computing.
    fn take_signals(&mut self) {
        while !matches!(self.stopped_by, Some(RunResult::Interrupted(_)))
            && let Some(Some(event)) = self.tasks.next().now_or_never()
        {
            if let Some(Event::Signal(Some(signal), _)) = event {
                self.stopped_by = Some(RunResult::Interrupted(signal));
            }
        }
        // Whatever happened, a run that was broken off is not a success.
        let unknown = RunResult::Interrupted(Signal::Terminate);
        self.stopped_by.get_or_insert(unknown);
    }

    /// What is running may go on for the grace time; then the run ends.
    pub(super) fn end_after_grace(&mut self) {
        let end = self.now.after(self.options.grace_ms);
        self.run.limits.end_grace_at(end);
        self.at(end, Event::GraceOver);
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
    pub(super) fn cancel_all(&mut self) {
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

    /// A run has completed only if its output can be written and fits `output_schema`.
    fn completed(&self, output: Value) -> RunResult {
        if outputs::is_larger(&output, MAX_OUTPUT) {
            let most = MAX_OUTPUT >> 30;
            let message = format!("the output of the run would be larger than {most} GiB");
            return RunResult::Unfit(vec![message]);
        }
        let schema = self.pipeline.output_schema;
        let schema = schema.and_then(|text| Value::from_json(text.as_bytes()).ok());
        let end = Deadline::new(&self.run.limits, None);
        let cx = Cx::new().with_steps(schema::STEPS).until(Rc::new(end));
        match schema.map(|schema| schema::check(&cx, &schema, &output, "output")) {
            Some(Err(errors)) => {
                let unfit = |error| format!("the output does not fit `output_schema`: {error}");
                RunResult::Unfit(errors.into_iter().map(unfit).collect())
            }
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
