//! The command line of a built binary.
//!
//! Enters: arguments, environment, standard input. Leaves: output, messages, exit status. Must not
//! know how stages are run.

mod args;

mod describe;

pub(crate) mod failure;

mod input;

mod print;

mod run;

mod signals;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use args::Command;
use print::print;

use crate::{host::bug, plan::PipelinePlan};

/// The exit status for bad usage, bad input or a missing environment variable.
const USAGE: u8 = 2;

/// Runs a built binary. The `main` of every generated program calls only this.
#[must_use]
pub fn main(pipeline: &'static PipelinePlan) -> ExitCode {
    let arguments: Vec<_> = std::env::args_os()
        .skip(1)
        .map(|arg| arg.to_string_lossy().into_owned())
        .collect();
    bug::quiet();
    let (message, status) = match bug::caught(|| execute(pipeline, &arguments)) {
        Ok(Ok(status)) => return status,
        Ok(Err(message)) => (message, ExitCode::from(USAGE)),
        Err(bug) => (bug, ExitCode::FAILURE),
    };
    let _ = writeln!(io::stderr(), "{}: {message}", pipeline.id);
    status
}

fn execute(pipeline: &'static PipelinePlan, arguments: &[String]) -> Result<ExitCode, String> {
    args::parse(arguments).and_then(|command| match command {
        Command::Run(args) => run::run(pipeline, &args),
        Command::Describe => Ok(print(&describe::describe(pipeline).to_json_pretty())),
        Command::Help => Ok(print(&args::help(pipeline.id, &title(pipeline)))),
        Command::Version => Ok(print(&title(pipeline))),
    })
}

fn title(pipeline: &PipelinePlan) -> String {
    let PipelinePlan {
        id,
        version,
        compiler,
        ..
    } = pipeline;
    let blank = if version.is_empty() { "" } else { " " };
    format!("{id}{blank}{version} (built by fmc {compiler})")
}
