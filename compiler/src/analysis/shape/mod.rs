//! What a stage says in vain (family 04).
//!
//! Enters: a model. Leaves: where it has each defect.

pub(super) mod no_effect;
