//! The driver's part for single stages: their attempts, retries and fallbacks.
//!
//! Enters: stages that start, and ends of their attempts. Leaves: outputs in the store, and results
//! for the scheduler. Must not wait; `rests` does.

use std::panic::AssertUnwindSafe;

use fmc_expr::Value;
use futures_util::{FutureExt, TryFutureExt};

use crate::{
    base::{
        fault::{Fault, Outcome, StageError},
        retry::{self, OnError},
    },
    component::{Again, Call, Component, Task, Work},
    executor::{
        drive::{
            decide::{self, Decision},
            driver::{BlockRun, Driver, Event, Rest, StageRun},
            effects::{Attempt, Limit},
            history::Status,
            outputs,
        },
        schedule::types::{Done, Instance, Stop},
    },
    host::{bug, world},
    plan::{StageKind, StagePlan},
    run::site::Site,
};

/// How many iterations of a loop are open at the same time at most, if no more stages can run at
/// the same time. More would only wait, and a loop over a million items would take a gigabyte.
const OPEN: usize = 1_000;

impl Driver {
    pub(super) fn start(&mut self, instance: Instance) {
        self.history.started(instance);
        let running = StageRun {
            attempt: 0,
            started: self.now,
            attempt_started: self.now,
            abort: None,
        };
        self.running.insert(instance, running);
        self.attempt(instance);
    }

    /// Begins the next attempt of a stage.
    pub(super) fn attempt(&mut self, instance: Instance) {
        let Some(stage) = self.stage(instance) else {
            return;
        };
        let Some(running) = self.running.get_mut(&instance) else {
            return;
        };
        running.attempt += 1;
        running.attempt_started = self.now;
        let attempt = running.attempt;
        if let Some(mocks) = &self.options.mocks
            && let Some(answer) = mocks.answer(stage.id)
        {
            return self.attempted(instance, answer);
        }
        if matches!(stage.kind, StageKind::Leaf(_)) {
            return self.arrived.push_back(Event::Begin(instance, attempt));
        }
        let last = is_last(stage, attempt);
        if let Some(site) = self.site(instance, attempt, last) {
            let decision = bug::caught(|| decide::decide(self.pipeline, stage, &site));
            let decision = decision.unwrap_or_else(|bug| Err(StageError::bug(bug)));
            self.tick();
            if let Some(decision) = self.in_time(instance, decision) {
                self.decided(instance, decision);
            }
        }
    }

    /// Begins an attempt of a leaf for which `attempt` has queued an event.
    pub(super) fn begin(&mut self, instance: Instance, attempt: u32) {
        let running = self.running.get(&instance);
        if running.is_none_or(|running| running.attempt != attempt) {
            // It was cancelled before it began.
            return;
        }
        let Some(stage) = self.stage(instance) else {
            return;
        };
        let StageKind::Leaf(component) = stage.kind else {
            return;
        };
        let Some(site) = self.site(instance, attempt, is_last(stage, attempt)) else {
            return;
        };
        let work = bug::caught(|| self.work(instance, stage, component, site));
        self.tick();
        self.worked(instance, work.unwrap_or_else(broken));
    }

    /// Calls the component of a stage: what it can do at once is done then.
    fn work(
        &self,
        instance: Instance,
        stage: &StagePlan,
        component: &'static Component,
        site: Site,
    ) -> Work {
        if component.side_effect && self.options.mocks.is_some() {
            return Work::Done(Err(StageError::config(format!(
                "a `{}` stage has side effects, and the mock file has no entry for it",
                component.name
            ))));
        }
        let settings = match decide::settings(stage, &site) {
            Ok(settings) => settings,
            Err(fault) => return Work::Done(Err(fault)),
        };
        let attempt = site.attempt;
        let call = Call {
            site,
            settings,
            deferred: stage.deferred,
        };
        let limit = stage.timeout_ms.map(|limit| {
            let began = self.running.get(&instance);
            let began = began.map_or(self.now, |running| running.attempt_started);
            // The settings were rendered within the limit too.
            Limit::left(limit, self.effects.moment().since(began))
        });
        let begin = Attempt::Start(component, call);
        let name = self.history.name(instance);
        self.effects.attempt(&name, attempt, begin, limit)
    }

