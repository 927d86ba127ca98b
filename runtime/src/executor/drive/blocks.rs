//! The driver's part for control stages that have selected stages: iterations, ends, time limits.
//!
//! Enters: what the scheduler says about a block. Leaves: the output of the block; or its failure,
//! and whether it is tried again. Must not wait; `rests` does.

use fmc_expr::Value;

use crate::{
    base::{fault::StageError, object::object, retry::OnError},
    executor::{
        drive::{
            driver::{BlockRun, Driver, Rest},
            effects::Limit,
            history::Status,
            outputs,
        },
        schedule::types::{BlockEnd, Failure, Instance},
    },
    plan::StageKind,
    run::store::FrameId,
};

impl Driver {
    pub(super) fn iterate(&mut self, frame: FrameId, of: Instance, index: usize) {
        self.history.open(frame, of, index);
        let (Some(stage), Some(block)) = (self.stage(of), self.blocks.get(&of)) else {
            return;
        };
        let Some(items) = &block.items else {
            return;
        };
        let item = items.kept.get(index).cloned().unwrap_or_default();
        let variables = outputs::iteration(&stage.kind, item, index, items.kept.len());
        self.run.store.borrow_mut().open(frame, of.frame, variables);
    }

    pub(super) fn iterated(
        &mut self,
        frame: FrameId,
        of: Instance,
        index: usize,
        failure: Option<&Failure>,
    ) {
        let result = match failure {
            Some(failure) => object([("error", self.error_value(failure))]),
            None => self.last_output(frame, of),
        };
        let slot = self
            .blocks
            .get_mut(&of)
            .and_then(|block| block.results.get_mut(index));
        if let Some(slot) = slot {
            *slot = result;
        }
        self.run.store.borrow_mut().close(frame);
        self.history.close(frame);
    }

    /// The output of the last stage in the body of a loop, in one iteration.
    fn last_output(&self, frame: FrameId, of: Instance) -> Value {
        let Some(StageKind::Foreach { body, .. }) = self.stage(of).map(|stage| &stage.kind) else {
            return Value::Null;
        };
        let store = self.run.store.borrow();
        body.last()
            .and_then(|last| store.output(frame, *last).cloned())
            .unwrap_or_default()
    }

    /// A block ended: makes its output, or handles its failure.
    pub(super) fn close(&mut self, instance: Instance, end: BlockEnd) {
        let Some(block) = self.blocks.get_mut(&instance) else {
            return self.machine.cut(instance);
        };
        match end {
            BlockEnd::Selected => {}
            BlockEnd::Tried { error } => {
                let error = error.map(|failure| self.error_value(&failure));
                self.store(instance, outputs::tried(error));
            }
            BlockEnd::Iterated { failed } => {
                let results = std::mem::take(&mut block.results);
                let output = block
                    .items
                    .as_ref()
                    .map(|items| outputs::iterated(items, results, failed));
                self.store(instance, output.unwrap_or_default());
            }
            BlockEnd::Failed(failure) => return self.block_failed(instance, failure),
            BlockEnd::Cut => {
                self.end_block(instance, Status::Cut, None);
                return self.machine.cut(instance);
            }
        }
        self.end_block(instance, Status::Succeeded, None);
        self.machine.closed(instance, Ok(()));
    }

    /// A block failed: either it is tried again after a rest, or it ends with the failure.
    fn block_failed(&mut self, instance: Instance, failure: Failure) {
        let (Some(stage), Some(block)) = (self.stage(instance), self.blocks.get(&instance)) else {
            return;
        };
        let attempt = block.attempt;
        let Some(ms) = self.delay(stage, instance, attempt, &failure.fault) else {
            return self.fail_block(instance, failure);
        };
        let elapsed = self.block_elapsed(instance);
        self.history
            .attempted(instance, attempt, elapsed, Some(&failure.fault), Some(ms));
        self.rest(instance, ms, Rest::Block(failure));
    }

    /// A block is not tried again: it ends with its fallback or with the failure.
    pub(super) fn fail_block(&mut self, instance: Instance, mut failure: Failure) {
        let (Some(stage), Some(block)) = (self.stage(instance), self.blocks.get(&instance)) else {
            return;
        };
        let attempt = block.attempt;
        if stage.on_error == OnError::Continue {
            match self.fallback(stage, instance) {
                Ok(output) => {
                    self.store(instance, output);
                    let status = Status::Continued(failure.fault.message.clone());
                    self.end_block(instance, status, Some(&failure.fault));
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
        self.end_block(instance, status, Some(&failure.fault));
        self.machine.closed(instance, Err(failure));
    }

    fn end_block(&mut self, instance: Instance, status: Status, error: Option<&StageError>) {
        let elapsed = self.block_elapsed(instance);
        self.blocks.remove(&instance);
        self.history.ended(instance, status, elapsed, error);
    }

    fn block_elapsed(&self, instance: Instance) -> u64 {
        let started = self.blocks.get(&instance).map(|block| block.started);
        started.map_or(0, |started| self.now.since(started))
    }

    /// The time limit of an attempt of a block was reached. If the attempt is not the current one,
    /// nothing happens.
    pub(super) fn expired(&mut self, instance: Instance, attempt: u32) {
        let limit = self.stage(instance).and_then(|stage| stage.timeout_ms);
        let is_current = |block: &BlockRun| block.attempt == attempt;
        if let Some(limit) = limit.filter(|_| self.blocks.get(&instance).is_some_and(is_current)) {
            self.machine.expire(instance, Limit::whole(limit).late());
        }
    }
}
