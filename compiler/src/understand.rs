//! From an AST to a model: the order in which a pipeline is understood.
//!
//! Enters: an AST, and what configuration says of environment variables. Leaves: a [`Model`], whole
//! even where findings stand, and the findings of understanding it (families 02 to 05). First the
//! components and the stages they name, then the graph, then expressions in the graph's order, so
//! that every stage's output has its type before it is read, then what follows from all of it.

use crate::{
    ast,
    diagnostics::Diagnostic,
    facts::{Configured, Facts},
    infer::{self, Inferred, Resolved},
    ir::uses::Uses,
    model::Model,
    resolve::{self, Trusts},
};

/// Understands a pipeline.
#[must_use]
pub fn understand(
    ast: ast::WrittenPipeline,
    configured: Configured<'_>,
    found: &mut Vec<Diagnostic>,
) -> Model {
    let mut uses = Uses::default();
    let skeleton = resolve::resolve(&ast, &mut uses, found);
    let graph = skeleton.graph(&ast);
    let trust = Trusts::new(&skeleton, &graph);
    let known = Resolved {
        ast: &ast,
        skeleton: &skeleton,
        graph: &graph,
        trust: &trust,
    };
    let Inferred {
        stages,
        exprs,
        scopes,
        reads,
        env,
    } = infer::infer(known, &mut uses, found);
    let facts = Facts::of(&ast, &stages, &graph, reads, &env, configured);
    // Without an `output_stage_id`, the last stage that nobody owns.
    let mut last = stages.iter().rev().map(|stage| stage.id);
    let output = match ast.output_stage_id {
        Some(_) => skeleton.output,
        None => last.find(|stage| graph.owners(*stage).is_empty()),
    };
    Model {
        stages,
        exprs,
        graph,
        scopes,
        uses,
        facts,
        trust,
        output,
        ast,
    }
}
