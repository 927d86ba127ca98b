//! Defects in the types of a whole pipeline (family 05). The types of single expressions and
//! settings are checked by `infer`.
//!
//! Enters: a model. Leaves: findings.

pub(super) mod output_mismatch;
