//! The driver: does what the scheduler says, with tasks and timers.
//!
//! Enters: a run's shared state, options, signals. Leaves: how the run ended. Everything runs
//! on one thread; a stage's future is dropped when it is cancelled.

use std::{collections::HashMap, pin::Pin, rc::Rc, time::Duration};

use fmc_expr::Value;
use futures_util::{
    Stream, StreamExt,
    future::{AbortHandle, Abortable, LocalBoxFuture},
    stream::FuturesUnordered,
};

use super::{
    control::{Ending, Items},
    graph::Graph,
    machine::Machine,
    mock::Mocks,
    place::{Place, Shared, Usage},
    record::{Records, Status, Summary},
    state::{Action, Failure, Instance, Stop},
    store::ROOT,
};
use crate::{
    clock::Started,
    error::{ErrorType, Fault, StageError},
    plan::{Outcome, Stage},
    schema,
};

/// Signals that ask the run to stop.
pub(crate) type Signals = Pin<Box<dyn Stream<Item = Signal>>>;

/// A signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    Interrupt,
    Terminate,
}

/// How a run is to be run.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) max_concurrency: usize,
    /// For the whole run.
    pub(crate) timeout_ms: Option<u64>,
    /// For what runs when the run is stopped from outside.
    pub(crate) grace_ms: u64,
    pub(crate) mocks: Option<Rc<Mocks>>,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct RunEnd {
    pub(crate) result: RunResult,
    pub(crate) summaries: Vec<Summary>,
    pub(crate) usage: Usage,
    pub(crate) elapsed_ms: u64,
}

/// What a run came to.
#[derive(Debug)]
pub(crate) enum RunResult {
    Completed(Value),
    /// The output does not fit `output_schema`, and why.
    Unfit(Vec<String>),
    /// A `return` stage with `status: failed`.
    Refused(Instance, Ending),
    Failed {
        failure: Failure,
        /// Indices of the iterations around it.
        iterations: Vec<usize>,
        attempts: u32,
    },
    TimedOut(u64),
    Interrupted(Signal),
}

/// A stage whose component runs, or waits for another attempt.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) attempt: u32,
    pub(super) started: Started,
    pub(super) attempt_started: Started,
    pub(super) abort: AbortHandle,
    /// What the latest attempt failed with, between attempts.
    pub(super) resting: Option<Fault>,
}

/// A control stage under way.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) attempt: u32,
    pub(super) started: Started,
    pub(super) items: Option<Items>,
    pub(super) results: Vec<Value>,
}

pub(super) enum Event {
    Attempted(Instance, Outcome),
    Rested(Instance),
    Resume(Instance),
    Rerun(Instance),
    Expired(Instance, u32),
    Signal(Option<Signal>, Signals),
    Deadline,
    GraceOver,
}

/// The driver of one run.
pub(super) struct Driver {
    pub(super) shared: Rc<Shared>,
    pub(super) options: Options,
    pub(super) machine: Machine,
    pub(super) records: Records,
    pub(super) running: HashMap<Instance, Running>,
    pub(super) blocks: HashMap<Instance, Block>,
    pub(super) ending: Option<(Instance, Ending)>,
    pub(super) stopped_by: Option<RunResult>,
    tasks: FuturesUnordered<LocalBoxFuture<'static, Option<Event>>>,
}

/// Runs a pipeline to its end.
pub(crate) async fn run(shared: Rc<Shared>, options: Options, signals: Signals) -> RunEnd {
    let mut driver = Driver::new(shared, options);
    driver.watch(signals);
    if let Some(limit) = driver.options.timeout_ms {
        driver.after(limit, Event::Deadline);
    }
    loop {
        driver.act();
        if driver.machine.is_finished() {
            break;
        }
        let Some(event) = driver.tasks.next().await else {
            break;
        };
        if event.is_some_and(|event| driver.handle(event)) {
            break;
        }
    }
    driver.end()
}

impl Driver {
    fn new(shared: Rc<Shared>, options: Options) -> Self {
        let graph = Graph::new(shared.pipeline.stages);
        Self {
            machine: Machine::new(graph, options.max_concurrency),
            records: Records::new(shared.pipeline, shared.reporter.clone()),
            shared,
            options,
            running: HashMap::new(),
            blocks: HashMap::new(),
            ending: None,
            stopped_by: None,
            tasks: FuturesUnordered::new(),
        }
    }

