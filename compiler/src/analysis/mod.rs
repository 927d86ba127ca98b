//! Judgements about a whole pipeline: an ordered list of passes.
//!
//! Enters: a model, and the ids of the project's other pipelines where they are known. Leaves:
//! findings. One defect a file, by what it is about: names, types, order, and what has no effect.
//! Must not change the model.

mod names;

mod order;

mod shape;

mod types;

use crate::{diagnostics::Diagnostic, model::Model};

/// What a pass looks at.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The pipeline.
    pub model: &'a Model,
    /// The ids of the project's pipelines; none where nobody knows them.
    pub pipelines: Option<&'a [String]>,
}

/// A pass: looks at a pipeline and says what is wrong.
type Pass = fn(Subject<'_>, &mut Vec<Diagnostic>);

/// What is judged of every pipeline.
const ALWAYS: &[Pass] = &[
    shape::no_effect::run,
    names::unknown_stage::run,
    names::missing::run,
    names::unknown_pipeline::run,
];

/// What is judged of every graph.
const GRAPH: &[Pass] = &[
    order::self_dependency::run,
    order::ownership_cycle::run,
    order::dependency_cycle::run,
    order::owned_twice::run,
    order::two_loops::run,
    order::conflicting_owners::run,
];

/// What is only judged where all owners are known, of a graph without the defects above: a stage
/// whose owners are in a cycle would be told a second time, as one that can never run.
const SOUND: &[Pass] = &[
    order::never_runs::run,
    order::unordered_read::run,
    names::loop_stage_outside::run,
    types::output_mismatch::run,
];

/// Runs every pass.
pub fn run(subject: Subject<'_>, found: &mut Vec<Diagnostic>) {
    let all = |passes: &[Pass], found: &mut Vec<Diagnostic>| {
        for pass in passes {
            pass(subject, found);
        }
    };
    all(ALWAYS, found);
    let before = found.len();
    all(GRAPH, found);
    let trust = &subject.model.trust;
    // A cycle over a guessed dependency has no finding, for it may be the guess's.
    let hidden = || trust.has_guesses() && order::dependency_cycle::exists(subject.model);
    if found.len() == before && !trust.ownership.is_lost() && !hidden() {
        all(SOUND, found);
    }
}
