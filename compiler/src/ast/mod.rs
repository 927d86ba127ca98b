//! The pipeline as written: tree to shaped AST.
//!
//! Enters: a JSON tree. Leaves: a [`WrittenPipeline`] with aliases of pipeline and stage fields
//! resolved to canonical names, every leaf spanned, and findings about shape (family 04, but
//! for component settings). Must not know components, names' meanings or types.

mod allow;
mod error_handling;
mod fragment;
mod lower;
mod read;
mod stage;
pub mod template;

pub use fragment::is_pipeline;
pub use lower::{id_of, lower};

use crate::{
    diagnostics::suppress::Allow,
    source::{FileId, Span},
    syntax::tree::{JsonString, Node},
    trust::Trust,
};

/// A value with the place it was written at.
#[derive(Clone, Debug)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place (of a string: without quotes).
    pub span: Span,
}

/// A pipeline file.
#[derive(Clone, Debug)]
pub struct WrittenPipeline {
    /// The file.
    pub file: FileId,
    /// The whole object.
    pub span: Span,
    /// `id`, or the file stem (with an empty span at the object's start).
    pub id: Spanned<String>,
    /// `name`.
    pub name: Option<Spanned<String>>,
    /// `version`.
    pub version: Option<Spanned<String>>,
    /// `description`.
    pub description: Option<Spanned<String>>,
    /// `input_schema`.
    pub input_schema: Option<Node>,
    /// `output_schema`.
    pub output_schema: Option<Node>,
    /// `output_stage_id`.
    pub output_stage_id: Option<Spanned<String>>,
    /// `sample_input`.
    pub sample_input: Option<Node>,
    /// `extends`: the id of the parent, or `id@version`.
    pub extends: Option<Spanned<String>>,
    /// `extends`, `abstract`, `overrides`, `compositions`, as written (section 9; not built yet).
    pub inheritance: Vec<(JsonString, Node)>,
    /// The stages, in document order; those without an id, and second ones of an id, are left
    /// out (and reported).
    pub stages: Vec<WrittenStage>,
    /// Whether every stage's id is known. Lost where one could not be read (reported) or stages are
    /// inherited: an id that nobody has here may be that stage's, so FMC0301 is not reported.
    pub stage_ids: Trust,
    /// Every `$allow` of the file, in document order; none is left in the settings.
    pub allows: Vec<Allow>,
}

impl WrittenPipeline {
    /// Whether it has stages, input and variables of pipelines that stand in other files.
    #[must_use]
    pub fn inherits(&self) -> bool {
        let mut keys = self.inheritance.iter().map(|(key, _)| &*key.text);
        keys.any(|key| lower::FOREIGN.contains(&key))
    }
}

/// A stage.
#[derive(Clone, Debug)]
pub struct WrittenStage {
    /// The whole object.
    pub span: Span,
    /// `id`.
    pub id: Spanned<String>,
    /// `component_type` as written; none when missing (reported).
    pub component: Option<Spanned<String>>,
    /// `config`'s entries as written (aliases of settings not yet resolved); templates unparsed.
    pub config: Vec<WrittenSetting>,
    /// The `config` object's place; the stage's when there is none.
    pub config_span: Span,
    /// Whether `config` could be read; where it could not (reported), what it lacks is not known.
    pub config_trust: Trust,
    /// `depends_on`.
    pub depends_on: Vec<Spanned<String>>,
    /// Place of the `depends_on` array, for fixes.
    pub depends_on_span: Option<Span>,
    /// `name`.
    pub name: Option<Spanned<String>>,
    /// `description`.
    pub description: Option<Spanned<String>>,
    /// `enabled`; default true.
    pub enabled: bool,
    /// `timeout_ms`.
    pub timeout_ms: Option<Spanned<u64>>,
    /// `error_handling`.
    pub error_handling: ErrorHandling,
    /// `fallback_output`.
    pub fallback_output: Option<Node>,
    /// `provider`.
    pub provider: Option<Node>,
    /// `model`.
    pub model: Option<Node>,
    /// `llm_settings`.
    pub llm_settings: Option<Node>,
}

/// One entry of a `config` object.
#[derive(Clone, Debug)]
pub struct WrittenSetting {
    /// The key as written.
    pub key: JsonString,
    /// The value as written.
    pub value: Node,
}

/// `error_handling`, as written; what is left out has the defaults of the methods.
#[derive(Clone, Debug)]
pub struct ErrorHandling {
    /// `on_error`.
    pub on_error: Option<Spanned<OnError>>,
    /// `max_retries`.
    pub max_retries: Option<Spanned<u32>>,
    /// `retry_delay`, in milliseconds.
    pub retry_delay: Option<Spanned<u64>>,
    /// `backoff_multiplier`.
    pub backoff_multiplier: Option<Spanned<f64>>,
    /// `max_delay`, in milliseconds.
    pub max_delay: Option<Spanned<u64>>,
}

impl ErrorHandling {
    /// How often a stage under `on_error: retry` is tried again.
    #[must_use]
    pub fn retries(&self) -> u32 {
        self.max_retries.as_ref().map_or(3, |set| set.value)
    }

    /// The wait before the second attempt, in milliseconds.
    #[must_use]
    pub fn delay_ms(&self) -> u64 {
        self.retry_delay.as_ref().map_or(1000, |set| set.value)
    }

    /// By what the wait grows with each attempt.
    #[must_use]
    pub fn multiplier(&self) -> f64 {
        let set = self.backoff_multiplier.as_ref();
        set.map_or(1.0, |set| set.value)
    }
}

/// `on_error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnError {
    /// `fail`, `propagate`
    Fail,
    /// `continue`
    Continue,
    /// `retry`
    Retry,
}

#[cfg(test)]
mod tests;
