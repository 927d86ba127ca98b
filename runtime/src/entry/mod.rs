//! The command line of a built binary.
//!
//! Enters: arguments, environment, standard input. Leaves: output, messages, exit status.
//! Must not know how stages are run.

pub(crate) mod environment;

use std::process::ExitCode;

use crate::plan::Pipeline;

/// Runs a built binary.
#[must_use]
pub fn main(pipeline: &'static Pipeline) -> ExitCode {
    eprintln!("{}: running is not in this version", pipeline.id);
    ExitCode::from(2)
}
