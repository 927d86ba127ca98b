//! FMC0603: a stage that can never run.
//!
//! Enters: the model. Leaves: one finding for each stage that waits for a stage which never runs
//! with it (a disabled one, or one on another branch of the same choice), and one for each disabled
//! stage without which other stages are never selected. When `enabled: false` is the reason, the
//! finding is a warning: someone switched the stage off on purpose, and the rest must still build,
//! even at three in the morning. Must not know expressions.

use std::collections::HashMap;

use crate::{
    analysis::Subject,
    diagnostics::{Code, Diagnostic, Found, Severity},
    ir::{Dependency, Stage, StageId},
    model::Model,
};

pub(in crate::analysis) fn run(Subject { model, .. }: Subject<'_>, found: &mut Found) {
    for stage in &model.stages {
        if !stage.enabled || !model.trust.order(&model.graph, stage.id).is_sound() {
            continue;
        }
        if let Some(dependency) = vain_dependency(model, stage) {
            let other = model.name(dependency.stage);
            let disabled = model
                .stage(dependency.stage)
                .is_some_and(|stage| !stage.enabled);
            let (why, label) = if disabled {
                (
                    format!("it waits for `{other}`, which is disabled"),
                    "disabled",
                )
            } else {
                (
                    format!("it waits for `{other}`, which is on another branch"),
                    "on another branch",
                )
            };
            let message = format!("`{}` can never run: {why}", stage.name.value);
            let mut finding =
                Diagnostic::new(Code::NeverRuns, dependency.span, message).label(label);
            if let Some(target) = model.stage(dependency.stage) {
                finding = finding.related(target.name.span, "this stage");
            }
            if disabled {
                finding.severity = Severity::Warning;
            }
            found.push(finding);
        }
    }
    let mut lost: HashMap<StageId, Vec<&Stage>> = HashMap::new();
    for (stage, by) in model.stages.iter().zip(switched_off(model)) {
        if let Some(by) = by.filter(|_| stage.enabled) {
            lost.entry(by).or_default().push(stage);
        }
    }
    for owner in model.stages.iter().filter(|stage| !stage.enabled) {
        if let Some((first, others)) = lost.get(&owner.id).and_then(|lost| lost.split_first()) {
            found.push(unselected(first, others, owner));
        }
    }
}

/// For each stage, by index: the disabled stage because of which it is never selected. That is the
/// stage itself, or one that all of its owners need.
fn switched_off(model: &Model) -> Vec<Option<StageId>> {
    let mut by: Vec<Option<StageId>> = model
        .stages
        .iter()
        .map(|stage| (!stage.enabled).then_some(stage.id))
        .collect();
    // In this order an owner comes before its members; this check does not run when there is a
    // cycle.
    let order = model.graph.order().iter();
    let order = order.filter_map(|stage| model.stage(*stage));
    if by.iter().any(Option::is_some) {
        for stage in order.filter(|stage| stage.enabled) {
            let of = |owner: &StageId| by.get(owner.0 as usize).copied().flatten();
            let owners: Option<Vec<StageId>> =
                model.graph.owners(stage.id).iter().map(of).collect();
            let first = owners.and_then(|owners| owners.first().copied());
            if let Some(slot) = by.get_mut(stage.id.0 as usize)
                && slot.is_none()
                && first.is_some()
            {
                *slot = first;
            }
        }
    }
    by
}

/// One finding for all stages that only a disabled owner would select.
fn unselected(first: &Stage, others: &[&Stage], owner: &Stage) -> Diagnostic {
    let message = format!(
        "`{}` can never run: only `{}` would select it, which is disabled",
        first.name.value, owner.name.value
    );
    let mut finding = Diagnostic::new(Code::NeverRuns, first.name.span, message)
        .label("never selected")
        .related(owner.name.span, "disabled");
    finding.severity = Severity::Warning;
    for other in others {
        finding = finding.related(other.name.span, "nor is this one");
    }
    finding
}

/// The dependency that a stage waits for in vain. A stage that joins several conditional
/// dependencies needs only one of them.
fn vain_dependency<'a>(model: &'a Model, stage: &'a Stage) -> Option<&'a Dependency> {
    let conditional = |dependency: &&Dependency| model.graph.is_conditional(dependency.stage);
    let mut waiting = stage.depends_on.iter().filter(conditional).peekable();
    let first = *waiting.peek()?;
    waiting
        .all(|dependency| never(model, stage, dependency.stage))
        .then_some(first)
}

/// Whether a dependency never succeeds in a run in which the stage is selected.
fn never(model: &Model, stage: &Stage, dependency: StageId) -> bool {
    let Some(target) = model.stage(dependency) else {
        return false;
    };
    !target.enabled || model.graph.exclusive(stage.id, target.id)
}
