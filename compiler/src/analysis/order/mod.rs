//! Defects in the order of stages and in who selects whom (family 06).
//!
//! Enters: the graph of a model. Leaves: findings. A check must not know the other checks, nor the
//! order in which they run.

pub(super) mod conflicting_owners;

pub(super) mod dependency_cycle;

pub(super) mod never_runs;

pub(super) mod owned_twice;

pub(super) mod ownership_cycle;

pub(super) mod self_dependency;

pub(super) mod two_loops;

pub(super) mod unordered_read;
