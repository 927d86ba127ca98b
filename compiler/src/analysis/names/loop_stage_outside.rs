//! FMC0310: a loop stage is read outside its loop, where it has no single output.
//!
//! Enters: the model. Leaves: one finding for each such read, and one when `output_stage_id` names
//! a loop stage. Each points to the `results` of the loop. Must not know other reads.

use crate::{
    analysis::Subject,
    ast::Spanned,
    diagnostics::{Code, Diagnostic, Found},
    ir::{Stage, StageId},
    model::Model,
    source::Span,
};

pub(in crate::analysis) fn run(Subject { model, .. }: Subject<'_>, found: &mut Found) {
    for read in &model.facts.reads {
        let inside = |outer: StageId| model.graph.loops(read.reader).any(|around| around == outer);
        if let Some(outer) = loop_of(model, read.target).filter(|outer| !inside(outer.id)) {
            found.push(finding(model, read.target, outer, read.span));
        }
    }
    // A misspelt `output_stage_id` was read as the nearest id; nothing more is reported about it.
    let written = |id: &&Spanned<String>| model.output.is_some_and(|at| model.name(at) == id.value);
    if let Some(id) = model.ast.output_stage_id.as_ref().filter(written)
        && let Some(stage) = model.output
        && let Some(outer) = loop_of(model, stage)
    {
        found.push(finding(model, stage, outer, id.span));
    }
}

fn loop_of(model: &Model, stage: StageId) -> Option<&Stage> {
    model.stage(model.graph.loop_of(stage)?)
}

fn finding(model: &Model, stage: StageId, outer: &Stage, place: Span) -> Diagnostic {
    let (target, outer_name) = (model.name(stage), &outer.name.value);
    let message = format!(
        "`{target}` runs once for each item of `{outer_name}`, so it has no single output here"
    );
    Diagnostic::new(Code::LoopStageOutside, place, message)
        .help(format!(
            "`upstream.{outer_name}.results` holds the last loop stage's output of each item"
        ))
        .related(outer.name.span, "the loop")
}
