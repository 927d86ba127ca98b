//! Names that nothing defines, or that mean nothing at their place (family 03).
//!
//! Enters: the uses of names that the model keeps. Leaves: one finding for each mistake; it is at
//! the definition when the definition is what is misspelt. Must not know types.

pub(super) mod loop_stage_outside;

mod misspelt_definition;

pub(super) mod missing;

pub(super) mod unknown_pipeline;

pub(super) mod unknown_stage;
