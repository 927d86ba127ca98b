//! FMC0604: a stage that waits for itself.
//!
//! Enters: the IR. Leaves: one finding for each stage in its own `depends_on` or lists.

use crate::{
    diagnostics::{Code, Diagnostic},
    ir::Ir,
};

pub(in crate::analysis) fn run(ir: &Ir, found: &mut Vec<Diagnostic>) {
    for stage in &ir.stages {
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
}
