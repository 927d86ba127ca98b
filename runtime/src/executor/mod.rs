//! Runs a pipeline: decides what starts when, starts it, and handles its end.
//!
//! Enters: a pipeline, an input, an environment. Leaves: the outcome of the run. `schedule`
//! decides; it is pure: events in, actions out. `drive` does what it decides, and rests where it
//! says so. Everything outside the run is reached through `drive::effects`. Must not know the
//! command line.

pub(crate) mod drive;

pub(crate) mod schedule;

pub use drive::PRESETS;

#[cfg(test)]
pub(crate) mod tests;
