//! The pipeline as written: from the JSON tree to the AST.
//!
//! Enters: a JSON tree. Leaves: a [`WrittenPipeline`] in which pipeline and stage fields have their
//! canonical names and every value has its span, and findings about shape (family 04, except for
//! component settings). Must not know components, what names mean, or types.

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

/// A value and where it was written.
#[derive(Clone, Debug)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its span; for a string, without the quotes.
    pub span: Span,
}

/// A pipeline file.
#[derive(Clone, Debug)]
pub struct WrittenPipeline {
    /// The file.
    pub file: FileId,
    /// The span of the whole object.
    pub span: Span,
    /// `id`; without one the file name without extension, with an empty span at the start of the
    /// object.
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
    /// `extends`, `abstract`, `overrides` and `compositions`, as written (language reference,
    /// section 9). They cannot be built yet.
    pub inheritance: Vec<(JsonString, Node)>,
    /// The stages, in document order. A stage without an id, or with the id of an earlier stage, is
    /// left out and has a finding.
    pub stages: Vec<WrittenStage>,
    /// Whether the id of every stage is known. Lost when an id could not be read, or when stages
    /// are inherited from another file: an id that seems unknown may then be that stage's, so
    /// FMC0301 is not reported.
    pub stage_ids: Trust,
    /// Every `$allow` in the file, in document order. They have been removed from the settings.
    pub allows: Vec<Allow>,
}

impl WrittenPipeline {
    /// Whether it takes stages, inputs and variables from pipelines in other files.
    #[must_use]
    pub fn inherits(&self) -> bool {
        let mut keys = self.inheritance.iter().map(|(key, _)| &*key.text);
        keys.any(|key| lower::FOREIGN.contains(&key))
    }
}

/// A stage.
#[derive(Clone, Debug)]
pub struct WrittenStage {
    /// The span of the whole object.
    pub span: Span,
    /// `id`.
    pub id: Spanned<String>,
    /// `component_type` as written; `None` when it is missing, which has a finding.
    pub component: Option<Spanned<String>>,
    /// The entries of `config` as written: names of settings may be aliases, templates are not
    /// parsed.
    pub config: Vec<WrittenSetting>,
    /// The span of the `config` object; of the stage when it has none.
    pub config_span: Span,
    /// Whether `config` could be read. When it could not, which has a finding, nobody knows what it
    /// lacks, so a missing required field is not reported.
    pub config_trust: Trust,
    /// `depends_on`.
    pub depends_on: Vec<Spanned<String>>,
    /// The span of the `depends_on` array, for fixes that add to it.
    pub depends_on_span: Option<Span>,
    /// `name`.
    pub name: Option<Spanned<String>>,
    /// `description`.
    pub description: Option<Spanned<String>>,
    /// `enabled`; true when it is not given.
    pub enabled: bool,
    /// `timeout_ms`.
    pub timeout_ms: Option<Spanned<u64>>,
    /// `error_handling`.
    pub error_handling: ErrorHandling,
    /// `fallback_output`. It and the fields below are boxed, because few stages have them.
    pub fallback_output: Option<Box<Node>>,
    /// `provider`.
    pub provider: Option<Box<Node>>,
    /// `model`.
    pub model: Option<Box<Node>>,
    /// `llm_settings`.
    pub llm_settings: Option<Box<Node>>,
}

/// One entry of a `config` object.
#[derive(Clone, Debug)]
pub struct WrittenSetting {
    /// The key as written.
    pub key: JsonString,
    /// The value as written.
    pub value: Node,
}

/// `error_handling` as written. The methods below give the defaults of what was left out.
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
    /// How many times a stage with `on_error: retry` is retried.
    #[must_use]
    pub fn retries(&self) -> u32 {
        self.max_retries.as_ref().map_or(3, |set| set.value)
    }

    /// The wait before the first retry, in milliseconds.
    #[must_use]
    pub fn delay_ms(&self) -> u64 {
        self.retry_delay.as_ref().map_or(1000, |set| set.value)
    }

    /// The factor by which the wait grows with each retry.
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
