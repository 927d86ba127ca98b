//! FMC0301: an id that no stage has.
//!
//! Enters: the uses of stage ids. Leaves: one finding for each unknown id, whose fix changes all
//! places that use it; or one at the stage, when all other places agree on another spelling of its
//! id. Must not know types.

use super::misspelt_definition::{MisspeltDefinition, agreed};
use crate::{
    analysis::Subject,
    diagnostics::{Code, Diagnostic, Found},
    ir::uses::{Missing, NameUses, Space},
    model::Model,
};

pub(in crate::analysis) fn run(Subject { model, .. }: Subject<'_>, found: &mut Found) {
    // An id that no stage has may belong to a stage that could not be read.
    if model.ast.stage_ids.is_lost() {
        return;
    }
    for (space, name, uses) in model.uses.names() {
        if let (Space::Stage, [first, ..]) = (space, uses.missing.as_slice()) {
            found.push(finding(model, name, first, &uses.missing));
        }
    }
}

fn finding(model: &Model, name: &str, first: &Missing, places: &[Missing]) -> Diagnostic {
    let stage = |near: &str| model.uses.name(Space::Stage, near);
    let near = first.near.as_deref();
    let near = near.and_then(|near| Some((near, stage(near)?)));
    match near {
        // All other places agree on the other spelling, so the definition is wrong.
        Some((near, NameUses { defined, read, .. }))
            if places.len() > 1 && read.is_empty() && agreed(places).is_some() =>
        {
            MisspeltDefinition {
                code: Code::UnknownStage,
                message: format!("no stage has the id `{name}`, and nothing refers to `{near}`"),
                noun: "id",
                relation: "refers to it",
                thing: "the stage",
            }
            .finding(
                defined.first().copied().unwrap_or_default(),
                name,
                places.iter().map(|place| place.span),
            )
        }
        _ => unknown(model, name, near, places),
    }
}

fn unknown(
    model: &Model,
    name: &str,
    near: Option<(&str, &NameUses)>,
    places: &[Missing],
) -> Diagnostic {
    let first = places.first().map(|place| place.span).unwrap_or_default();
    let message = format!("no stage has the id `{name}`");
    let mut finding =
        Diagnostic::new(Code::UnknownStage, first, message).label("not the id of any stage");
    for other in places.iter().skip(1) {
        finding = finding.related(other.span, "used here too");
    }
    if let Some((_, known)) = near.filter(|(_, known)| known.read.is_empty()) {
        // Nobody uses the near id, so its definition may be the misspelt one.
        for span in &known.defined {
            finding = finding.related(*span, "defined here but never used");
        }
    }
    let near = near.map(|(near, _)| near);
    let spans = places.iter().map(|place| place.span);
    finding.guessed(near, spans, |finding| {
        let ids = model.stages.iter().map(|stage| stage.name.value.as_str());
        finding.known("the stages are", ids)
    })
}
