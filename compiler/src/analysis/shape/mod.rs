//! Settings of stages that do nothing (family 04).
//!
//! Enters: a model. Leaves: findings. Must not know the graph.

pub(super) mod no_effect;
