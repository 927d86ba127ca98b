//! Judgements about a whole pipeline: an ordered list of passes.
//!
//! Enters: an IR. Leaves: findings about order and control flow (family 06), loops read from
//! outside, outputs that cannot match their schema. One file a defect in `checks`. Must not
//! change the IR.

mod checks;

use crate::{
    diagnostics::{Code, Diagnostic},
    ir::Ir,
};

/// A pass: looks at the IR and says what is wrong.
type Pass = fn(&Ir, &mut Vec<Diagnostic>);

/// What is judged of every pipeline.
const SHAPE: &[Pass] = &[
    checks::self_dependency::run,
    checks::ownership_cycle::run,
    checks::dependency_cycle::run,
    checks::owned_twice::run,
    checks::two_loops::run,
    checks::conflicting_owners::run,
];

/// What is only judged of a graph without the defects above, which would be said again.
const ORDER: &[Pass] = &[
    checks::never_runs::run,
    checks::loop_stage_outside::run,
    checks::unordered_read::run,
    checks::output_mismatch::run,
];

/// Runs every pass.
#[must_use]
pub fn run(ir: &Ir) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for pass in SHAPE {
        pass(ir, &mut found);
    }
    let sound = found.is_empty() && !ir.facts.uncertain;
    if ir.facts.guessed.contains(&true) {
        // A circle may be the guess's.
        found.retain(|found| found.code != Code::DependencyCycle);
    }
    if sound {
        for pass in ORDER {
            pass(ir, &mut found);
        }
    }
    found
}
