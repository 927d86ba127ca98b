//! Runs a pipeline: what starts when, with what, and what its end means for the rest.
//!
//! Enters: a pipeline, an input, an environment. Leaves: the run's outcome. The decisions are
//! in `schedule` (pure: events in, actions out); `drive` does what it says and rests where it
//! is told to; everything that reaches the world goes through `drive::effects`.

pub(crate) mod drive;

pub(crate) mod schedule;

pub use drive::PRESETS;

#[cfg(test)]
pub(crate) mod tests;
