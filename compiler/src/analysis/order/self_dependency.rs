//! FMC0604: a stage or pipeline waits for itself.
//!
//! Enters: the model. Leaves: one finding for each stage in its own `depends_on` or lists, and one
//! for each place where the pipeline runs or extends itself. Must not know expressions.

use crate::{
    analysis::Subject,
    diagnostics::{Code, Diagnostic, Found},
};

pub(in crate::analysis) fn run(Subject { model, .. }: Subject<'_>, found: &mut Found) {
    for stage in &model.stages {
        let owned = stage.owned.iter().flat_map(|list| &list.stages);
        let places = stage
            .depends_on
            .iter()
            .map(|dependency| (dependency.stage, dependency.span, "waits for"))
            .chain(owned.map(|(member, span)| (*member, *span, "selects")));
        for (other, span, verb) in places {
            if other == stage.id {
                let message = format!("`{}` {verb} itself", stage.name.value);
                found.push(
                    Diagnostic::new(Code::SelfDependency, span, message)
                        .related(stage.name.span, "the stage"),
                );
            }
        }
    }
    let own = &model.ast.id.value;
    let runs = model.subpipelines().map(|place| (place, "runs"));
    for ((id, span), verb) in runs.chain(model.parent().map(|place| (place, "extends"))) {
        if id == own {
            let message = format!("the pipeline `{own}` {verb} itself");
            found.push(Diagnostic::new(Code::SelfDependency, span, message));
        }
    }
}
