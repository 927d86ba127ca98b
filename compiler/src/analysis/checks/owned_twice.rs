//! FMC0606: a stage twice in one list; it runs at most once.
//!
//! Enters: the IR. Leaves: one finding for each second mention.

use super::name;
use crate::{
    diagnostics::{Code, Diagnostic},
    ir::Ir,
};

pub(in crate::analysis) fn run(ir: &Ir, found: &mut Vec<Diagnostic>) {
    for list in ir.stages.iter().flat_map(|stage| &stage.owned) {
        for (at, (member, span)) in list.stages.iter().enumerate() {
            let first = list
                .stages
                .iter()
                .take(at)
                .find(|(earlier, _)| earlier == member);
            if let Some((_, first)) = first {
                let message = format!(
                    "`{}` stands in this list twice, and runs once",
                    name(ir, *member)
                );
                found.push(
                    Diagnostic::new(Code::OwnedTwice, *span, message).related(*first, "first here"),
                );
            }
        }
    }
}
