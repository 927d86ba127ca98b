//! FMC0608: a stage that owners run in the bodies of different loops, or in one and outside.
//!
//! Enters: the IR. Leaves: one finding for each owner that disagrees with the first. (Both
//! branches of one conditional, or a route and a catch list, are fine: any one suffices.)

use super::name;
use crate::{
    diagnostics::{Code, Diagnostic},
    ir::{Ir, Role, Stage, StageId},
    source::Span,
};

pub(in crate::analysis) fn run(ir: &Ir, found: &mut Vec<Diagnostic>) {
    for stage in &ir.stages {
        let places: Vec<Place> = stage
            .owners
            .iter()
            .filter_map(|&owner| place(ir.stage(owner)?, stage.id))
            .collect();
        // Two bodies are another defect, with a finding of its own.
        if places.iter().filter(|place| place.body).count() > 1 {
            continue;
        }
        let Some((first, rest)) = places.split_first() else {
            continue;
        };
        for place in rest {
            if place.per != first.per {
                found.push(finding(ir, stage.id, first, place));
            }
        }
    }
}

/// Where an owner names a stage, and for each item of which loop it then runs.
struct Place {
    owner: StageId,
    span: Span,
    per: Option<StageId>,
    body: bool,
}

fn place(owner: &Stage, stage: StageId) -> Option<Place> {
    let mut mentions = owner.owned.iter().filter_map(|list| {
        let (_, span) = list.stages.iter().find(|(member, _)| *member == stage)?;
        Some((*span, list.role == Role::Body))
    });
    let (span, body) = mentions.next()?;
    let per = if body {
        Some(owner.id)
    } else {
        owner.loop_stage
    };
    Some(Place {
        owner: owner.id,
        span,
        per,
        body,
    })
}

fn finding(ir: &Ir, stage: StageId, first: &Place, other: &Place) -> Diagnostic {
    let runs = |place: &Place| match place.per {
        Some(outer) => format!("for each item of `{}`", name(ir, outer)),
        None => "once a run".to_owned(),
    };
    let message = format!(
        "`{}` is run {} by `{}`, and {} by `{}`",
        name(ir, stage),
        runs(first),
        name(ir, first.owner),
        runs(other),
        name(ir, other.owner)
    );
    Diagnostic::new(Code::ConflictingOwners, other.span, message)
        .label(runs(other))
        .related(first.span, runs(first))
        .help("two stages can do the same work")
}
