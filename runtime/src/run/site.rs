//! A run's own facts and services, and where a stage stands in it.
//!
//! Enters: the run, a frame and what is to be known of a stage. Leaves: facts for
//! [`crate::scope::Scope`] and services for components. Must not know which stages run next.

use std::{cell::RefCell, fmt, rc::Rc};

use fmc_expr::Value;

#[cfg(feature = "http")]
use crate::host::http::Network;
use crate::{
    host::{
        environment::{EnvVar, Environment},
        report::Reporter,
        world::{Moment, World},
    },
    run::store::{FrameId, StageIndex, Store},
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
    /// Time and random bytes.
    pub(crate) world: Rc<dyn World>,
    /// Its input.
    pub(crate) input: Value,
    /// What `env.NAME` reads.
    pub(crate) environment: Environment,
    /// Lines on standard error, and the mask of secrets.
    pub(crate) reporter: Reporter,
    /// Outputs and variables.
    pub(crate) store: RefCell<Store>,
    /// Tokens spent on models.
    pub(crate) usage: RefCell<Usage>,
    /// HTTP.
    #[cfg(feature = "http")]
    pub(crate) network: Network,
}

impl Run {
    /// Whether the run could not have started without this environment variable.
    pub(crate) fn requires(&self, variable: &str) -> bool {
        self.variables
            .iter()
            .any(|known| known.required && known.name == variable)
    }
}

/// Tokens spent on models.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) calls: u64,
    pub(crate) input_tokens: u64,
    pub(crate) output_tokens: u64,
}

/// One stage of a run in one frame, in one attempt.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub(crate) run: Rc<Run>,
    pub(crate) frame: FrameId,
    pub(crate) stage: StageIndex,
    pub(crate) stage_id: &'static str,
    /// Whether a failing HTTP status is data (language reference, section 7), unless
    /// `fail_on_status` says otherwise.
    pub(crate) status_observed: bool,
    /// From 1.
    pub(crate) attempt: u32,
    /// Whether no further attempt follows.
    pub(crate) last_attempt: bool,
    /// `error` in catch and finally stages.
    pub(crate) error: Value,
}

/// The name of a stage in an iteration, which another process would give it too: the path of
/// the iterations around it, and its id, like `sweep[3]/probe`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InstanceName {
    /// Empty for the run itself, else like `sweep[3]/`.
    pub(crate) frame: Rc<str>,
    pub(crate) stage_id: &'static str,
}

impl fmt::Display for InstanceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.frame, self.stage_id)
    }
}

impl Site {
    /// The value of `context.NAME`, none when nothing of that name is set.
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

    /// Writes a warning of the runtime itself about the stage.
    pub(crate) fn warn(&self, message: &str) {
        self.run.reporter.warn(&self.run.id, self.stage_id, message);
    }
}
