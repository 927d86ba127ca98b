//! What is wrong with the types of a whole pipeline (family 05); types of expressions and settings are
//! judged where they are inferred.
//!
//! Enters: a model. Leaves: where it has each defect.

pub(super) mod output_mismatch;