    /// Continues an attempt after a rest within it, in the time that is left.
    pub(super) fn go_on(&mut self, instance: Instance, task: Task) {
        let (Some(stage), Some(running)) = (self.stage(instance), self.running.get(&instance))
        else {
            return;
        };
        let spent = self.now.since(running.attempt_started);
        let limit = stage.timeout_ms.map(|ms| Limit::left(ms, spent));
        if let Some(limit) = limit.filter(Limit::is_over) {
            return self.attempted(instance, Err(limit.late()));
        }
        let name = self.history.name(instance);
        let number = running.attempt;
        let work = self
            .effects
            .attempt(&name, number, Attempt::GoOn(task), limit);
        self.worked(instance, work);
    }

    fn under_way(&mut self, instance: Instance, task: Task) {
        let work = AssertUnwindSafe(task).catch_unwind();
        let work = work.map_err(|panic| bug::sentence(&*panic));
        let abort =
            self.spawn(async move { Event::Worked(instance, work.await.unwrap_or_else(broken)) });
        if let Some(running) = self.running.get_mut(&instance) {
            running.abort = Some(abort);
        }
    }

    /// A component has returned. What it did is only looked at if it did it in time.
    pub(super) fn worked(&mut self, instance: Instance, work: Work) {
        match self.in_time(instance, Ok(work)) {
            None => {}
            Some(Err(late)) => self.attempted(instance, Err(late)),
            Some(Ok(Work::Done(outcome))) => self.attempted(instance, outcome),
            Some(Ok(Work::Task(task))) => self.under_way(instance, task),
            Some(Ok(Work::Again(again))) => self.again(instance, *again),
        }
    }

    /// A component wants to continue after a rest.
    fn again(&mut self, instance: Instance, again: Again) {
        let (Some(stage), Some(running)) = (self.stage(instance), self.running.get(&instance))
        else {
            return;
        };
        let spent = self.now.since(running.attempt_started);
        let random = world::fraction(&*self.effects);
        let wish = again.fault.retry_after_ms;
        let delay = retry::delay_ms(again.policy, again.asked, wish, random);
        let Some(delay) = delay.filter(|_| self.machine.rest(instance)) else {
            return self.attempted(instance, Err(again.fault));
        };
        if let Some(site) = self.site(instance, running.attempt, true) {
            site.warn(&format!("{}; asked again in {delay} ms", again.note));
        }
        // Rests only until the time limit of the attempt. `go_on` then finds that the limit was
        // reached.
        let left = stage.timeout_ms.map(|limit| limit.saturating_sub(spent));
        let delay = left.map_or(delay, |left| delay.min(left));
        self.rest(instance, delay, Rest::Work(again.then, again.fault));
    }

    fn decided(&mut self, instance: Instance, decision: Result<Decision, Fault>) {
        let mut decision = match decision {
            Ok(decision) => decision,
            Err(fault) => return self.attempted(instance, Err(fault)),
        };
        if let Some(ending) = decision.ending {
            self.ending.get_or_insert((instance, ending));
            self.machine.stop(Stop::Returned(instance));
        }
        if decision.done == Done::Plain {
            return self.attempted(instance, Ok(decision.output.unwrap_or_default()));
        }
        let Some(running) = self.running.remove(&instance) else {
            return;
        };
        if let Some(output) = decision.output {
            self.store(instance, output);
        }
        let earlier = self.blocks.get(&instance);
        let attempt = earlier.map_or(1, |block| block.attempt + 1);
        let started = earlier.map_or(running.started, |block| block.started);
        if let Done::Foreach(settings) = &mut decision.done {
            let most = self.options.max_concurrency.max(OPEN);
            settings.parallel = settings.parallel.min(most);
        }
        let results = decision
            .items
            .as_ref()
            .map_or(0, |items| if items.collect { items.kept.len() } else { 0 });
        let end = self.end_of_attempt(instance, running.attempt_started);
        let block = BlockRun {
            attempt,
            started,
            end,
            items: decision.items,
            results: vec![Value::Null; results],
        };
        self.blocks.insert(instance, block);
        if let Some(end) = end {
            self.at(end, Event::Expired(instance, attempt));
        }
        self.machine.finish(instance, Ok(decision.done));
    }

