//! FMC0602: a stage reads another one that may not have finished.
//!
//! Enters: the model. Leaves: one finding for each stage that is read too early, with the fix "add
//! it to `depends_on`". Must not know what is read from the output.

use std::collections::HashSet;

use crate::{
    analysis::Subject,
    catalogue::Control,
    diagnostics::{Code, Diagnostic, Found},
    ir::{Stage, StageId},
    model::Model,
    source::Span,
};

pub(in crate::analysis) fn run(Subject { model, .. }: Subject<'_>, found: &mut Found) {
    let mut told: HashSet<(StageId, StageId)> = HashSet::new();
    for read in &model.facts.reads {
        let pair = (read.reader, read.target);
        if model.graph.is_before(read.target, read.reader)
            || told.contains(&pair)
            || !model.trust.order(&model.graph, read.reader).is_sound()
            || outside_loop(model, read.reader, read.target)
        {
            continue;
        }
        told.insert(pair);
        let (Some(reader), Some(target)) = (model.stage(read.reader), model.stage(read.target))
        else {
            continue;
        };
        let (id, other) = (&reader.name.value, &target.name.value);
        if read.reader == read.target {
            let message = format!("`{id}` reads its own output, which is not there yet");
            found.push(Diagnostic::new(Code::UnorderedRead, read.span, message));
            continue;
        }
        if model.graph.around(reader.id).contains(target.id) && model.graph.is_block(target.id) {
            found.push(inside(read.span, reader, target));
            continue;
        }
        let message = format!("`{other}` may not have finished when `{id}` starts");
        let finding = Diagnostic::new(Code::UnorderedRead, read.span, message)
            .related(target.name.span, "the stage that is read");
        // A dependency in the other direction would make a cycle, so no fix is offered then.
        let waits_already = model.graph.is_before(read.reader, read.target)
            || model.graph.around(target.id).contains(reader.id);
        found.push(if waits_already {
            finding.help(format!("`{other}` itself waits for `{id}`"))
        } else {
            add_dependency(finding, reader, other)
        });
    }
}

/// A block has no output until it has ended, and it ends after the stages it selects.
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

/// Whether the read crosses the border of a loop, which FMC0310 reports.
fn outside_loop(model: &Model, reader: StageId, target: StageId) -> bool {
    let inner = model.graph.loop_of(target);
    inner.is_some_and(|inner| !model.graph.loops(reader).any(|around| around == inner))
}

/// Adds the fix that puts the stage into `depends_on`.
fn add_dependency(finding: Diagnostic, reader: &Stage, other: &str) -> Diagnostic {
    let help = format!("add `{other}` to `depends_on`");
    // Insert after the closing quote of the last entry, or of the stage's id.
    let last = reader.depends_on.last().map(|dependency| dependency.span);
    let mut place = last.unwrap_or(reader.name.span);
    place.start = place.end + 1;
    place.end = place.start;
    let text = match last {
        Some(_) => format!(", \"{other}\""),
        None => format!(", \"depends_on\": [\"{other}\"]"),
    };
    finding.help(help.clone()).fix(help, false, place, text)
}
