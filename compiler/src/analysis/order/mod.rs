//! What is wrong with the order of stages and with who selects whom (family 06).
//!
//! Enters: the graph of a model. Leaves: where it has each defect. A check must not know the others,
//! nor the order they run in.

pub(super) mod conflicting_owners;

pub(super) mod dependency_cycle;

pub(super) mod never_runs;

pub(super) mod owned_twice;

pub(super) mod ownership_cycle;

pub(super) mod self_dependency;

pub(super) mod two_loops;

pub(super) mod unordered_read;
