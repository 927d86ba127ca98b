//! The scheduler: a state machine without tasks or time (language reference, section 6).
//!
//! Enters: the stages of a pipeline, and how started stages ended. Leaves: actions, in an order
//! that depends only on these events. Must not know components, clocks or tasks.

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