    /// An attempt ended: either the stage ends too, or another attempt follows.
    pub(super) fn attempted(&mut self, instance: Instance, outcome: Outcome) {
        let (Some(stage), Some(running)) = (self.stage(instance), self.running.get(&instance))
        else {
            return;
        };
        let attempt = running.attempt;
        let elapsed = self.now.since(running.attempt_started);
        let fault = match outcome {
            Ok(output) => {
                self.history
                    .attempted(instance, attempt, elapsed, None, None);
                return self.succeed(instance, output, Status::Succeeded, None);
            }
            Err(fault) => fault,
        };
        let delay = self.delay(stage, instance, attempt, &fault);
        self.history
            .attempted(instance, attempt, elapsed, Some(&fault), delay);
        match delay {
            Some(ms) => self.rest(instance, ms, Rest::Attempt(fault)),
            None => self.fail_after_attempts(instance, fault),
        }
    }

    /// How long to rest before another attempt, in milliseconds; `None` when none follows.
    pub(super) fn delay(
        &mut self,
        stage: &StagePlan,
        instance: Instance,
        attempt: u32,
        fault: &StageError,
    ) -> Option<u64> {
        if !fault.kind.is_retryable() || !matches!(stage.on_error, OnError::Retry { .. }) {
            return None;
        }
        let random = world::fraction(&*self.effects);
        let delay = retry::delay_ms(stage.on_error, attempt, fault.retry_after_ms, random);
        delay.filter(|_| self.machine.rest(instance))
    }

    /// No further attempt follows: the stage ends with its fallback or with the failure.
    pub(super) fn fail_after_attempts(&mut self, instance: Instance, fault: Fault) {
        let (Some(stage), Some(running)) = (self.stage(instance), self.running.get(&instance))
        else {
            return;
        };
        let attempts = running.attempt;
        let fault = match stage.on_error {
            OnError::Retry { .. } if attempts > 1 => StageError::exhausted(fault, attempts),
            OnError::Retry { .. } | OnError::Fail => fault,
            OnError::Continue => match self.fallback(stage, instance) {
                Ok(output) => {
                    let status = Status::Continued(fault.message.clone());
                    return self.succeed(instance, output, status, Some(&fault));
                }
                Err(fault) => fault,
            },
        };
        let elapsed = self.end_run(instance);
        let status = Status::Failed(fault.message.clone());
        self.history.ended(instance, status, elapsed, Some(&fault));
        self.history.failed_at(instance, attempts);
        self.machine.finish(instance, Err(fault));
    }

    /// The fallback output of a stage with `on_error: continue`.
    pub(super) fn fallback(&mut self, stage: &StagePlan, instance: Instance) -> Outcome {
        let Some(site) = self.site(instance, 1, true) else {
            return Ok(Value::Null);
        };
        let output = bug::caught(|| outputs::fallback(stage, &site));
        self.tick();
        output.unwrap_or_else(|bug| Err(StageError::bug(bug)))
    }

    /// Ends the run of a stage. Returns how long it took, in milliseconds.
    fn end_run(&mut self, instance: Instance) -> u64 {
        let run = self.running.remove(&instance);
        run.map_or(0, |run| self.now.since(run.started))
    }

    fn succeed(
        &mut self,
        instance: Instance,
        output: Value,
        status: Status,
        error: Option<&StageError>,
    ) {
        let elapsed = self.end_run(instance);
        self.store(instance, output);
        self.history.ended(instance, status, elapsed, error);
        self.machine.finish(instance, Ok(Done::Plain));
    }

    pub(super) fn store(&self, instance: Instance, output: Value) {
        self.run
            .store
            .borrow_mut()
            .set_output(instance.frame, instance.stage, output);
    }
}

/// What a component returned that panicked.
fn broken(bug: String) -> Work {
    Work::Done(Err(StageError::bug(bug)))
}

/// Whether no further attempt can follow this one.
fn is_last(stage: &StagePlan, attempt: u32) -> bool {
    match stage.on_error {
        OnError::Retry { max_retries, .. } => attempt > max_retries,
        OnError::Fail | OnError::Continue => true,
    }
}
