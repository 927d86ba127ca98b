//! `fmc run`: builds a pipeline (or takes it from the cache) and becomes its process.
//!
//! Enters: a pipeline, and flags for its binary. Leaves: whatever the binary does; exit status and
//! signals are the binary's own. Must not know what the flags mean, except `--input`.

use std::{ffi::OsString, path::PathBuf, process::Command};

use clap::Args;

use super::{Global, Outcome, build, buildable::Buildable};
use crate::driver::{Progress, cache::Cache, host::Disk, program, workspace::Workspace};

/// Build a pipeline and run it
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  fmc run incident.json --input alert.json --env-file .env\n  \
                  fmc run incident.json --input '{\"severity\": \"high\"}' --mock mocks.json\n\n\
                  Flags after the pipeline go to its binary, except `--profile`. Without \
                  `--input` the pipeline's `sample_input` is used."
)]
pub(super) struct Arguments {
    /// How to build the binary
    #[arg(long, value_enum)]
    profile: Option<build::ProfileName>,
    /// The pipeline file
    #[arg(value_name = "PIPELINE")]
    pipeline: PathBuf,
    /// Flags for the binary: --input, --env-file, --mock, --events, --timeout …
    #[arg(
        value_name = "FLAGS",
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    flags: Vec<OsString>,
}

/// Runs `fmc run`.
pub(super) fn run(arguments: &Arguments, global: &Global) -> Outcome {
    let host = Disk;
    let Some(pipeline) = Buildable::open(
        &mut Workspace::default(),
        &host,
        &arguments.pipeline,
        global,
    )?
    else {
        return Ok(1);
    };
    let Some(program) = build::generate(&pipeline, global) else {
        return Ok(1);
    };
    let cache = Cache::locate()?;
    let profile = build::profile(arguments.profile, &pipeline);
    let mut progress = Progress::new(global.quiet);
    let binary = program::build(&cache, &program, profile, &mut progress)?;
    let mut command = Command::new(&binary);
    command.arg("run").args(&arguments.flags);
    become_process(&mut command)
}

#[cfg(unix)]
fn become_process(command: &mut Command) -> Outcome {
    use std::os::unix::process::CommandExt as _;
    let error = command.exec();
    Err(not_started(command, &error))
}

#[cfg(not(unix))]
fn become_process(command: &mut Command) -> Outcome {
    let status = command
        .status()
        .map_err(|error| not_started(command, &error))?;
    Ok(status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(1))
}

fn not_started(command: &Command, error: &std::io::Error) -> String {
    format!(
        "cannot start `{}`: {error}",
        command.get_program().to_string_lossy()
    )
}
