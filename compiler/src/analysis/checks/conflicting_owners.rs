//! FMC0608: a stage that one owner runs for each item and another once a run.
//!
//! Enters: the IR. Leaves: one finding for each such owner. (Both branches of one conditional,
//! or a route and a catch list, are fine: any one suffices.)

use super::{loops, name};
use crate::{
    diagnostics::{Code, Diagnostic},
    ir::{Ir, Role, Stage, StageId},
    source::Span,
};

pub(in crate::analysis) fn run(ir: &Ir, found: &mut Vec<Diagnostic>) {
    for stage in &ir.stages {
        if stage.owners.len() < 2 {
            continue;
        }
        let owners: Vec<_> = stage
            .owners
            .iter()
            .filter_map(|&owner| ir.stage(owner))
            .collect();
        let body = owners
            .iter()
            .find_map(|owner| Some((*owner, mention(owner, stage.id, true)?)));
        let Some((outer, in_body)) = body else {
            continue;
        };
        for owner in owners {
            let inside = owner.id == outer.id || loops(ir, owner.id).contains(&outer.id);
            if let (false, Some(span)) = (inside, mention(owner, stage.id, false)) {
                let id = name(ir, stage.id);
                let message = format!(
                    "`{id}` is run for each item by `{}` and once by `{}`",
                    outer.name.value, owner.name.value
                );
                found.push(
                    Diagnostic::new(Code::ConflictingOwners, span, message)
                        .related(in_body, "in the body of the loop")
                        .help("two stages can do the same work"),
                );
            }
        }
    }
}

/// Where an owner names a stage: in a loop's body, or anywhere else.
fn mention(owner: &Stage, stage: StageId, body: bool) -> Option<Span> {
    let lists = owner
        .owned
        .iter()
        .filter(|list| (list.role == Role::Loop) == body);
    lists
        .flat_map(|list| &list.stages)
        .find(|(member, _)| *member == stage)
        .map(|(_, span)| *span)
}
