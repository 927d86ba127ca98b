//! The scheduler: a state machine without tasks or time (language reference, section 6).
//!
//! Enters: a pipeline's shape, and what became of the stages it started. Leaves: actions, in an
//! order that depends on nothing but those events. Must not know components, clocks or tasks.

pub(crate) mod graph;

pub(crate) mod machine;

pub(crate) mod types;

mod blocks;

mod cells;

mod frames;

mod ready;

mod rests;

#[cfg(test)]
mod tests;
