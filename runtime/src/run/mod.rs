//! One run, and the place of a stage in it.
//!
//! Enters: what a run is given, outputs of stages, variables. Leaves: what an expression and a
//! component can reach. Must not know pipelines, components or which stage runs next: of a
//! stage it holds ids and facts.

pub(crate) mod site;

pub(crate) mod store;
