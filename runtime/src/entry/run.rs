//! `NAME run`: one run from the command line.
//!
//! Enters: options. Leaves: the output on standard output, or the report of a failure on
//! standard error, and the exit status. Everything that can be wrong beforehand is said before
//! the first stage runs.

use std::{
    cell::RefCell,
    io::{self, IsTerminal},
    process::ExitCode,
    rc::Rc,
};

use fmc_expr::Value;

use super::{
    args::{Color, RunArgs},
    environment::Environment,
    input, print, signals,
};
use crate::{
    clock::{self, Started},
    component::{Component, Preflight},
    executor::{
        control,
        drive::{self, Options, RunEnd, RunResult, Signal},
        place::{Place, Shared},
        store::{ROOT, Store},
    },
    mask::Mask,
    plan::{Kind, Pipeline},
    report::{
        Level, LogFormat, Reporter, Sink,
        failure::{self, Style},
    },
};

const MAX_CONCURRENCY: usize = 32;
const GRACE_MS: u64 = 30_000;

/// Runs the pipeline once.
///
/// # Errors
/// One line for bad input, a missing variable, an unreadable file.
pub(crate) fn run(pipeline: &'static Pipeline, args: &RunArgs) -> Result<ExitCode, String> {
    let variables = args.env_file.as_deref().map(input::variables).transpose()?;
    let environment = Environment::of_process(variables.unwrap_or_default());
    let mocks = args
        .mock
        .as_deref()
        .map(|path| input::mocks(path, pipeline))
        .transpose()?;
    let input = input::input(args.input.as_deref(), pipeline)?;
    let shared = Rc::new(share(pipeline, args, environment, input));
    // With mocks a pipeline can be tried with nothing around it: unset variables are null.
    if mocks.is_none() {
        preflight(&shared)?;
    }
    let options = Options {
        max_concurrency: args.max_concurrency.unwrap_or(MAX_CONCURRENCY),
        timeout_ms: args.timeout_ms,
        grace_ms: args.grace_ms.unwrap_or(GRACE_MS),
        mocks: mocks.map(Rc::new),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| format!("cannot start: {error}"))?;
    begin(&shared);
    let end = runtime.block_on(async {
        let signals = signals::signals();
        drive::run(Rc::clone(&shared), options, signals).await
    });
    // A name lookup that hangs must not keep the process.
    runtime.shutdown_background();
    Ok(finish(&shared, &end, args.color))
}

/// What is wrong with variables that are not set.
fn unset(missing: &[&'static str]) -> Option<String> {
    let names: Vec<_> = missing.iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => None,
        [one] => Some(format!("the environment variable {one} is not set")),
        several => Some(format!(
            "these environment variables are not set: {}",
            several.join(", ")
        )),
    }
}

fn share(
    pipeline: &'static Pipeline,
    args: &RunArgs,
    environment: Environment,
    input: Value,
) -> Shared {
    let format = if args.events {
        LogFormat::Json
    } else {
        LogFormat::Text
    };
    let reporter = Reporter {
        mask: Mask::new(environment.secrets(pipeline.env)),
        sink: Sink::Stderr,
        events: args.events,
        format: args.log_format.unwrap_or(format),
        level: args.log_level.unwrap_or(Level::Info),
    };
    Shared {
        pipeline,
        run_id: clock::run_id(),
        started: Started::now(),
        input,
        environment,
        reporter,
        store: RefCell::new(Store::new()),
        usage: RefCell::default(),
        allow_hosts: args.allow_hosts.clone(),
        #[cfg(feature = "http")]
        http: crate::component::http::client::Clients::default(),
    }
}

/// What the run needs before anything runs: every complaint at once.
fn preflight(shared: &Rc<Shared>) -> Result<(), String> {
    let pipeline = shared.pipeline;
    let mut complaints = Vec::from_iter(unset(&shared.environment.missing(pipeline.env)));
    for stage in pipeline.stages.iter().filter(|stage| stage.enabled) {
        let Kind::Leaf(Component {
            preflight: Some(check),
            ..
        }) = stage.kind
        else {
            continue;
        };
        let place = Place {
            shared: Rc::clone(shared),
            frame: ROOT,
            stage,
            attempt: 1,
            last_attempt: true,
            error: Value::Null,
        };
        // Settings that cannot be rendered at all fail the stage, if it is ever reached.
        let Ok((settings, unknown)) = control::settings_ahead(&place) else {
            continue;
        };
        let preflight = Preflight {
            settings,
            unknown,
            environment: &shared.environment,
        };
        if let Err(complaint) = check(&preflight) {
            let complaint = shared.reporter.mask.text(&complaint).into_owned();
            complaints.push(format!("`{}`: {complaint}", stage.id));
        }
    }
    if complaints.is_empty() {
        Ok(())
    } else {
        Err(complaints.join("; "))
    }
}

fn begin(shared: &Shared) {
    shared.reporter.event(
        "run_start",
        [
            ("run_id", Value::from(shared.run_id.as_str())),
            ("pipeline", Value::from(shared.pipeline.id)),
            ("version", Value::from(shared.pipeline.version)),
        ],
    );
}

fn finish(shared: &Shared, end: &RunEnd, color: Color) -> ExitCode {
    let (status, code) = match &end.result {
        RunResult::Completed(_) => ("completed", 0),
        RunResult::Unfit(_)
        | RunResult::Failed { .. }
        | RunResult::Refused(..)
        | RunResult::TimedOut(_) => ("failed", 1),
        RunResult::Interrupted(Signal::Interrupt) => ("interrupted", 130),
        RunResult::Interrupted(Signal::Terminate) => ("interrupted", 143),
    };
    let int = |number: u64| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
    shared.reporter.event(
        "run_end",
        [
            ("run_id", Value::from(shared.run_id.as_str())),
            ("status", Value::from(status)),
            ("elapsed_ms", int(end.elapsed_ms)),
            ("model_calls", int(end.usage.calls)),
            ("input_tokens", int(end.usage.input_tokens)),
            ("output_tokens", int(end.usage.output_tokens)),
        ],
    );
    let style = Style {
        color: match color {
            Color::Auto => io::stderr().is_terminal(),
            Color::Always => true,
            Color::Never => false,
        },
    };
    let mask = &shared.reporter.mask;
    if let Some(report) = failure::report(shared.pipeline, &shared.run_id, end, mask, style) {
        shared.reporter.line(&report);
    }
    let output = match &end.result {
        RunResult::Completed(value) => value,
        RunResult::Refused(_, ending) => &ending.value,
        _ => return ExitCode::from(code),
    };
    let text = if io::stdout().is_terminal() {
        output.to_json_pretty()
    } else {
        output.to_json()
    };
    let printed = print(&text);
    if code == 0 {
        printed
    } else {
        ExitCode::from(code)
    }
}

#[cfg(all(test, feature = "http"))]
#[path = "tests/run.rs"]
mod tests;