    fn act(&mut self) {
        while let Some(action) = self.machine.next() {
            match action {
                Action::Start(instance) => self.start(instance),
                Action::Skipped(instance, why) => {
                    let reason = self.machine.reason(why);
                    self.records.skipped(instance, reason);
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
                Action::Delay(instance, ms) => drop(self.after(ms, Event::Resume(instance))),
                Action::Cancel(instance) => {
                    let message = "stopped because the time of the block around it is over";
                    self.cancel(instance, StageError::new(ErrorType::Timeout, message));
                }
                Action::Forget(instance) => {
                    self.records.forget(instance);
                    let mut store = self.shared.store.borrow_mut();
                    store.forget_output(instance.frame, instance.stage);
                }
            }
        }
    }

    /// Takes an event; true when the run ends at once.
    fn handle(&mut self, event: Event) -> bool {
        match event {
            Event::Attempted(instance, outcome) => self.attempted(instance, outcome),
            Event::Rested(instance) => self.attempt(instance),
            Event::Resume(instance) => self.machine.resume(instance),
            Event::Rerun(instance) => self.machine.rerun(instance),
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
                self.end_rests();
                self.after(self.options.grace_ms, Event::GraceOver);
                self.watch(signals);
            }
            Event::GraceOver => return true,
        }
        false
    }

    fn watch(&self, mut signals: Signals) {
        self.spawn(async move {
            let signal = signals.next().await;
            Event::Signal(signal, signals)
        });
    }

    /// Runs a future; the handle drops it.
    pub(super) fn spawn(&self, future: impl Future<Output = Event> + 'static) -> AbortHandle {
        let (abort, registration) = AbortHandle::new_pair();
        let future = Abortable::new(future, registration);
        self.tasks.push(Box::pin(async move { future.await.ok() }));
        abort
    }

    /// Gives an event so many milliseconds from now.
    pub(super) fn after(&self, ms: u64, event: Event) -> AbortHandle {
        self.spawn(async move {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            event
        })
    }

    pub(super) fn stage(&self, instance: Instance) -> Option<&'static Stage> {
        self.machine.graph().stage(instance.stage)
    }

    pub(super) fn place(
        &self,
        instance: Instance,
        attempt: u32,
        last_attempt: bool,
    ) -> Option<Place> {
        let mut place = Place {
            shared: Rc::clone(&self.shared),
            frame: instance.frame,
            stage: self.stage(instance)?,
            attempt,
            last_attempt,
            error: Value::Null,
        };
        if let Some(failure) = self.machine.error_at(instance) {
            place.error = super::control::error_value(&place, failure);
        }
        Some(place)
    }

    pub(super) fn cancel(&mut self, instance: Instance, fault: Fault) {
        if let Some(running) = self.running.remove(&instance) {
            running.abort.abort();
            let elapsed = running.started.elapsed_ms();
            let status = Status::Failed(fault.message.clone());
            self.records.ended(instance, status, elapsed, Some(&fault));
        }
        self.machine.finish(instance, Err(fault));
    }

    fn cancel_all(&mut self) {
        let mut running: Vec<_> = self.running.keys().copied().collect();
        running.sort_unstable();
        for instance in running {
            let message = "stopped because the run's time is over";
            self.cancel(instance, StageError::new(ErrorType::Timeout, message));
        }
    }

    /// No further attempts: stages between attempts fail with what the latest one failed with.
    fn end_rests(&mut self) {
        let resting = self
            .running
            .iter()
            .filter(|(_, running)| running.resting.is_some());
        let mut resting: Vec<_> = resting.map(|(instance, _)| *instance).collect();
        resting.sort_unstable();
        for instance in resting {
            let fault = self
                .running
                .get_mut(&instance)
                .and_then(|running| running.resting.take());
            if let Some(fault) = fault {
                self.cancel(instance, fault);
            }
        }
    }

    fn end(mut self) -> RunEnd {
        self.abandon();
        let stop = self.machine.stopped().cloned();
        let result = match (self.stopped_by.take(), stop) {
            (Some(result), _) => result,
            (None, Some(Stop::Failed(failure))) => {
                let (iterations, attempts) = self.records.failure(failure.at);
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
        RunEnd {
            result,
            usage: *self.shared.usage.borrow(),
            elapsed_ms: self.shared.started.elapsed_ms(),
            summaries: self.records.into_summaries(),
        }
    }

    /// What still runs when the run ends at once.
    fn abandon(&mut self) {
        let mut running: Vec<_> = self.running.drain().collect();
        running.sort_unstable_by_key(|(instance, _)| *instance);
        for (instance, running) in running {
            running.abort.abort();
            self.records
                .ended(instance, Status::Cut, running.started.elapsed_ms(), None);
        }
    }

    /// A run is complete when its output is what the pipeline promises.
    fn completed(&self, output: Value) -> RunResult {
        let schema = self.shared.pipeline.output_schema;
        let schema = schema.and_then(|text| Value::from_json(text.as_bytes()).ok());
        match schema.map(|schema| schema::check(&schema, &output, "output")) {
            Some(Err(errors)) => RunResult::Unfit(errors),
            Some(Ok(_)) | None => RunResult::Completed(output),
        }
    }

    fn output(&self) -> Value {
        let store = self.shared.store.borrow();
        let stage = self.shared.pipeline.output;
        stage
            .and_then(|stage| store.output(ROOT, stage).cloned())
            .unwrap_or_default()
    }
}
