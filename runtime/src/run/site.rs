//! The facts and services of a run, and the site of a stage: the stage in its frame, in one
//! attempt.
//!
//! Enters: the run, a frame, and facts about a stage. Leaves: facts for [`crate::scope::Scope`],
//! and services for components. Must not know which stages run next.

use std::{cell::RefCell, fmt, rc::Rc, sync::Arc};

use fmc_expr::{Cx, Value, cx};

#[cfg(feature = "http")]
use crate::host::http::Network;
use crate::{
    base::fault::{Fault, StageError},
    host::{
        deadline::{Deadline, Limits},
        environment::{EnvVar, Environment},
        report::Reporter,
        world::{Moment, World},
    },
    run::{
        memo::Memo,
        store::{FrameId, StageIndex, Store},
    },
};

/// What all stages of a run share.
#[derive(Debug)]
pub(crate) struct Run {
    /// Its id.
    pub(crate) id: String,
    /// The pipeline's id.
    pub(crate) pipeline_id: &'static str,
    /// The pipeline's version, or the empty string.
    pub(crate) pipeline_version: &'static str,
    /// The environment variables that the pipeline reads.
    pub(crate) variables: &'static [EnvVar],
    /// When it began.
    pub(crate) started: Moment,
    /// The source of time and random bytes.
    pub(crate) world: Rc<dyn World>,
    /// Its input.
    pub(crate) input: Value,
    /// The variables that `env.NAME` reads.
    pub(crate) environment: Environment,
    /// Writes lines to standard error; has the mask of secrets.
    pub(crate) reporter: Reporter,
    /// The outputs and variables.
    pub(crate) store: RefCell<Store>,
    /// The moments at which all its work must stop.
    pub(crate) limits: Arc<Limits>,
    /// The model calls so far, and their tokens.
    pub(crate) usage: RefCell<Usage>,
    /// The network, as this run may use it.
    #[cfg(feature = "http")]
    pub(crate) network: Network,
}

impl Run {
    /// Whether the run could not start without this environment variable.
    pub(crate) fn requires(&self, variable: &str) -> bool {
        self.variables
            .iter()
            .any(|known| known.required && known.name == variable)
    }
}

/// The number of model calls, and their tokens.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) calls: u64,
    pub(crate) input_tokens: u64,
    pub(crate) output_tokens: u64,
}

/// One stage of a run, in one frame and one attempt.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) run: Rc<Run>,
    pub(crate) frame: FrameId,
    pub(crate) stage: StageIndex,
    pub(crate) stage_id: &'static str,
    /// Whether a failing HTTP status is data (language reference, section 7). Set from the plan of
    /// the stage; `http-request` reads it if `fail_on_status` is not set.
    pub(crate) status_observed: bool,
    /// The attempt, counted from 1.
    pub(crate) attempt: u32,
    /// Whether no further attempt can follow. The driver sets it; `http-request` reads it, because
    /// a status is data only after the last attempt.
    pub(crate) last_attempt: bool,
    /// The value of `error` in catch and finally stages; null elsewhere.
    pub(crate) error: Value,
    /// The budget of the attempt.
    pub(crate) budget: Rc<Budget>,
}

/// What everything that is evaluated in one attempt of a stage shares.
#[derive(Debug)]
pub(crate) struct Budget {
    /// The steps and the memory that it may take.
    pub(crate) cx: Cx,
    /// The end of the attempt. It is the alarm of `cx` too; work on another thread needs its own.
    pub(crate) deadline: Rc<Deadline>,
    /// What the latest dynamic condition was parsed to.
    pub(crate) memo: Memo,
}

impl Budget {
    /// A fresh budget.
    pub(crate) fn new(run: &Run, deadline: &Rc<Deadline>) -> Self {
        let alarm = Rc::clone(deadline) as Rc<dyn cx::Alarm>;
        Self {
            cx: Cx::in_world(Rc::clone(&run.world) as Rc<dyn cx::World>).until(alarm),
            deadline: Rc::clone(deadline),
            memo: Memo::default(),
        }
    }

    /// Makes this the fresh budget of another attempt with the same deadline.
    pub(crate) fn restart(&mut self) {
        self.cx.restart();
        self.memo.clear();
    }
}

/// The name of a stage in an iteration: the path of the iterations around it and its id, like
/// `sweep[3]/probe`. Another process would give it the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InstanceName {
    /// Empty for the run itself; otherwise like `sweep[3]/`.
    pub(crate) frame: Rc<str>,
    pub(crate) stage_id: &'static str,
}

impl fmt::Display for InstanceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.frame, self.stage_id)
    }
}

impl Site {
    /// The value of `context.NAME`; `None` when nothing with that name is set.
    pub(crate) fn context(&self, name: &str) -> Option<Value> {
        let run = &self.run;
        let fact = match name {
            "run_id" => Value::from(run.id.as_str()),
            "pipeline_id" => Value::from(run.pipeline_id),
            "pipeline_version" => Value::from(run.pipeline_version),
            "stage_id" => Value::from(self.stage_id),
            "started_at" => Value::from(run.started.rfc3339()),
            "attempt" => Value::Int(i64::from(self.attempt)),
            _ => return run.store.borrow().variable(self.frame, name).cloned(),
        };
        Some(fact)
    }

    /// The budget of the attempt for everything that is evaluated.
    pub(crate) fn cx(&self) -> &Cx {
        &self.budget.cx
    }

    /// Charges work of the runtime itself to the budget of the attempt.
    ///
    /// # Errors
    /// An `ExpressionError` when the budget is spent or the time is over.
    pub(crate) fn charge(&self, steps: u64) -> Result<(), Fault> {
        let charged = self.cx().charge(steps);
        charged.map_err(|error| StageError::expression(error.to_string()))
    }

    /// Charges the making of a text or a copy of a value, by its size.
    ///
    /// # Errors
    /// As [`Site::charge`]; also when the value holds more than 64 MiB.
    pub(crate) fn measure(&self, value: &Value) -> Result<(), Fault> {
        let fits = self.cx().check_size(value);
        fits.map_err(|error| StageError::expression(error.to_string()))
    }

    /// Writes a warning of the runtime about the stage.
    pub(crate) fn warn(&self, message: &str) {
        self.run.reporter.warn(&self.run.id, self.stage_id, message);
    }
}
