//! Checks of a whole pipeline: a list of passes, run in order.
//!
//! Enters: a model, and the ids of the project's other pipelines when they are known. Leaves:
//! findings. Each file is one defect; the folders are names, types, order, and shape (settings
//! without effect). Must not change the model.

mod names;

mod order;

mod shape;

mod types;

use crate::{diagnostics::Found, model::Model};

/// What a pass checks.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The pipeline.
    pub model: &'a Model,
    /// The ids of the project's pipelines; `None` when they are not known.
    pub pipelines: Option<&'a [String]>,
}

/// A pass: checks a pipeline and adds findings.
type Pass = fn(Subject<'_>, &mut Found);

/// Passes that run for every pipeline.
const ALWAYS: &[Pass] = &[
    shape::no_effect::run,
    names::unknown_stage::run,
    names::missing::run,
    names::unknown_pipeline::run,
];

/// Passes about the graph that run for every pipeline.
const GRAPH: &[Pass] = &[
    order::self_dependency::run,
    order::ownership_cycle::run,
    order::dependency_cycle::run,
    order::owned_twice::run,
    order::two_loops::run,
    order::conflicting_owners::run,
];

/// Passes that run only when all owners are known and no `GRAPH` pass found anything. They would
/// report the same mistake again: a stage whose owners form a cycle also "can never run".
const SOUND: &[Pass] = &[
    order::never_runs::run,
    order::unordered_read::run,
    names::loop_stage_outside::run,
    types::output_mismatch::run,
];

/// Runs every pass.
pub fn run(subject: Subject<'_>, found: &mut Found) {
    let all = |passes: &[Pass], found: &mut Found| {
        for pass in passes {
            pass(subject, found);
        }
    };
    all(ALWAYS, found);
    let before = found.len();
    all(GRAPH, found);
    let trust = &subject.model.trust;
    // A cycle over a guessed dependency is not reported, because it may exist only through the
    // guess.
    let hidden = || trust.has_guesses() && order::dependency_cycle::exists(subject.model);
    if found.len() == before && !trust.ownership.is_lost() && !hidden() {
        all(SOUND, found);
    }
}
