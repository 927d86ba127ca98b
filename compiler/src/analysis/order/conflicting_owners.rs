//! FMC0608: owners run a stage in the bodies of different loops, or in a body and outside of it.
//!
//! Enters: the model. Leaves: one finding for each owner that disagrees with the first. (A stage in
//! both branches of a conditional, or in a route and a catch list, is fine: one owner is enough to
//! run it.) Must not know expressions.

use crate::{
    analysis::Subject,
    catalogue::StageList,
    diagnostics::{Code, Diagnostic, Found},
    ir::{StageId, graph::Listing},
    model::Model,
    source::Span,
};

pub(in crate::analysis) fn run(Subject { model, .. }: Subject<'_>, found: &mut Found) {
    for stage in &model.stages {
        // The first list of each owner.
        let mut listings = model.graph.listings(stage.id).to_vec();
        listings.dedup_by_key(|listing| listing.owner);
        let places = listings.into_iter();
        let places: Vec<Mention> = places
            .filter_map(|listing| mention(model, listing))
            .collect();
        // Two bodies are another defect, which has a finding of its own (FMC0607).
        if places.iter().filter(|place| place.body).count() > 1 {
            continue;
        }
        let Some((first, rest)) = places.split_first() else {
            continue;
        };
        for place in rest {
            if place.per != first.per {
                found.push(finding(model, stage.id, first, place));
            }
        }
    }
}

/// Where an owner names a stage, and how often the stage then runs.
struct Mention {
    owner: StageId,
    span: Span,
    /// The loop for each of whose items it runs; `None` when it runs once per run.
    per: Option<StageId>,
    /// Whether the list is the body of a loop. Set by `mention`; two bodies are FMC0607, so nothing
    /// is reported here then.
    body: bool,
}

fn mention(model: &Model, listing: Listing) -> Option<Mention> {
    let owner = model.stage(listing.owner)?;
    let list = owner.owned.get(listing.list)?;
    let (_, span) = *list.stages.get(listing.at)?;
    let body = list.role.is(StageList::Body);
    let per = if body {
        Some(owner.id)
    } else {
        model.graph.loop_of(owner.id)
    };
    Some(Mention {
        owner: owner.id,
        span,
        per,
        body,
    })
}

fn finding(model: &Model, stage: StageId, first: &Mention, other: &Mention) -> Diagnostic {
    let runs = |place: &Mention| match place.per {
        Some(outer) => format!("for each item of `{}`", model.name(outer)),
        None => "once per run".to_owned(),
    };
    let message = format!(
        "`{}` is run {} by `{}`, and {} by `{}`",
        model.name(stage),
        runs(first),
        model.name(first.owner),
        runs(other),
        model.name(other.owner)
    );
    Diagnostic::new(Code::ConflictingOwners, other.span, message)
        .label(runs(other))
        .related(first.span, runs(first))
        .help("use two stages that do the same work")
}
