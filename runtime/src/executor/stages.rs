//! The driver's part for single stages: attempts, retries, fallbacks, blocks and their outputs.
//!
//! Enters: starts and ends of stages. Leaves: outputs in the store, results for the scheduler.

use std::time::Duration;

use fmc_expr::Value;
use futures_util::future::AbortHandle;

use super::{
    control::{self, Decision},
    drive::{Block, Driver, Event, Running},
    mock::Mocks,
    place::Place,
    record::Status,
    retry,
    state::{BlockEnd, Done, Failure, Instance, Stop},
    store::FrameId,
};
use crate::{
    clock::{self, Started},
    component::Call,
    error::{ErrorType, Fault, StageError},
    plan::{Kind, OnError, Outcome},
    render,
};

impl Driver {
    pub(super) fn start(&mut self, instance: Instance) {
        self.records.started(instance);
        let now = Started::now();
        let running = Running {
            attempt: 0,
            started: now,
            attempt_started: now,
            abort: AbortHandle::new_pair().0,
            resting: None,
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
        running.attempt_started = Started::now();
        running.resting = None;
        let attempt = running.attempt;
        let last = match stage.on_error {
            OnError::Retry { max_retries, .. } => attempt > max_retries,
            OnError::Fail | OnError::Continue => true,
        };
        let Some(place) = self.place(instance, attempt, last) else {
            return;
        };
        let mocks = self.options.mocks.clone();
        if let Some(answer) = mocks.as_ref().and_then(|mocks| mocks.answer(stage.id)) {
            return self.attempted(instance, answer);
        }
        if let Kind::Leaf(_) = stage.kind {
            let abort = self.spawn(async move {
                let outcome = limited(&place, mocks.as_deref()).await;
                Event::Attempted(instance, outcome)
            });
            if let Some(running) = self.running.get_mut(&instance) {
                running.abort = abort;
            }
        } else {
            let decision = control::decide(&place);
            self.decided(instance, decision);
        }
    }

    fn decided(&mut self, instance: Instance, decision: Result<Decision, Fault>) {
        let decision = match decision {
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
        let attempt = self
            .blocks
            .get(&instance)
            .map_or(1, |block| block.attempt + 1);
        let results = decision
            .items
            .as_ref()
            .map_or(0, |items| if items.collect { items.kept.len() } else { 0 });
        let block = Block {
            attempt,
            started: self
                .blocks
                .get(&instance)
                .map_or(running.started, |block| block.started),
            items: decision.items,
            results: vec![Value::Null; results],
        };
        self.blocks.insert(instance, block);
        if let Some(limit) = self.stage(instance).and_then(|stage| stage.timeout_ms) {
            self.after(limit, Event::Expired(instance, attempt));
        }
        self.machine.finish(instance, Ok(decision.done));
    }

    /// An attempt ended: the stage has, or another attempt follows.
    pub(super) fn attempted(&mut self, instance: Instance, outcome: Outcome) {
        let (Some(stage), Some(running)) = (self.stage(instance), self.running.get_mut(&instance))
        else {
            return;
        };
        let (attempt, elapsed) = (running.attempt, running.attempt_started.elapsed_ms());
        let fault = match outcome {
            Ok(output) => {
                self.records
                    .attempted(instance, attempt, elapsed, None, None);
                return self.succeed(instance, output, Status::Succeeded, None);
            }
            Err(fault) => fault,
        };
        let again = fault.kind.is_retryable() && self.stopped_by.is_none();
        let delay = retry::delay_ms(
            stage.on_error,
            attempt,
            fault.retry_after_ms,
            clock::random(),
        );
        let delay = delay.filter(|_| again);
        self.records
            .attempted(instance, attempt, elapsed, Some(&fault), delay);
        if let Some(ms) = delay {
            let abort = self.after(ms, Event::Rested(instance));
            if let Some(running) = self.running.get_mut(&instance) {
                running.abort = abort;
                running.resting = Some(fault);
            }
            return;
        }
        let fault = match stage.on_error {
            OnError::Retry { .. } if attempt > 1 => StageError::exhausted(fault, attempt),
            _ => fault,
        };
        self.give_up(instance, fault);
    }

    /// The last attempt failed: the fallback counts, or the failure.
    fn give_up(&mut self, instance: Instance, fault: Fault) {
        let continues = self
            .stage(instance)
            .is_some_and(|stage| stage.on_error == OnError::Continue);
        let fault = match self.place(instance, 1, true).filter(|_| continues) {
            Some(place) => match control::fallback(&place) {
                Ok(output) => {
                    let status = Status::Continued(fault.message.clone());
                    return self.succeed(instance, output, status, Some(&fault));
                }
                Err(fault) => fault,
            },
            None => fault,
        };
        let (elapsed, attempts) = self.running.remove(&instance).map_or((0, 1), |running| {
            (running.started.elapsed_ms(), running.attempt)
        });
        let status = Status::Failed(fault.message.clone());
        self.records.ended(instance, status, elapsed, Some(&fault));
        self.records.failed_at(instance, attempts);
        self.machine.finish(instance, Err(fault));
    }

    fn succeed(
        &mut self,
        instance: Instance,
        output: Value,
        status: Status,
        error: Option<&StageError>,
    ) {
        let elapsed = self
            .running
            .remove(&instance)
            .map_or(0, |running| running.started.elapsed_ms());
        self.store(instance, output);
        self.records.ended(instance, status, elapsed, error);
        self.machine.finish(instance, Ok(Done::Plain));
    }

    fn store(&self, instance: Instance, output: Value) {
        self.shared
            .store
            .borrow_mut()
            .set_output(instance.frame, instance.stage, output);
    }

    pub(super) fn iterate(&mut self, frame: FrameId, of: Instance, index: usize) {
        self.records.open(frame, of.frame, index);
        let (Some(stage), Some(block)) = (self.stage(of), self.blocks.get(&of)) else {
            return;
        };
        let Some(items) = &block.items else {
            return;
        };
        let item = items.kept.get(index).cloned().unwrap_or_default();
        let variables = control::iteration(&stage.kind, item, index, items.kept.len());
        self.shared
            .store
            .borrow_mut()
            .open(frame, of.frame, variables);
    }

    pub(super) fn iterated(
        &mut self,
        frame: FrameId,
        of: Instance,
        index: usize,
        failure: Option<&Failure>,
    ) {
        let result = match (failure, self.place(of, 1, true)) {
            (Some(failure), Some(place)) => {
                render::record([("error", control::error_value(&place, failure))])
            }
            _ => self.last_output(frame, of),
        };
        let slot = self
            .blocks
            .get_mut(&of)
            .and_then(|block| block.results.get_mut(index));
        if let Some(slot) = slot {
            *slot = result;
        }
        self.shared.store.borrow_mut().close(frame);
        self.records.close(frame);
    }

    /// The output of a loop list's last stage in an iteration.
    fn last_output(&self, frame: FrameId, of: Instance) -> Value {
        let Some(Kind::Foreach { body, .. }) = self.stage(of).map(|stage| &stage.kind) else {
            return Value::Null;
        };
        let store = self.shared.store.borrow();
        body.last()
            .and_then(|last| store.output(frame, *last).cloned())
            .unwrap_or_default()
    }

    /// A block ended: its output is made, or its failure dealt with.
    pub(super) fn close(&mut self, instance: Instance, end: BlockEnd) {
        let (Some(place), Some(block)) = (
            self.place(instance, 1, true),
            self.blocks.get_mut(&instance),
        ) else {
            return self.machine.cut(instance);
        };
        let elapsed = block.started.elapsed_ms();
        match end {
            BlockEnd::Selected => {}
            BlockEnd::Tried { error } => {
                let output = control::tried(&place, error.as_ref());
                self.store(instance, output);
            }
            BlockEnd::Looped { failed } => {
                let results = std::mem::take(&mut block.results);
                let output = block
                    .items
                    .as_ref()
                    .map(|items| control::looped(items, results, failed));
                self.store(instance, output.unwrap_or_default());
            }
            BlockEnd::Failed(failure) => return self.block_failed(instance, &place, failure),
            BlockEnd::Cut => {
                self.blocks.remove(&instance);
                self.records.ended(instance, Status::Cut, elapsed, None);
                return self.machine.cut(instance);
            }
        }
        self.blocks.remove(&instance);
        self.records
            .ended(instance, Status::Succeeded, elapsed, None);
        self.machine.closed(instance, Ok(()));
    }

    fn block_failed(&mut self, instance: Instance, place: &Place, mut failure: Failure) {
        let Some(block) = self.blocks.get(&instance) else {
            return;
        };
        let (attempt, elapsed) = (block.attempt, block.started.elapsed_ms());
        let policy = place.stage.on_error;
        let again = failure.fault.kind.is_retryable() && !self.machine.is_stopped_at(instance);
        let delay = retry::delay_ms(
            policy,
            attempt,
            failure.fault.retry_after_ms,
            clock::random(),
        );
        if let Some(ms) = delay.filter(|_| again) {
            self.records
                .attempted(instance, attempt, elapsed, Some(&failure.fault), Some(ms));
            self.after(ms, Event::Rerun(instance));
            return;
        }
        self.blocks.remove(&instance);
        if policy == OnError::Continue {
            match control::fallback(place) {
                Ok(output) => {
                    self.store(instance, output);
                    let status = Status::Continued(failure.fault.message.clone());
                    self.records
                        .ended(instance, status, elapsed, Some(&failure.fault));
                    return self.machine.closed(instance, Ok(()));
                }
                Err(fault) => {
                    failure = Failure {
                        at: instance,
                        fault,
                    }
                }
            }
        }
        if attempt > 1 {
            failure.fault = StageError::exhausted(failure.fault, attempt);
        }
        let status = Status::Failed(failure.fault.message.clone());
        self.records
            .ended(instance, status, elapsed, Some(&failure.fault));
        self.machine.closed(instance, Err(failure));
    }

    pub(super) fn expired(&mut self, instance: Instance, attempt: u32) {
        let limit = self.stage(instance).and_then(|stage| stage.timeout_ms);
        let current = self
            .blocks
            .get(&instance)
            .is_some_and(|block| block.attempt == attempt);
        if let Some(limit) = limit.filter(|_| current) {
            self.machine.expire(instance, late(limit));
        }
    }
}

/// One attempt of a leaf within its limit of time.
async fn limited(place: &Place, mocks: Option<&Mocks>) -> Outcome {
    let work = leaf(place, mocks);
    match place.stage.timeout_ms {
        None => work.await,
        Some(limit) => match tokio::time::timeout(Duration::from_millis(limit), work).await {
            Ok(outcome) => outcome,
            Err(_) => Err(late(limit)),
        },
    }
}

async fn leaf(place: &Place, mocks: Option<&Mocks>) -> Outcome {
    let Kind::Leaf(component) = place.stage.kind else {
        return Err(StageError::config("not a component"));
    };
    if component.side_effect && mocks.is_some() {
        return Err(StageError::config(format!(
            "a `{}` stage acts on the world, and the mock file has no entry for it",
            component.name
        )));
    }
    let settings = control::settings(place)?;
    (component.run)(Call { place, settings }).await
}

fn late(limit: u64) -> Fault {
    StageError::new(
        ErrorType::Timeout,
        format!("took longer than `timeout_ms` ({limit} ms)"),
    )
}
