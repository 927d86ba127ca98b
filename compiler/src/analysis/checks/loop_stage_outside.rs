//! FMC0310: a loop stage read from outside its loop, where it has no single output.
//!
//! Enters: the IR. Leaves: one finding a read, and one where the run's output is meant to be a
//! loop stage's, pointing to the loop's `results`.

use super::name;
use crate::{
    ast::Spanned,
    diagnostics::{Code, Diagnostic},
    ir::{Ir, Stage, StageId},
    source::Span,
};

pub(in crate::analysis) fn run(ir: &Ir, found: &mut Vec<Diagnostic>) {
    for read in &ir.facts.reads {
        let inside = |outer: StageId| ir.graph.loops(read.reader).any(|around| around == outer);
        if let Some(outer) = loop_of(ir, read.target).filter(|outer| !inside(outer.id)) {
            found.push(finding(ir, read.target, outer, read.span));
        }
    }
    // A misspelt id stands for the nearest, which is not to be spoken of.
    let written = |id: &&Spanned<String>| ir.output.is_some_and(|at| name(ir, at) == id.value);
    if let Some(id) = ir.ast.output_stage_id.as_ref().filter(written)
        && let Some(stage) = ir.output
        && let Some(outer) = loop_of(ir, stage)
    {
        found.push(finding(ir, stage, outer, id.span));
    }
}

fn loop_of(ir: &Ir, stage: StageId) -> Option<&Stage> {
    ir.stage(ir.graph.loop_of(stage)?)
}

fn finding(ir: &Ir, stage: StageId, outer: &Stage, place: Span) -> Diagnostic {
    let (target, outer_name) = (name(ir, stage), &outer.name.value);
    let message = format!(
        "`{target}` runs once for each item of `{outer_name}`, and has no single output here"
    );
    Diagnostic::new(Code::LoopStageOutside, place, message)
        .help(format!(
            "`upstream.{outer_name}.results` holds the last loop stage's output of each item"
        ))
        .related(outer.name.span, "the loop")
}
