//! Facts that follow from a whole pipeline and are written nowhere in it.
//!
//! Enters: stages, their graph, and the reads that inference recorded. Leaves: facts for checks,
//! code generation and editors: who reads whom, which statuses are data, what a run needs from
//! outside. One file for each fact. Must not report anything.

mod environment;

mod hosts;

mod status;

mod unbuildable;

pub use environment::EnvVar;

use crate::{
    ast,
    infer::EnvRead,
    ir::{Stage, StageId, graph::Graph, uses::Read},
    source::Span,
};

/// What the configuration says about environment variables.
#[derive(Clone, Copy, Debug)]
pub struct Configured<'a> {
    /// `[env] secret`: variables that are secret whatever they are called.
    pub secret: &'a [String],
    /// `[env] optional`: variables that may be unset.
    pub optional: &'a [String],
}

/// Facts of a pipeline.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Which stage reads the output of which, in order of reader and position.
    pub reads: Vec<Read>,
    /// For each stage, by index: whether its HTTP status is data.
    observed: Vec<bool>,
    /// The environment variables that are read, sorted by name.
    pub env: Vec<EnvVar>,
    /// The hosts that literal URLs name, sorted.
    pub hosts: Vec<String>,
    /// What this version can check but not build: a description and a span.
    pub unbuildable: Vec<(String, Span)>,
}

impl Facts {
    /// The facts of a pipeline.
    #[must_use]
    pub fn of(
        ast: &ast::WrittenPipeline,
        stages: &[Stage],
        graph: &Graph,
        reads: Vec<Read>,
        env: &[EnvRead],
        configured: Configured<'_>,
    ) -> Self {
        Self {
            observed: status::observed(stages, graph, &reads),
            env: environment::of(env, configured),
            hosts: hosts::of(stages),
            unbuildable: unbuildable::of(ast, stages),
            reads,
        }
    }

    /// Whether an expression can see the HTTP status of a stage. If so, a failing status is data
    /// and does not fail the stage (language reference, section 7).
    #[must_use]
    pub fn is_observed(&self, stage: StageId) -> bool {
        self.observed
            .get(stage.0 as usize)
            .copied()
            .unwrap_or(false)
    }
}
