//! Names that nothing has, or that mean nothing where they stand (family 03).
//!
//! Enters: the uses of names that a model keeps. Leaves: one finding a mistake, at the definition
//! where that is what is misspelt.

pub(super) mod loop_stage_outside;

mod misspelt_definition;

pub(super) mod missing;

pub(super) mod unknown_pipeline;

pub(super) mod unknown_stage;
