//! FMC0310: a loop stage read from outside its loop, where it has no single output.
//!
//! Enters: the IR. Leaves: one finding a read, pointing to the loop's `results`.

use super::{loops, name};
use crate::{
    diagnostics::{Code, Diagnostic},
    ir::Ir,
};

pub(in crate::analysis) fn run(ir: &Ir, found: &mut Vec<Diagnostic>) {
    for read in &ir.facts.reads {
        let Some(outer) = ir.stage(read.target).and_then(|stage| stage.loop_stage) else {
            continue;
        };
        if loops(ir, read.reader).contains(&outer) {
            continue;
        }
        let (target, outer_name) = (name(ir, read.target), name(ir, outer));
        let message = format!(
            "`{target}` runs once for each item of `{outer_name}`, and has no single output here"
        );
        let mut finding =
            Diagnostic::new(Code::LoopStageOutside, read.span, message).help(format!(
                "`upstream.{outer_name}.results` holds the last loop stage's output of each item"
            ));
        if let Some(outer) = ir.stage(outer) {
            finding = finding.related(outer.name.span, "the loop");
        }
        found.push(finding);
    }
}
