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

use std::process::ExitCode;

use args::Command;
use fmc_expr::outside::{json, layout, line, message};
use print::print;

use crate::{
    host::{bug, out},
    plan::PipelinePlan,
};

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
    let (what, status) = match bug::caught(|| execute(pipeline, &arguments)) {
        Ok(Ok(status)) => return status,
        Ok(Err(message)) => (message, ExitCode::from(USAGE)),
        Err(bug) => (bug, ExitCode::FAILURE),
    };
    out::error(&message(&format!("{}: {what}", pipeline.id)));
    status
}

fn execute(pipeline: &'static PipelinePlan, arguments: &[String]) -> Result<ExitCode, String> {
    args::parse(arguments).and_then(|command| match command {
        Command::Run(args) => run::run(pipeline, &args),
        Command::Describe => {
            let described = describe::describe(pipeline).to_json_pretty();
            Ok(print(&json(&described)))
        }
        Command::Help => {
            let help = args::help(&line(pipeline.id), &line(&title(pipeline)));
            Ok(print(&layout(&help, false)))
        }
        Command::Version => Ok(print(&line(&title(pipeline)))),
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
