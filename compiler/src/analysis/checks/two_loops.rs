//! FMC0607: a stage in the bodies of two loops.
//!
//! Enters: the IR. Leaves: one finding for each loop after the first.

use super::name;
use crate::{
    diagnostics::{Code, Diagnostic},
    ir::{Ir, Role, StageId},
    source::Span,
};

pub(in crate::analysis) fn run(ir: &Ir, found: &mut Vec<Diagnostic>) {
    let mut first: Vec<(StageId, StageId, Span)> = Vec::new();
    for owner in &ir.stages {
        let bodies = owner.owned.iter().filter(|list| list.role == Role::Body);
        for &(member, span) in bodies.flat_map(|list| &list.stages) {
            match first.iter().find(|(known, ..)| *known == member) {
                None => first.push((member, owner.id, span)),
                Some((_, other, _)) if *other == owner.id => {}
                Some((_, other, place)) => {
                    let member = name(ir, member);
                    let message = format!(
                        "`{member}` is in the bodies of two loops, `{}` and `{}`",
                        name(ir, *other),
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
