//! Runs a pipeline: what starts when, with what, and what its end means for the rest.
//!
//! Enters: a pipeline, an input, an environment. Leaves: the run's outcome. The decisions are
//! in `machine` (pure: events in, actions out); everything asynchronous is in `drive`.

pub(crate) mod place;

pub(crate) mod store;
