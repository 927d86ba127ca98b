//! Runs a pipeline: what starts when, with what, and what its end means for the rest.
//!
//! Enters: a pipeline, an input, an environment. Leaves: the run's outcome. The decisions are
//! in `machine` (pure: events in, actions out); everything asynchronous is in `drive`.

pub(crate) mod place;

pub(crate) mod store;

pub(crate) mod graph;

pub(crate) mod state;

pub(crate) mod machine;

pub(crate) mod control;

pub(crate) mod drive;

pub(crate) mod mock;

pub(crate) mod record;

mod stages;

pub(crate) mod retry;

mod cells;

mod ready;

mod blocks;

#[cfg(test)]
pub(crate) mod tests;
