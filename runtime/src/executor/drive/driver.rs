//! What the driver of a run remembers, and how it hands over work.
//!
//! Enters: a run, its pipeline, options, the way to the world. Leaves: tasks and timers that
//! give events; where a stage stands. Must not decide what follows an event: the other files of
//! this folder do.

use std::{collections::VecDeque, rc::Rc};

use fmc_expr::Value;
use futures_util::{
    future::{AbortHandle, Abortable, LocalBoxFuture},
    stream::FuturesUnordered,
};

use crate::{
    base::{fault::Fault, ids::IdMap},
    component::{Task, Work},
    executor::{
        drive::{
            decide::{Ending, Items},
            effects::Effects,
            history::History,
            outcome::{Options, RunResult, Signal, Signals},
            outputs,
        },
        schedule::{
            graph::Graph,
            machine::Machine,
            types::{Failure, Instance},
        },
    },
    host::world::Moment,
    plan::{PipelinePlan, StagePlan},
    run::site::{Run, Site},
};

/// A stage that has started: its component runs, its settings are evaluated, or it rests
/// between two attempts.
#[derive(Debug)]
pub(super) struct StageRun {
    pub(super) attempt: u32,
    pub(super) started: Moment,
    pub(super) attempt_started: Moment,
    pub(super) abort: Option<AbortHandle>,
}

/// A control stage whose selected stages are under way.
#[derive(Debug)]
pub(super) struct BlockRun {
    pub(super) attempt: u32,
    pub(super) started: Moment,
    pub(super) items: Option<Items>,
    pub(super) results: Vec<Value>,
}

pub(super) enum Event {
    /// An attempt of a leaf that was started is its turn's: stages start in document order
    /// before the first of them does anything.
    Begin(Instance, u32),
    /// A component did something: it is done, or wants to go on after a rest.
    Worked(Instance, Work),
    /// A rest is over.
    Rested(Instance),
    /// The time of a block's attempt is over.
    Expired(Instance, u32),
    Signal(Option<Signal>, Signals),
    Deadline,
    GraceOver,
}

/// The driver of one run.
pub(super) struct Driver {
    pub(super) pipeline: &'static PipelinePlan,
    pub(super) run: Rc<Run>,
    pub(super) effects: Rc<dyn Effects>,
    pub(super) options: Options,
    pub(super) machine: Machine,
    pub(super) history: History,
    /// The moment of what is going on. The clock is read when an event arrives and when a stage
    /// has done some work, and nowhere else: a stage's end and the start of what follows it are
    /// one moment.
    pub(super) now: Moment,
    pub(super) running: IdMap<Instance, StageRun>,
    pub(super) blocks: IdMap<Instance, BlockRun>,
    pub(super) rests: IdMap<Instance, Resting>,
    pub(super) ending: Option<(Instance, Ending)>,
    pub(super) stopped_by: Option<RunResult>,
    /// Events that need no waiting for.
    pub(super) arrived: VecDeque<Event>,
    pub(super) tasks: FuturesUnordered<LocalBoxFuture<'static, Option<Event>>>,
    /// Set by `spawn`: a request is sent when its task is first looked at, which is to be at
    /// once.
    pub(super) spawned: bool,
}

/// What follows a rest.
pub(super) enum Rest {
    /// The next attempt of a stage; else it fails with this.
    Attempt(Fault),
    /// The same attempt goes on, like a model that is asked again; else it fails with this.
    Work(Task, Fault),
    /// A block is run again from its settings on; else it fails with this.
    Block(Failure),
    /// A try list is run again. The scheduler knows what to do else.
    List,
}

/// A rest under way.
pub(super) struct Resting {
    pub(super) rest: Rest,
    pub(super) timer: AbortHandle,
}

impl Driver {
    pub(super) fn new(
        pipeline: &'static PipelinePlan,
        run: Rc<Run>,
        effects: Rc<dyn Effects>,
        options: Options,
    ) -> Self {
        Self {
            machine: Machine::new(Graph::new(pipeline.stages), options.max_concurrency),
            history: History::new(pipeline, Rc::clone(&effects)),
            now: effects.moment(),
            pipeline,
            run,
            effects,
            options,
            running: IdMap::default(),
            blocks: IdMap::default(),
            rests: IdMap::default(),
            ending: None,
            stopped_by: None,
            arrived: VecDeque::new(),
            tasks: FuturesUnordered::new(),
            spawned: false,
        }
    }

    /// Reads the clock.
    pub(super) fn tick(&mut self) {
        self.now = self.effects.moment();
    }

    /// Runs a future; the handle drops it.
    pub(super) fn spawn(&mut self, future: impl Future<Output = Event> + 'static) -> AbortHandle {
        let (abort, registration) = AbortHandle::new_pair();
        let future = Abortable::new(future, registration);
        self.tasks.push(Box::pin(async move { future.await.ok() }));
        self.spawned = true;
        abort
    }

    /// Gives an event so many milliseconds from now.
    pub(super) fn after(&mut self, ms: u64, event: Event) -> AbortHandle {
        let rest = self.effects.rest(self.now.after(ms));
        self.spawn(async move {
            rest.await;
            event
        })
    }

    pub(super) fn stage(&self, instance: Instance) -> Option<&'static StagePlan> {
        self.machine.graph().stage(instance.stage)
    }

    pub(super) fn site(
        &self,
        instance: Instance,
        attempt: u32,
        last_attempt: bool,
    ) -> Option<Site> {
        let stage = self.stage(instance)?;
        let error = self.machine.error_at(instance);
        Some(Site {
            run: Rc::clone(&self.run),
            frame: instance.frame,
            stage: instance.stage,
            stage_id: stage.id,
            status_observed: stage.status_observed,
            attempt,
            last_attempt,
            error: error.map_or(Value::Null, |failure| self.error_value(failure)),
        })
    }

    /// A failure as `error` shows it.
    pub(super) fn error_value(&self, failure: &Failure) -> Value {
        let id = self.machine.graph().id(failure.at.stage);
        outputs::error_value(&self.run, id, &failure.fault)
    }
}
