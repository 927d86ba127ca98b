//! FMC0602: reading a stage that need not have finished.
//!
//! Enters: the IR. Leaves: one finding for each stage read too early, with the fix "add to
//! `depends_on`".

use super::name;
use crate::{
    catalogue::Control,
    diagnostics::{Code, Diagnostic},
    ir::{Ir, Stage, StageId},
    source::Span,
};

pub(in crate::analysis) fn run(ir: &Ir, found: &mut Vec<Diagnostic>) {
    let mut told: Vec<(StageId, StageId)> = Vec::new();
    for read in &ir.facts.reads {
        let pair = (read.reader, read.target);
        if ir.graph.is_before(read.target, read.reader)
            || told.contains(&pair)
            || ir.facts.is_guessed(&ir.graph, read.reader)
            || outside_loop(ir, read.reader, read.target)
        {
            continue;
        }
        told.push(pair);
        let (Some(reader), Some(target)) = (ir.stage(read.reader), ir.stage(read.target)) else {
            continue;
        };
        let (id, other) = (&reader.name.value, &target.name.value);
        if read.reader == read.target {
            let message = format!("`{id}` reads its own output, which is not there yet");
            found.push(Diagnostic::new(Code::UnorderedRead, read.span, message));
            continue;
        }
        if ir.graph.around(reader.id).contains(&target.id) && ir.graph.is_block(target.id) {
            found.push(inside(read.span, reader, target));
            continue;
        }
        let message = format!("`{other}` need not have finished when `{id}` starts");
        let finding = Diagnostic::new(Code::UnorderedRead, read.span, message)
            .related(target.name.span, "the stage that is read");
        let waits_already = ir.graph.is_before(read.reader, read.target)
            || ir.graph.around(target.id).contains(&reader.id);
        found.push(if waits_already {
            finding.help(format!("`{other}` itself waits for `{id}`"))
        } else {
            add_dependency(finding, ir, reader, other)
        });
    }
}

/// A block's output is there when it has ended, and it ends after the stages it selects.
fn inside(place: Span, reader: &Stage, block: &Stage) -> Diagnostic {
    let (id, name) = (&reader.name.value, &block.name.value);
    let message = format!("`{name}` has not finished when `{id}` runs, which is part of it");
    let instead = match block.control() {
        Some(Control::Foreach) => "the item and its index are in `context`",
        _ => "`error` says in catch and finally stages what failed, and is null after success",
    };
    Diagnostic::new(Code::UnorderedRead, place, message)
        .related(block.name.span, "the block that is read from inside")
        .help(instead)
}

fn outside_loop(ir: &Ir, reader: StageId, target: StageId) -> bool {
    let inner = ir.graph.loop_of(target);
    inner.is_some_and(|inner| !ir.graph.loops(reader).any(|around| around == inner))
}

fn add_dependency(finding: Diagnostic, ir: &Ir, reader: &Stage, other: &str) -> Diagnostic {
    let help = format!("add `{other}` to `depends_on`");
    let written = ir
        .ast
        .stages
        .iter()
        .find(|stage| stage.id.value == name(ir, reader.id));
    let last = reader.depends_on.last().map(|dependency| dependency.span);
    match (last, written) {
        (Some(mut place), _) => {
            // After the last entry's closing quote.
            place.start = place.end + 1;
            place.end = place.start;
            finding
                .help(help.clone())
                .fix(help, false, place, format!(", \"{other}\""))
        }
        (None, Some(stage)) => {
            let mut place = stage.id.span;
            place.start = place.end + 1;
            place.end = place.start;
            finding.help(help.clone()).fix(
                help,
                false,
                place,
                format!(", \"depends_on\": [\"{other}\"]"),
            )
        }
        (None, None) => finding.help(help),
    }
}
