//! The static tables a generated program is made of.
//!
//! Enters: nothing; generated code writes these as `static` items. Leaves: everything the
//! executor needs to know of a pipeline. Must not know how stages are run.

use crate::component::Component;

pub use crate::{
    base::{fault::Outcome, retry::OnError},
    host::environment::EnvVar,
    run::store::StageIndex,
    scope::{Deferred, Expression, Render},
};

/// A whole pipeline.
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
    /// Every stage in document order; a `StageIndex` points into it.
    pub stages: &'static [StagePlan],
    /// The stage whose output is the run's output.
    pub output: Option<StageIndex>,
    /// Every environment variable the pipeline reads, in order of name.
    pub env: &'static [EnvVar],
    /// Hosts that literal URLs name, in order of name.
    pub hosts: &'static [&'static str],
    /// `input_schema` as JSON text.
    pub input_schema: Option<&'static str>,
    /// `output_schema` as JSON text.
    pub output_schema: Option<&'static str>,
    /// `sample_input` as JSON text.
    pub sample_input: Option<&'static str>,
    /// The only hosts that may be called, where the project names some.
    pub allow_hosts: Option<&'static [&'static str]>,
}

/// One stage.
#[derive(Debug)]
pub struct StagePlan {
    /// Its id.
    pub id: &'static str,
    /// What it does.
    pub kind: StageKind,
    /// Renders the settings that are known before the component starts: an object of canonical
    /// field names, settings that were not written left out. `deferred` fields are not in it.
    /// `provider`, `model` and `llm_settings` of AI stages are.
    pub config: Render,
    /// Settings that are evaluated by the component itself, in a scope of its own making:
    /// `template`, `condition`, `filter_expression`, `value_expression`.
    pub deferred: &'static [(&'static str, Deferred)],
    /// What must have finished first.
    pub depends_on: &'static [DependencyPlan],
    /// The stages that may select this one; none means that it starts by itself.
    pub owners: &'static [StageIndex],
    /// The innermost `foreach` whose body this stage runs in.
    pub foreach: Option<StageIndex>,
    /// `enabled`.
    pub enabled: bool,
    /// Limit for one attempt, in milliseconds.
    pub timeout_ms: Option<u64>,
    /// `error_handling`.
    pub on_error: OnError,
    /// `fallback_output`.
    pub fallback: Option<Render>,
    /// Whether a failing HTTP status is data (language reference, section 7), unless
    /// `fail_on_status` says otherwise.
    pub status_observed: bool,
}

/// A dependency of a stage.
#[derive(Debug)]
pub struct DependencyPlan {
    /// What must have finished.
    pub stage: StageIndex,
    /// Whether the graph allows it to be skipped (language reference, section 6).
    pub conditional: bool,
}

/// What a stage does.
#[derive(Debug)]
pub enum StageKind {
    /// Runs a component.
    Leaf(&'static Component),
    /// `router`
    Router {
        /// Keys and what they select, in document order.
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
    /// `foreach`; its `item_variable` and `index_variable` are static.
    Foreach {
        /// `loop_stages`
        body: &'static [StageIndex],
        /// The name in `context` of the item.
        item: &'static str,
        /// The name in `context` of the index.
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

    /// Whether a stage of this kind selects others.
    pub(crate) fn is_control(&self) -> bool {
        !matches!(self, Self::Leaf(_) | Self::Return)
    }
}
