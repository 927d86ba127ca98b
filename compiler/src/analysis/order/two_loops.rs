//! FMC0607: a stage is in the bodies of two loops.
//!
//! Enters: the model. Leaves: one finding for each loop after the first. Must not know expressions.

use std::collections::HashMap;

use crate::{
    analysis::Subject,
    catalogue::StageList,
    diagnostics::{Code, Diagnostic, Found},
    ir::StageId,
    source::Span,
};

pub(in crate::analysis) fn run(Subject { model, .. }: Subject<'_>, found: &mut Found) {
    let mut first: HashMap<StageId, (StageId, Span)> = HashMap::new();
    for owner in &model.stages {
        let bodies = owner
            .owned
            .iter()
            .filter(|list| list.role.is(StageList::Body));
        for &(member, span) in bodies.flat_map(|list| &list.stages) {
            match first.get(&member) {
                None => {
                    first.insert(member, (owner.id, span));
                }
                Some((other, _)) if *other == owner.id => {}
                Some((other, place)) => {
                    let member = model.name(member);
                    let message = format!(
                        "`{member}` is in the bodies of two loops, `{}` and `{}`",
                        model.name(*other),
                        owner.name.value
                    );
                    found.push(
                        Diagnostic::new(Code::TwoLoops, span, message)
                            .related(*place, "in this body already")
                            .help("each loop needs stages of its own"),
                    );
                }
            }
        }
    }
}
