//! What a run tells people and programs while it runs: log lines and events.
//!
//! Enters: facts of a run. Leaves: lines on standard error, with secrets masked. Must not decide
//! anything about the run.

pub(crate) mod level;

pub(crate) mod log;

mod reporter;

pub(crate) use level::Level;
pub(crate) use reporter::{LogFormat, Reporter, Sink};
