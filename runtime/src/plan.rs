//! The static tables a generated program is made of.
//!
//! Enters: nothing; generated code writes these as `static` items. Leaves: everything the
//! executor needs to know of a pipeline. Must not know how stages are run.

use fmc_expr::{Cx, EvalError, Value};

use crate::{component::Component, error::Fault, scope::Scope};

/// A rendered template, condition or configuration.
pub type Outcome = Result<Value, Fault>;

/// A generated function that renders one configuration, template or condition.
pub type Render = fn(&Scope<'_>) -> Outcome;

/// One `{{…}}` expression: its function and where it stands, for error messages.
#[derive(Debug)]
pub struct Expression {
    /// The text as written.
    pub text: &'static str,
    /// The configuration path, like `config.body.fields.summary`.
    pub field: &'static str,
    /// Line in the pipeline file, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// The compiled expression.
    pub run: fn(&Scope<'_>, &Cx) -> Result<Value, EvalError>,
}

/// A whole pipeline.
#[derive(Debug)]
pub struct Pipeline {
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
    pub stages: &'static [Stage],
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

impl Pipeline {
    /// Whether a run cannot start without this environment variable.
    pub(crate) fn requires(&self, variable: &str) -> bool {
        self.env
            .iter()
            .any(|known| known.required && known.name == variable)
    }
}

/// A stage's position in [`Pipeline::stages`].
pub type StageIndex = u32;

/// An environment variable a pipeline reads.
#[derive(Debug)]
pub struct EnvVar {
    /// Its name.
    pub name: &'static str,
    /// Whether a run cannot start without it.
    pub required: bool,
    /// Whether its value is masked wherever it would be shown (language reference, section 8).
    pub secret: bool,
}

/// One stage.
#[derive(Debug)]
pub struct Stage {
    /// Its id.
    pub id: &'static str,
    /// What it does.
    pub kind: Kind,
    /// Renders the settings that are known before the component starts: an object of canonical
    /// field names, settings that were not written left out. `deferred` fields are not in it.
    /// `provider`, `model` and `llm_settings` of AI stages are.
    pub config: Render,
    /// Settings that are evaluated by the component itself, in a scope of its own making:
    /// `template`, `condition`, `filter_expression`, `value_expression`.
    pub deferred: &'static [(&'static str, Deferred)],
    /// What must have finished first.
    pub depends_on: &'static [Dependency],
    /// The stages that may select this one; none means that it starts by itself.
    pub owners: &'static [StageIndex],
    /// The innermost `foreach` whose body this stage runs in.
    pub loop_stage: Option<StageIndex>,
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
pub struct Dependency {
    /// What must have finished.
    pub stage: StageIndex,
    /// Whether the graph allows it to be skipped (language reference, section 6).
    pub conditional: bool,
}

/// A setting the component evaluates itself.
#[derive(Debug, Clone, Copy)]
pub enum Deferred {
    /// Compiled.
    Render(Render),
    /// A whole template whose value may be the text of an expression: `text` renders it,
    /// `evaluate` is `fmc_runtime::dynamic::evaluate` (kept as a pointer so that only binaries
    /// that need it link the parser).
    Dynamic {
        /// Renders the condition's value.
        text: Render,
        /// Evaluates a string as an expression that sees `data` and `item` only.
        evaluate: fn(&str, Value, Option<Value>) -> Result<Value, EvalError>,
    },
}

/// What a stage does.
#[derive(Debug)]
pub enum Kind {
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

/// What a failed stage leads to (language reference, sections 2 and 7).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OnError {
    /// The failure goes up.
    Fail,
    /// The stage counts as succeeded with its fallback output, else null.
    Continue,
    /// Further attempts, then the failure goes up.
    Retry {
        /// Attempts after the first.
        max_retries: u32,
        /// Before the second attempt, in milliseconds.
        delay_ms: u64,
        /// Times this for each further attempt.
        multiplier: f64,
        /// At most this, in milliseconds.
        max_delay_ms: Option<u64>,
    },
}
