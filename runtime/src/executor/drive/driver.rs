//! The state of the driver, and how it starts tasks and timers.
//!
//! Enters: a run, its pipeline, options and effects. Leaves: tasks and timers that give events, and
//! the sites of stages. Must not decide what follows an event; the other files of this folder do.

use std::{collections::VecDeque, rc::Rc, time::Duration};

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
    host::{deadline::Deadline, world::Moment},
    plan::{PipelinePlan, StagePlan},
    run::site::{Budget, Run, Site},
};

/// For how long the run may be busy before timers, signals and the network have their turn.
pub(super) const TURN: Duration = Duration::from_millis(20);

/// A stage that has started. Its component is running, its settings are being evaluated, or it is
/// resting between two attempts.
#[derive(Debug)]
pub(super) struct StageRun {
    pub(super) attempt: u32,
    pub(super) started: Moment,
    pub(super) attempt_started: Moment,
    pub(super) abort: Option<AbortHandle>,
}

/// A control stage whose selected stages are running.
#[derive(Debug)]
pub(super) struct BlockRun {
    pub(super) attempt: u32,
    pub(super) started: Moment,
    /// The end of the attempt, if the stage has `timeout_ms`.
    pub(super) end: Option<Moment>,
    pub(super) items: Option<Items>,
    pub(super) results: Vec<Value>,
}

pub(super) enum Event {
    /// An attempt of a leaf may begin. It goes through the queue, so that all stages that can start
    /// are started, in document order, before the first of them does anything.
    Begin(Instance, u32),
    /// A component has returned: it is done, or wants to continue after a rest.
    Worked(Instance, Work),
    /// A rest is over.
    Rested(Instance),
    /// The time limit of an attempt of a block was reached.
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
    /// The current moment. The clock is read only when an event arrives and when a stage has done
    /// some work. So the end of a stage and the start of the next one are the same moment.
    pub(super) now: Moment,
    pub(super) running: IdMap<Instance, StageRun>,
    pub(super) blocks: IdMap<Instance, BlockRun>,
    pub(super) rests: IdMap<Instance, Resting>,
    pub(super) ending: Option<(Instance, Ending)>,
    pub(super) stopped_by: Option<RunResult>,
    /// Events that have already happened and wait to be handled.
    pub(super) arrived: VecDeque<Event>,
    pub(super) tasks: FuturesUnordered<LocalBoxFuture<'static, Option<Event>>>,
    /// Whether a task was started since tasks were last polled, as for a request. `spawn` sets it;
    /// `next` reads it and polls the tasks before it handles other events, because a request is
    /// sent only when its task is polled.
    pub(super) spawned: bool,
    /// When timers, signals and the network must have their turn, in steady time.
    pub(super) turn_ends: Duration,
    /// Whether the run must end at once, as after a second signal. Whoever finds out sets it; the
    /// loop of `run` reads it.
    pub(super) over: bool,
    /// The alarm of attempts without a time limit of their own.
    pub(super) deadline: Rc<Deadline>,
    /// The budget of the latest attempt. When nobody uses it any more, its memory is used for the
    /// next one.
    pub(super) latest: Rc<Budget>,
}

/// What follows a rest.
pub(super) enum Rest {
    /// The next attempt of a stage. If it is not made, the stage fails with this fault.
    Attempt(Fault),
    /// The same attempt continues, like a model call that is repeated. If it does not, it fails
    /// with this fault.
    Work(Task, Fault),
    /// A block is run again, with its settings evaluated anew. If it is not, it fails with this
    /// failure.
    Block(Failure),
    /// A try list is run again. If it is not, the scheduler knows what to do.
    List,
}

/// A rest that has not ended.
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
        let now = effects.moment();
        let deadline = Rc::new(Deadline::new(&run.limits, None));
        Self {
            machine: Machine::new(Graph::new(pipeline.stages), options.max_concurrency),
            history: History::new(pipeline, Rc::clone(&effects)),
            now,
            turn_ends: now.steady + TURN,
            over: false,
            latest: Rc::new(Budget::new(&run, &deadline)),
            deadline,
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

    /// Runs a future as a task. The handle cancels it.
    pub(super) fn spawn(&mut self, future: impl Future<Output = Event> + 'static) -> AbortHandle {
        let (abort, registration) = AbortHandle::new_pair();
        let future = Abortable::new(future, registration);
        self.tasks.push(Box::pin(async move { future.await.ok() }));
        self.spawned = true;
        abort
    }

    /// Gives an event `ms` milliseconds from now.
    pub(super) fn after(&mut self, ms: u64, event: Event) -> AbortHandle {
        self.at(self.now.after(ms), event)
    }

    /// Gives an event at a moment.
    pub(super) fn at(&mut self, moment: Moment, event: Event) -> AbortHandle {
        let rest = self.effects.rest(moment);
        self.spawn(async move {
            rest.await;
            event
        })
    }

    pub(super) fn stage(&self, instance: Instance) -> Option<&'static StagePlan> {
        self.machine.graph().stage(instance.stage)
    }

    pub(super) fn site(
        &mut self,
        instance: Instance,
        attempt: u32,
        last_attempt: bool,
    ) -> Option<Site> {
        let stage = self.stage(instance)?;
        let budget = self.budget(stage, instance);
        let error = self.machine.error_at(instance);
        Some(Site {
            budget,
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

    /// A failure as the name `error` shows it.
    pub(super) fn error_value(&self, failure: &Failure) -> Value {
        let id = self.machine.graph().id(failure.at.stage);
        outputs::error_value(&self.run, id, &failure.fault)
    }
}
