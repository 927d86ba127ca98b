//! What a run remembers of its stages, for the report and the events.
//!
//! Enters: starts, attempts, ends, skips. Leaves: one summary a stage, and run events while it
//! happens. Must not decide anything.

use std::collections::HashMap;

use fmc_expr::Value;

use super::{
    state::Instance,
    store::{FrameId, ROOT},
};
use crate::{
    error::StageError,
    plan::{Kind, Pipeline, Stage, StageIndex},
    render,
    report::Reporter,
};

/// How a stage ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Status {
    Succeeded,
    /// It failed, and its fallback output counts (`on_error: continue`).
    Continued(String),
    Failed(String),
    Skipped(String),
    /// It was under way when everything stopped.
    Cut,
}

impl Status {
    fn name(&self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Continued(_) => "continued",
            Self::Failed(_) => "failed",
            Self::Skipped(_) => "skipped",
            Self::Cut => "stopped",
        }
    }
}

/// All that happened to one stage.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Summary {
    /// Of the latest run of the stage; none when nothing became of it.
    pub(crate) status: Option<Status>,
    /// Of the latest run of the stage.
    pub(crate) attempts: u32,
    /// Of all its runs.
    pub(crate) elapsed_ms: u64,
    /// How often it ran: once, or once an iteration.
    pub(crate) runs: usize,
    /// How often it failed.
    pub(crate) failed: usize,
}

/// Summaries, in document order.
#[derive(Debug)]
pub(crate) struct Records {
    pipeline: &'static Pipeline,
    reporter: Reporter,
    summaries: Vec<Summary>,
    iterations: HashMap<FrameId, Vec<usize>>,
    /// The iterations around each failure, and its attempts: frames are gone by the end.
    failed: HashMap<Instance, (Vec<usize>, u32)>,
}

impl Records {
    pub(crate) fn new(pipeline: &'static Pipeline, reporter: Reporter) -> Self {
        Self {
            pipeline,
            reporter,
            summaries: vec![Summary::default(); pipeline.stages.len()],
            iterations: HashMap::from([(ROOT, Vec::new())]),
            failed: HashMap::new(),
        }
    }

    pub(crate) fn into_summaries(self) -> Vec<Summary> {
        self.summaries
    }

    /// The indices of the iterations around a frame, outermost first.
    pub(crate) fn iterations(&self, frame: FrameId) -> &[usize] {
        self.iterations.get(&frame).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn open(&mut self, frame: FrameId, parent: FrameId, index: usize) {
        let mut path = self.iterations(parent).to_vec();
        path.push(index);
        self.iterations.insert(frame, path);
    }

    pub(crate) fn close(&mut self, frame: FrameId) {
        self.iterations.remove(&frame);
    }

    pub(crate) fn started(&mut self, instance: Instance) {
        let component = self
            .stage(instance.stage)
            .map_or("", |stage| component(&stage.kind));
        self.event(
            "stage_start",
            instance,
            [("component", Value::from(component))],
        );
    }

    /// An attempt ended; `retry_in_ms` when another one follows.
    pub(crate) fn attempted(
        &mut self,
        instance: Instance,
        attempt: u32,
        elapsed_ms: u64,
        error: Option<&StageError>,
        retry_in_ms: Option<u64>,
    ) {
        if let Some(summary) = self.summary(instance.stage) {
            summary.attempts = attempt;
        }
        let status = if error.is_some() {
            "failed"
        } else {
            "succeeded"
        };
        self.event(
            "attempt",
            instance,
            [
                ("attempt", Value::Int(i64::from(attempt))),
                ("status", Value::from(status)),
                ("elapsed_ms", int(elapsed_ms)),
                ("error", error.map_or(Value::Null, error_object)),
                ("retry_in_ms", retry_in_ms.map_or(Value::Null, int)),
            ],
        );
    }

    pub(crate) fn ended(
        &mut self,
        instance: Instance,
        status: Status,
        elapsed_ms: u64,
        error: Option<&StageError>,
    ) {
        let name = status.name();
        let mut attempts = 1;
        if let Some(summary) = self.summary(instance.stage) {
            summary.runs += 1;
            summary.failed += usize::from(matches!(status, Status::Failed(_)));
            summary.elapsed_ms += elapsed_ms;
            summary.status = Some(status);
            attempts = summary.attempts.max(1);
        }
        self.event(
            "stage_end",
            instance,
            [
                ("status", Value::from(name)),
                ("attempt", Value::Int(i64::from(attempts))),
                ("elapsed_ms", int(elapsed_ms)),
                ("error", error.map_or(Value::Null, error_object)),
            ],
        );
    }

    pub(crate) fn skipped(&mut self, instance: Instance, reason: String) {
        self.event(
            "stage_skip",
            instance,
            [
                ("status", Value::from("skipped")),
                ("reason", Value::from(reason.as_str())),
            ],
        );
        if let Some(summary) = self
            .summary(instance.stage)
            .filter(|summary| summary.runs == 0)
        {
            summary.status = Some(Status::Skipped(reason));
        }
    }

    /// Keeps where a failure happened, as it may end the run.
    pub(crate) fn failed_at(&mut self, instance: Instance, attempts: u32) {
        let path = self.iterations(instance.frame).to_vec();
        self.failed.insert(instance, (path, attempts));
    }

    /// The iterations around a failure, and its attempts.
    pub(crate) fn failure(&mut self, instance: Instance) -> (Vec<usize>, u32) {
        self.failed.remove(&instance).unwrap_or((Vec::new(), 1))
    }

    /// A stage will run again as if it had not.
    pub(crate) fn forget(&mut self, instance: Instance) {
        if let Some(summary) = self.summary(instance.stage) {
            summary.status = None;
        }
    }

    fn summary(&mut self, stage: StageIndex) -> Option<&mut Summary> {
        self.summaries.get_mut(stage as usize)
    }

    fn stage(&self, stage: StageIndex) -> Option<&'static Stage> {
        self.pipeline.stages.get(stage as usize)
    }

    fn event<const N: usize>(
        &self,
        name: &'static str,
        instance: Instance,
        fields: [(&'static str, Value); N],
    ) {
        if !self.reporter.events {
            return;
        }
        let id = self.stage(instance.stage).map_or("", |stage| stage.id);
        let path = self.iterations(instance.frame);
        let indices = || path.iter().map(|index| int(*index as u64));
        let innermost = indices().next_back().unwrap_or_default();
        let all = if path.len() > 1 {
            Value::list(indices().collect())
        } else {
            Value::Null
        };
        let place = [
            ("stage", Value::from(id)),
            ("iteration", innermost),
            ("iterations", all),
        ];
        let fields = place
            .into_iter()
            .chain(fields)
            .filter(|(_, value)| !value.is_null());
        self.reporter.event(name, fields);
    }
}

fn int(number: u64) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

fn error_object(fault: &StageError) -> Value {
    render::record([
        ("type", Value::from(fault.kind.name())),
        ("message", Value::from(fault.message.as_str())),
        (
            "status_code",
            fault
                .status_code
                .map_or(Value::Null, |status| Value::Int(i64::from(status))),
        ),
    ])
}

/// The name of what a stage does.
pub(crate) fn component(kind: &Kind) -> &'static str {
    match kind {
        Kind::Leaf(component) => component.name,
        Kind::Router { .. } => "router",
        Kind::Conditional { .. } => "conditional",
        Kind::TryCatch { .. } => "trycatch",
        Kind::Foreach { .. } => "foreach",
        Kind::Return => "return",
    }
}
