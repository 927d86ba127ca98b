//! FMC0603: a stage that can never run.
//!
//! Enters: the IR. Leaves: one finding for each stage whose dependencies or owners are never
//! there: disabled, or on another branch of the same choice.

use super::name;
use crate::{
    diagnostics::{Code, Diagnostic},
    ir::{Dependency, Ir, Role, Stage, StageId},
};

pub(in crate::analysis) fn run(ir: &Ir, found: &mut Vec<Diagnostic>) {
    for stage in &ir.stages {
        if !stage.enabled || ir.facts.is_guessed(stage.id) {
            continue;
        }
        if let Some(dependency) = hopeless(ir, stage) {
            let other = name(ir, dependency.stage);
            let disabled = ir
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
            if let Some(target) = ir.stage(dependency.stage) {
                finding = finding.related(target.name.span, "this stage");
            }
            found.push(finding);
        }
    }
}

/// The dependency for which a stage waits in vain: a join needs one of its conditional ones.
fn hopeless<'a>(ir: &'a Ir, stage: &'a Stage) -> Option<&'a Dependency> {
    let conditional = |dependency: &&Dependency| {
        ir.stage(dependency.stage)
            .is_some_and(|stage| stage.conditional)
    };
    let mut waiting = stage.depends_on.iter().filter(conditional).peekable();
    let first = *waiting.peek()?;
    waiting
        .all(|dependency| never(ir, stage, dependency.stage))
        .then_some(first)
}

fn never(ir: &Ir, stage: &Stage, dependency: StageId) -> bool {
    let Some(target) = ir.stage(dependency) else {
        return false;
    };
    !target.enabled || exclusive(ir, stage, target)
}

/// Whether two stages are on different branches of one choice, and nothing else selects them.
fn exclusive(ir: &Ir, one: &Stage, other: &Stage) -> bool {
    let ([owner], [same]) = (one.owners.as_slice(), other.owners.as_slice()) else {
        return false;
    };
    let Some(owner) = ir.stage(*owner).filter(|_| owner == same) else {
        return false;
    };
    let together = |list: &crate::ir::OwnedList| {
        let has = |stage: StageId| list.stages.iter().any(|(member, _)| *member == stage);
        (has(one.id), has(other.id))
    };
    let choice = owner.owned.iter().all(|list| {
        matches!(
            list.role,
            Role::Route(_) | Role::DefaultRoute | Role::True | Role::False
        )
    });
    choice
        && owner
            .owned
            .iter()
            .map(together)
            .all(|pair| pair != (true, true))
}
