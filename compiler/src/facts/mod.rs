//! What follows from a pipeline that none of its parts says.
//!
//! Enters: stages, their graph, and the readings that inference noted. Leaves: facts that are asked
//! by checks, code generation and editors: who reads whom, which statuses are data, what the run
//! needs of its surroundings. One file a fact. Must not report anything.

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

/// What configuration says of environment variables.
#[derive(Clone, Copy, Debug)]
pub struct Configured<'a> {
    /// `[env] secret`: variables that are secret whatever their names.
    pub secret: &'a [String],
    /// `[env] optional`: variables that need not be set.
    pub optional: &'a [String],
}

/// Facts of a pipeline.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Who reads which stage's output, in order of reader and place.
    pub reads: Vec<Read>,
    /// By position: whether the stage's HTTP status is data.
    observed: Vec<bool>,
    /// Environment variables read, in order of name.
    pub env: Vec<EnvVar>,
    /// Hosts that literal URLs name, in order of name.
    pub hosts: Vec<String>,
    /// What this version checks but cannot build: a description and its place.
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

    /// Whether some expression can see the HTTP status of a stage, so that one that tells of a
    /// failure is data and does not fail the stage (language reference, section 7).
    #[must_use]
    pub fn is_observed(&self, stage: StageId) -> bool {
        self.observed
            .get(stage.0 as usize)
            .copied()
            .unwrap_or(false)
    }
}
