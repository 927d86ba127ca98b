//! Where a stage stands in a run: what its expressions and its component can reach.
//!
//! Enters: the run, a frame and a stage. Leaves: facts for [`crate::scope::Scope`] and
//! services for components. Must not know which stages run next.

use std::{cell::RefCell, rc::Rc};

use fmc_expr::Value;

use crate::{
    clock::Started,
    entry::environment::Environment,
    executor::store::{FrameId, Store},
    plan::{Pipeline, Stage},
    report::Reporter,
};

/// What all stages of a run share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) pipeline: &'static Pipeline,
    pub(crate) run_id: String,
    pub(crate) started: Started,
    pub(crate) input: Value,
    pub(crate) environment: Environment,
    pub(crate) reporter: Reporter,
    pub(crate) store: RefCell<Store>,
    pub(crate) usage: RefCell<Usage>,
    /// Hosts that may be reached; none given means all.
    pub(crate) allow_hosts: Vec<String>,
    #[cfg(feature = "http")]
    pub(crate) http: crate::component::http::client::Clients,
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
pub(crate) struct Place {
    pub(crate) shared: Rc<Shared>,
    pub(crate) frame: FrameId,
    pub(crate) stage: &'static Stage,
    /// From 1.
    pub(crate) attempt: u32,
    /// Whether no further attempt follows.
    pub(crate) last_attempt: bool,
    /// `error` in catch and finally stages.
    pub(crate) error: Value,
}

impl Place {
    /// The value of `context.NAME`, none when nothing of that name is set.
    pub(crate) fn context(&self, name: &str) -> Option<Value> {
        let shared = &self.shared;
        let fact = match name {
            "run_id" => Value::from(shared.run_id.as_str()),
            "pipeline_id" => Value::from(shared.pipeline.id),
            "pipeline_version" => Value::from(shared.pipeline.version),
            "stage_id" => Value::from(self.stage.id),
            "started_at" => Value::from(shared.started.rfc3339()),
            "attempt" => Value::Int(i64::from(self.attempt)),
            _ => return shared.store.borrow().variable(self.frame, name).cloned(),
        };
        Some(fact)
    }
}
