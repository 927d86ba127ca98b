//! The static tables that a generated program consists of.
//!
//! Enters: nothing; generated code writes these types as `static` items. Leaves: everything that
//! the executor needs to know about a pipeline. Must not know how stages are run.

use crate::component::Component;

pub use crate::{
    base::{fault::Outcome, retry::OnError},
    host::environment::EnvVar,
    run::store::StageIndex,
    scope::{Deferred, Expression, Render},
};

/// A pipeline.
#[derive(Debug)]
pub struct PipelinePlan {
    /// The pipeline's id, and the name of its binary.
    pub id: &'static str,
    /// The `name` field.
    pub name: &'static str,
    /// The `version` field, or the empty string.
    pub version: &'static str,
    /// SHA-256 of the pipeline text, in hexadecimal.
    pub hash: &'static str,
    /// The compiler's version.
    pub compiler: &'static str,
    /// All stages in document order. A `StageIndex` is a position in this list.
    pub stages: &'static [StagePlan],
    /// The stage whose output is the output of the run.
    pub output: Option<StageIndex>,
    /// All environment variables that the pipeline reads, sorted by name.
    pub env: &'static [EnvVar],
    /// The hosts of literal URLs, sorted by name.
    pub hosts: &'static [&'static str],
    /// `input_schema` as JSON text.
    pub input_schema: Option<&'static str>,
    /// `output_schema` as JSON text.
    pub output_schema: Option<&'static str>,
    /// `sample_input` as JSON text.
    pub sample_input: Option<&'static str>,
    /// The only hosts that may be called, if `fmc.toml` names some.
    pub allow_hosts: Option<&'static [&'static str]>,
}

/// A stage.
#[derive(Debug)]
pub struct StagePlan {
    /// Its id.
    pub id: &'static str,
    /// What it does.
    pub kind: StageKind,
    /// Renders the settings that are known before the component starts, as an object with canonical
    /// field names. Settings that were not written and those in `deferred` are not in it;
    /// `provider`, `model` and `llm_settings` of AI stages are.
    pub config: Render,
    /// Settings that the component evaluates itself, with more names in scope: `template`,
    /// `condition`, `filter_expression`, `value_expression`.
    pub deferred: &'static [(&'static str, Deferred)],
    /// The stages that must have finished before this one starts.
    pub depends_on: &'static [DependencyPlan],
    /// The stages that may select this one. If there are none, it starts by itself.
    pub owners: &'static [StageIndex],
    /// The innermost `foreach` whose body this stage runs in.
    pub foreach: Option<StageIndex>,
    /// `enabled` of the stage, as the compiler read it. The executor skips the stage when it is
    /// false.
    pub enabled: bool,
    /// The time limit of one attempt, in milliseconds.
    pub timeout_ms: Option<u64>,
    /// `error_handling`.
    pub on_error: OnError,
    /// `fallback_output`.
    pub fallback: Option<Render>,
    /// Whether a failing HTTP status is data (language reference, section 7), as for
    /// `{{upstream.probe.status_code}}`. The compiler sets it; `http-request` reads it if
    /// `fail_on_status` is not set.
    pub status_observed: bool,
}

/// A stage that another stage depends on.
#[derive(Debug)]
pub struct DependencyPlan {
    /// The stage that must have finished.
    pub stage: StageIndex,
    /// Whether this stage may be skipped without the other being skipped too (language reference,
    /// section 6), as when it is in a branch of a `router`. The compiler sets it; the scheduler
    /// reads it.
    pub conditional: bool,
}

/// What a stage does.
#[derive(Debug)]
pub enum StageKind {
    /// Runs a component.
    Leaf(&'static Component),
    /// `router`
    Router {
        /// Keys with the stages they select, in document order.
        routes: &'static [(&'static str, &'static [StageIndex])],
        /// `default_route`
        default: Option<&'static [StageIndex]>,
    },
    /// `conditional`
    Conditional {
        /// `true_stages`
        on_true: &'static [StageIndex],
        /// `false_stages`
        on_false: &'static [StageIndex],
    },
    /// `trycatch`
    TryCatch {
        /// `try_stages`
        body: &'static [StageIndex],
        /// `catch_stages`
        catch: &'static [StageIndex],
        /// `finally_stages`
        finally: &'static [StageIndex],
    },
    /// `foreach`. Its `item_variable` and `index_variable` are literal.
    Foreach {
        /// `loop_stages`
        body: &'static [StageIndex],
        /// The name of the item in `context`.
        item: &'static str,
        /// The name of the index in `context`.
        index: &'static str,
    },
    /// `return`
    Return,
}

impl StageKind {
    /// The component's canonical name.
    pub(crate) fn component(&self) -> &'static str {
        match self {
            Self::Leaf(component) => component.name,
            Self::Router { .. } => "router",
            Self::Conditional { .. } => "conditional",
            Self::TryCatch { .. } => "trycatch",
            Self::Foreach { .. } => "foreach",
            Self::Return => "return",
        }
    }

    /// Whether a stage of this kind selects other stages.
    pub(crate) fn is_control(&self) -> bool {
        !matches!(self, Self::Leaf(_) | Self::Return)
    }
}
