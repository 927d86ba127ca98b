//! `NAME run`: one run from the command line.
//!
//! Enters: options. Leaves: the output on standard output, or the report of a failure on standard
//! error; and the exit status. Everything that can be checked before the run is reported before the
//! first stage runs. Must not know how stages are run.

use std::{cell::RefCell, process::ExitCode, rc::Rc, sync::Arc};

use fmc_expr::{
    Value,
    outside::{json, layout},
};

#[cfg(feature = "http")]
use crate::host::http::{Network, allowed::Allowed, client::Clients};
use crate::{
    component::{Component, Preflight},
    entry::{
        args::{Color, RunArgs},
        failure::{self, Style},
        input,
        print::print,
        signals::{self, Watched},
    },
    executor::drive::{
        self, Options, RunEnd, RunResult, Signal, decide,
        effects::{Effects as _, Here},
        events::Event,
    },
    host::{
        clock::System,
        deadline::{Deadline, Limits},
        environment::Environment,
        mask::Mask,
        out,
        report::{Level, LogFormat, Reporter, Sink},
        world::{self, World},
    },
    plan::{PipelinePlan, StageKind},
    run::{
        site::{Budget, Run, Site},
        store::{ROOT, Store},
    },
};

const MAX_CONCURRENCY: usize = 32;
const GRACE_MS: u64 = 30_000;

/// What all runs of one process share.
#[derive(Debug)]
struct Process {
    system: System,
    #[cfg(feature = "http")]
    clients: Rc<Clients>,
}

impl Process {
    #[cfg_attr(not(feature = "http"), expect(unused_variables))]
    fn new(pipeline: &PipelinePlan, args: &RunArgs) -> Self {
        Self {
            system: System::new(),
            #[cfg(feature = "http")]
            clients: Rc::new(Clients::new(Allowed::new(
                pipeline.allow_hosts,
                &args.allow_hosts,
            ))),
        }
    }
}

/// A run that is ready to begin.
struct Prepared {
    pipeline: &'static PipelinePlan,
    run: Rc<Run>,
    effects: Rc<Here>,
}

