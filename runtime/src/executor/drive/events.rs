//! The events of a run.
//!
//! Enters: nothing. Leaves: events with the names of their stages, and the fields of their lines on
//! standard error. Must not decide anything.

use fmc_expr::Value;

use crate::{
    base::{
        fault::StageError,
        object::{int, object},
    },
    run::site::{InstanceName, Usage},
};

/// An event.
#[derive(Debug)]
pub(crate) enum Event<'a> {
    /// The run begins.
    RunStarted {
        run_id: &'a str,
        pipeline_id: &'static str,
        version: &'static str,
    },
    /// The run is over.
    RunEnded {
        run_id: &'a str,
        status: &'static str,
        elapsed_ms: u64,
        usage: Usage,
    },
    /// Something happened to a stage.
    Stage {
        name: &'a InstanceName,
        /// The indices of the iterations around the stage, the outermost first.
        iterations: &'a [usize],
        what: Happened<'a>,
    },
}

/// What happened to a stage.
#[derive(Debug)]
pub(crate) enum Happened<'a> {
    Started {
        component: &'static str,
    },
    /// An attempt ended. `retry_in_ms` is set when another one follows.
    Attempted {
        attempt: u32,
        elapsed_ms: u64,
        error: Option<&'a StageError>,
        retry_in_ms: Option<u64>,
    },
    Ended {
        status: &'static str,
        attempts: u32,
        elapsed_ms: u64,
        error: Option<&'a StageError>,
    },
    Skipped {
        reason: &'a str,
    },
}

impl Event<'_> {
    /// The value of the field `event`.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::RunStarted { .. } => "run_start",
            Self::RunEnded { .. } => "run_end",
            Self::Stage { what, .. } => match what {
                Happened::Started { .. } => "stage_start",
                Happened::Attempted { .. } => "attempt",
                Happened::Ended { .. } => "stage_end",
                Happened::Skipped { .. } => "stage_skip",
            },
        }
    }

    /// The other fields. Those that are null are left out of the line.
    pub(crate) fn fields(&self) -> Vec<(&'static str, Value)> {
        match self {
            Self::RunStarted {
                run_id,
                pipeline_id,
                version,
            } => vec![
                ("run_id", Value::from(*run_id)),
                ("pipeline", Value::from(*pipeline_id)),
                ("version", Value::from(*version)),
            ],
            Self::RunEnded {
                run_id,
                status,
                elapsed_ms,
                usage,
            } => vec![
                ("run_id", Value::from(*run_id)),
                ("status", Value::from(*status)),
                ("elapsed_ms", int(*elapsed_ms)),
                ("model_calls", int(usage.calls)),
                ("input_tokens", int(usage.input_tokens)),
                ("output_tokens", int(usage.output_tokens)),
            ],
            Self::Stage {
                name,
                iterations,
                what,
            } => {
                let mut fields = standing(name, iterations);
                fields.extend(what.fields());
                fields
            }
        }
    }
}

/// The fields that say which stage it was, and in which iteration.
fn standing(name: &InstanceName, iterations: &[usize]) -> Vec<(&'static str, Value)> {
    let path = iterations.iter().map(|index| int(*index));
    let innermost = path.clone().next_back().unwrap_or_default();
    let nested = iterations.len() > 1;
    let all = nested.then(|| Value::list(path.collect()));
    vec![
        ("stage", Value::from(name.stage_id)),
        ("iteration", innermost),
        ("iterations", all.unwrap_or_default()),
    ]
}

impl Happened<'_> {
    fn fields(&self) -> Vec<(&'static str, Value)> {
        let error = |error: Option<&StageError>| error.map_or(Value::Null, error_object);
        match self {
            Self::Started { component } => vec![("component", Value::from(*component))],
            Self::Attempted {
                attempt,
                elapsed_ms,
                error: failed,
                retry_in_ms,
            } => {
                let status = if failed.is_some() {
                    "failed"
                } else {
                    "succeeded"
                };
                vec![
                    ("attempt", int(*attempt)),
                    ("status", Value::from(status)),
                    ("elapsed_ms", int(*elapsed_ms)),
                    ("error", error(*failed)),
                    ("retry_in_ms", retry_in_ms.map_or(Value::Null, int)),
                ]
            }
            Self::Ended {
                status,
                attempts,
                elapsed_ms,
                error: failed,
            } => vec![
                ("status", Value::from(*status)),
                ("attempt", int(*attempts)),
                ("elapsed_ms", int(*elapsed_ms)),
                ("error", error(*failed)),
            ],
            Self::Skipped { reason } => vec![
                ("status", Value::from("skipped")),
                ("reason", Value::from(*reason)),
            ],
        }
    }
}

fn error_object(fault: &StageError) -> Value {
    object([
        ("type", Value::from(fault.kind.name())),
        ("message", Value::from(fault.message.as_str())),
        ("status_code", fault.status_code.map_or(Value::Null, int)),
    ])
}
