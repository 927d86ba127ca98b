//! One defect a file.
//!
//! Enters: the IR. Leaves: where it has the defect. A check must not know the others, nor the
//! order they run in.

pub(super) mod conflicting_owners;

pub(super) mod dependency_cycle;

pub(super) mod loop_stage_outside;

pub(super) mod never_runs;

pub(super) mod output_mismatch;

pub(super) mod owned_twice;

pub(super) mod ownership_cycle;

pub(super) mod self_dependency;

pub(super) mod two_loops;

pub(super) mod unordered_read;

use crate::ir::{Ir, StageId};

/// The id of a stage as written.
fn name(ir: &Ir, stage: StageId) -> &str {
    ir.stage(stage)
        .map_or("", |stage| stage.name.value.as_str())
}
