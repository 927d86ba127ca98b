//! The state of one run, and the site of a stage in it.
//!
//! Enters: what a run is given, outputs of stages, variables. Leaves: everything that expressions
//! and components can read. Must not know pipelines, components, or which stage runs next; it knows
//! ids of stages and facts about them.

pub(crate) mod memo;

pub(crate) mod site;

pub(crate) mod store;
