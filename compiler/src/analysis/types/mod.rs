//! Defects in the types of a whole pipeline (family 05). The types of single expressions and
//! settings are checked by `infer`.
//!
//! Enters: a model. Leaves: findings. Must not know how types were inferred.

pub(super) mod output_mismatch;
