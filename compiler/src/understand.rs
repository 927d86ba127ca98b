//! From an AST to a model: the order of the steps in which a pipeline is understood.
//!
//! Enters: an AST, and what the configuration says about environment variables. Leaves: a
//! [`Model`], complete even when there are findings, and the findings of families 02 to 05. The
//! steps: components and the stages they name; the graph; expressions in the order of the graph, so
//! that the type of every output is known before it is read; then the facts that follow from all of
//! it. Must not know how any step works.

use crate::{
    ast,
    diagnostics::Found,
    facts::{Configured, Facts},
    infer::{self, Inferred, Resolved},
    ir::uses::Uses,
    model::Model,
    resolve::{self, Trusts},
};

/// Understands a pipeline. Its findings are added to `found`.
#[must_use]
pub fn understand(
    ast: ast::WrittenPipeline,
    configured: Configured<'_>,
    found: &mut Found,
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
    // Without an `output_stage_id`, the output is that of the last stage without an owner.
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