/// Runs the pipeline once.
///
/// # Errors
/// One line about bad input, a missing variable, or a file that cannot be read.
pub(crate) fn run(pipeline: &'static PipelinePlan, args: &RunArgs) -> Result<ExitCode, String> {
    let variables = args.env_file.as_deref().map(input::variables).transpose()?;
    let environment = Environment::of_process(variables.unwrap_or_default());
    // A complaint about an input or a mock file quotes it.
    let mask = Mask::new(environment.secrets(pipeline.env));
    let told = |complaint: String| mask.text(&complaint).into_owned();
    let mocks = args
        .mock
        .as_deref()
        .map(|path| input::mocks(path, pipeline))
        .transpose()
        .map_err(told)?;
    let process = Process::new(pipeline, args);
    // Until the run begins, signals have their usual effect.
    let end = args.timeout_ms.map(|ms| process.system.moment().after(ms));
    let end = Deadline::new(&Limits::new(process.system), end);
    let input = input::input(args.input.as_deref(), pipeline, end).map_err(told)?;
    let prepared = prepare(
        &process,
        pipeline,
        args,
        environment,
        mask.clone(),
        input.value,
    );
    if let Some(warning) = &input.warning {
        let run = &prepared.run;
        run.reporter.warn(&run.id, pipeline.id, warning);
    }
    // With mocks a pipeline can be tried without its environment: variables that are not set are
    // null.
    if mocks.is_none() {
        preflight(&prepared)?;
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
    let end = runtime.block_on(one_run(&prepared, options));
    prepared.run.limits.set_over();
    // A DNS lookup that hangs must not keep the process from ending.
    runtime.shutdown_background();
    let code = finish(&prepared, &end, args.color);
    // The process is about to end, which frees its memory at once. Freeing every output and the
    // input piece by piece would only make the caller wait.
    std::mem::forget((prepared, end));
    Ok(code)
}

async fn one_run(prepared: &Prepared, options: Options) -> RunEnd {
    let Prepared {
        pipeline,
        run,
        effects,
    } = prepared;
    effects.record(&Event::RunStarted {
        run_id: &run.id,
        pipeline_id: pipeline.id,
        version: pipeline.version,
    });
    let host = Rc::clone(effects);
    let watched = Watched {
        id: pipeline.id,
        limits: Arc::clone(&run.limits),
        grace_ms: options.grace_ms,
        timeout_ms: options.timeout_ms,
    };
    let signals = signals::signals(watched);
    let end = drive::run(pipeline, Rc::clone(run), host, options, signals).await;
    effects.record(&Event::RunEnded {
        run_id: &run.id,
        status: exit(&end.result).0,
        elapsed_ms: end.elapsed_ms,
        usage: end.usage,
    });
    end
}

/// The message about variables that are not set, or are empty.
fn unset(missing: &[&'static str], environment: &Environment) -> Option<String> {
    let is_empty = |name: &str| environment.get(name).is_some();
    let names = missing.iter().map(|name| match is_empty(name) {
        true => format!("`{name}` (empty)"),
        false => format!("`{name}`"),
    });
    let names: Vec<_> = names.collect();
    match missing {
        [] => None,
        [one] if is_empty(one) => Some(format!("the environment variable `{one}` is empty")),
        [one] => Some(format!("the environment variable `{one}` is not set")),
        _ => Some(format!(
            "these environment variables are not set: {}",
            names.join(", ")
        )),
    }
}

fn prepare(
    process: &Process,
    pipeline: &'static PipelinePlan,
    args: &RunArgs,
    environment: Environment,
    mask: Mask,
    input: Value,
) -> Prepared {
    let format = if args.events {
        LogFormat::Json
    } else {
        LogFormat::Text
    };
    let reporter = Reporter {
        system: process.system,
        mask,
        sink: Sink::Stderr,
        events: args.events,
        format: args.log_format.unwrap_or(format),
        level: args.log_level.unwrap_or(Level::Info),
    };
    let effects = Here::new(process.system, reporter.clone());
    let run = Run {
        id: world::run_id(&*effects),
        pipeline_id: pipeline.id,
        pipeline_version: pipeline.version,
        variables: pipeline.env,
        started: effects.moment(),
        limits: Limits::new(process.system),
        world: Rc::clone(&effects) as Rc<dyn World>,
        input,
        environment,
        #[cfg(feature = "http")]
        network: Network {
            clients: Rc::clone(&process.clients),
            mask: reporter.mask.clone(),
        },
        reporter,
        store: RefCell::new(Store::new()),
        usage: RefCell::default(),
    };
    Prepared {
        pipeline,
        run: Rc::new(run),
        effects,
    }
}

/// Checks what the run needs before any stage runs. The error has every problem, not only the
/// first.
fn preflight(prepared: &Prepared) -> Result<(), String> {
    let Prepared { pipeline, run, .. } = prepared;
    let deadline = Rc::new(Deadline::new(&run.limits, None));
    let mut complaints = Vec::from_iter(unset(
        &run.environment.missing(pipeline.env),
        &run.environment,
    ));
    for (index, stage) in (0..).zip(pipeline.stages) {
        let StageKind::Leaf(Component {
            preflight: Some(check),
            ..
        }) = stage.kind
        else {
            continue;
        };
        let site = Site {
            run: Rc::clone(run),
            frame: ROOT,
            stage: index,
            stage_id: stage.id,
            status_observed: stage.status_observed,
            attempt: 1,
            last_attempt: true,
            error: Value::Null,
            budget: Rc::new(Budget::new(run, &deadline)),
        };
        // If the settings cannot be rendered, the stage fails, but only if the run reaches it.
        let settings = decide::settings_ahead(stage, &site);
        let Some((settings, unknown)) = settings.ok().filter(|_| stage.enabled) else {
            continue;
        };
        let preflight = Preflight {
            settings,
            unknown,
            environment: &run.environment,
            cx: site.cx(),
        };
        if let Err(complaint) = check(&preflight) {
            let complaint = run.reporter.mask.text(&complaint).into_owned();
            complaints.push(format!("`{}`: {complaint}", stage.id));
        }
    }
    if complaints.is_empty() {
        Ok(())
    } else {
        Err(complaints.join("; "))
    }
}

/// The name of a result in events, and its exit status.
fn exit(result: &RunResult) -> (&'static str, u8) {
    match result {
        RunResult::Completed(_) => ("completed", 0),
        RunResult::Unfit(_)
        | RunResult::Failed { .. }
        | RunResult::Refused(..)
        | RunResult::TimedOut(_) => ("failed", 1),
        RunResult::Interrupted(Signal::Interrupt) => ("interrupted", 130),
        RunResult::Interrupted(Signal::Terminate) => ("interrupted", 143),
    }
}

fn finish(prepared: &Prepared, end: &RunEnd, color: Color) -> ExitCode {
    let Prepared { pipeline, run, .. } = prepared;
    let (_, code) = exit(&end.result);
    let style = Style {
        color: match color {
            Color::Auto => out::errors_on_terminal(),
            Color::Always => true,
            Color::Never => false,
        },
    };
    if let Some(report) = failure::report(pipeline, &run.id, end, &run.reporter.mask, style) {
        run.reporter.line(&layout(&report, style.color));
    }
    let output = match &end.result {
        RunResult::Completed(value) => value,
        RunResult::Refused(_, ending) => &ending.value,
        RunResult::Unfit(_)
        | RunResult::Failed { .. }
        | RunResult::TimedOut(_)
        | RunResult::Interrupted(_) => return ExitCode::from(code),
    };
    let text = if out::is_terminal() {
        output.to_json_pretty()
    } else {
        output.to_json()
    };
    let printed = print(&json(&text));
    if code == 0 {
        printed
    } else {
        ExitCode::from(code)
    }
}

#[cfg(all(test, feature = "http"))]
#[path = "tests/run.rs"]
mod tests;
