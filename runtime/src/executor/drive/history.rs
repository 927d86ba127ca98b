//! What a run remembers of its stages, for the report and the events.
//!
//! Enters: starts, attempts, ends, skips. Leaves: one summary a stage, and run events while it
//! happens. Must not decide anything.

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

/// Where a frame stands.
#[derive(Debug)]
struct FrameEntry {
    name: Rc<str>,
    /// The indices of the iterations around it, outermost first.
    iterations: Vec<usize>,
}

/// Summaries, in document order, and the names of instances.
#[derive(Debug)]
pub(crate) struct History {
    pipeline: &'static PipelinePlan,
    effects: Rc<dyn Effects>,
    /// Whether anybody reads events, as the effects say; it is asked three times a stage.
    is_recording: bool,
    summaries: Vec<Summary>,
    root: Rc<str>,
    frames: IdMap<FrameId, FrameEntry>,
    /// The iterations around each failure, and its attempts: frames are gone by the end.
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

    /// The indices of the iterations around a frame, outermost first.
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

    /// What the names of a frame's instances begin with, like `sweep[3]/`.
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
            summary.elapsed_ms += elapsed_ms;
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
