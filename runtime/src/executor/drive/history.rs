//! Remembers what happened to the stages of a run, for the report and the events.
//!
//! Enters: starts, attempts, ends, skips. Leaves: one summary for each stage, and events during the
//! run. Must not decide anything.

use std::rc::Rc;

use crate::{
    base::{fault::StageError, ids::IdMap},
    executor::{
        drive::{
            effects::Effects,
            events::{Event, Happened},
        },
        schedule::types::Instance,
    },
    plan::{PipelinePlan, StagePlan},
    run::{
        site::InstanceName,
        store::{FrameId, StageIndex},
    },
};

/// How a stage ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Status {
    Succeeded,
    /// It failed, but ended with its fallback output (`on_error: continue`).
    Continued(String),
    Failed(String),
    Skipped(String),
    /// It was running when the run ended at once.
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

/// Everything that happened to one stage.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Summary {
    /// How its latest run ended; `None` when it neither ran nor was skipped.
    pub(crate) status: Option<Status>,
    /// The attempts of its latest run.
    pub(crate) attempts: u32,
    /// The time of all its runs together, in milliseconds.
    pub(crate) elapsed_ms: u64,
    /// How many times it ran: once, or once for each iteration.
    pub(crate) runs: usize,
    /// How many of its runs failed.
    pub(crate) failed: usize,
}

/// The name and the position of a frame.
#[derive(Debug)]
struct FrameEntry {
    name: Rc<str>,
    /// The indices of the iterations around it, the outermost first.
    iterations: Vec<usize>,
}

/// The summaries in document order, and the names of instances.
#[derive(Debug)]
pub(crate) struct History {
    pipeline: &'static PipelinePlan,
    effects: Rc<dyn Effects>,
    /// Whether events are recorded. Set from the effects once; `record` reads it up to three times
    /// for each stage.
    is_recording: bool,
    summaries: Vec<Summary>,
    root: Rc<str>,
    frames: IdMap<FrameId, FrameEntry>,
    /// For each failure, the iterations around it and its attempts. Their frames are gone when the
    /// run ends.
    failed: IdMap<Instance, (Vec<usize>, u32)>,
}

impl History {
    pub(crate) fn new(pipeline: &'static PipelinePlan, effects: Rc<dyn Effects>) -> Self {
        Self {
            pipeline,
            is_recording: effects.is_recording(),
            effects,
            summaries: vec![Summary::default(); pipeline.stages.len()],
            root: Rc::from(""),
            frames: IdMap::default(),
            failed: IdMap::default(),
        }
    }

    pub(crate) fn into_summaries(self) -> Vec<Summary> {
        self.summaries
    }

    /// The indices of the iterations around a frame, the outermost first.
    fn iterations(&self, frame: FrameId) -> &[usize] {
        let entry = self.frames.get(&frame);
        entry.map_or(&[], |entry| entry.iterations.as_slice())
    }

    /// The name of an instance.
    pub(crate) fn name(&self, instance: Instance) -> InstanceName {
        InstanceName {
            frame: self.frame_name(instance.frame),
            stage_id: self.stage(instance.stage).map_or("", |stage| stage.id),
        }
    }

    /// The beginning of the names of instances in a frame, like `sweep[3]/`.
    fn frame_name(&self, frame: FrameId) -> Rc<str> {
        let entry = self.frames.get(&frame);
        Rc::clone(entry.map_or(&self.root, |entry| &entry.name))
    }

    /// An iteration of `of` begins.
    pub(crate) fn open(&mut self, frame: FrameId, of: Instance, index: usize) {
        let mut iterations = self.iterations(of.frame).to_vec();
        iterations.push(index);
        let around = self.frame_name(of.frame);
        let id = self.stage(of.stage).map_or("", |stage| stage.id);
        let name = Rc::from(format!("{around}{id}[{index}]/"));
        self.frames.insert(frame, FrameEntry { name, iterations });
    }

    pub(crate) fn close(&mut self, frame: FrameId) {
        self.frames.remove(&frame);
    }

    pub(crate) fn started(&mut self, instance: Instance) {
        if self.is_recording {
            let stage = self.stage(instance.stage);
            let component = stage.map_or("", |stage| stage.kind.component());
            self.record(instance, Happened::Started { component });
        }
    }

    /// An attempt ended. `retry_in_ms` is set when another one follows.
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
        let happened = Happened::Attempted {
            attempt,
            elapsed_ms,
            error,
            retry_in_ms,
        };
        self.record(instance, happened);
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
            summary.elapsed_ms = summary.elapsed_ms.saturating_add(elapsed_ms);
            summary.status = Some(status);
            attempts = summary.attempts.max(1);
        }
        let happened = Happened::Ended {
            status: name,
            attempts,
            elapsed_ms,
            error,
        };
        self.record(instance, happened);
    }

    pub(crate) fn skipped(&mut self, instance: Instance, reason: String) {
        let happened = Happened::Skipped { reason: &reason };
        self.record(instance, happened);
        if let Some(summary) = self
            .summary(instance.stage)
            .filter(|summary| summary.runs == 0)
        {
            summary.status = Some(Status::Skipped(reason));
        }
    }

    /// Remembers where a failure happened, because it may end the run.
    pub(crate) fn failed_at(&mut self, instance: Instance, attempts: u32) {
        let path = self.iterations(instance.frame).to_vec();
        self.failed.insert(instance, (path, attempts));
    }

    /// The iterations around a failure, and its attempts.
    pub(crate) fn failure(&mut self, instance: Instance) -> (Vec<usize>, u32) {
        self.failed.remove(&instance).unwrap_or((Vec::new(), 1))
    }

    /// Forgets how a stage ended, because it will run again.
    pub(crate) fn forget(&mut self, instance: Instance) {
        if let Some(summary) = self.summary(instance.stage) {
            summary.status = None;
        }
    }

    fn summary(&mut self, stage: StageIndex) -> Option<&mut Summary> {
        self.summaries.get_mut(stage as usize)
    }

    fn stage(&self, stage: StageIndex) -> Option<&'static StagePlan> {
        self.pipeline.stages.get(stage as usize)
    }

    fn record(&self, instance: Instance, what: Happened<'_>) {
        if self.is_recording {
            self.record_event(instance, what);
        }
    }

    fn record_event(&self, instance: Instance, what: Happened<'_>) {
        let name = self.name(instance);
        self.effects.record(&Event::Stage {
            name: &name,
            iterations: self.iterations(instance.frame),
            what,
        });
    }
}
