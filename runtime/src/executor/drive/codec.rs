//! Writes faults, outcomes and decisions as values, and reads them again, maybe in another process.
//!
//! Enters: the outcome of an attempt, or the decision of a control stage. Leaves: JSON objects that
//! have the version of their format. Stages are written by id, because their indices change when
//! the pipeline does. Reading gives `None` when the version or the format is another. Must not know
//! where the objects are kept.

use fmc_expr::Value;

use crate::{
    base::{
        fault::{ErrorType, Fault, Outcome, StageError},
        object::{int, object},
    },
    executor::{
        drive::decide::{Decision, Ending, Items},
        schedule::types::{Done, ForeachSettings, TrySettings},
    },
    plan::StagePlan,
    run::store::StageIndex,
};

/// The version of all formats here. It must be changed when an older reader would misread an
/// object.
const VERSION: i64 = 1;

/// Writes an outcome.
pub(crate) fn outcome(outcome: &Outcome) -> Value {
    let (key, value) = match outcome {
        Ok(output) => ("output", output.clone()),
        Err(fault) => ("fault", fault_fields(fault)),
    };
    object([("version", int(VERSION)), (key, value)])
}

/// Reads an outcome.
pub(crate) fn read_outcome(value: &Value) -> Option<Outcome> {
    let value = of_version(value)?;
    match value.get("fault") {
        Some(fault) => Some(Err(read_fault(fault)?)),
        None => Some(Ok(value.get("output")?.clone())),
    }
}

/// Writes a decision.
pub(crate) fn decision(decision: &Decision, stages: &[StagePlan]) -> Value {
    let items = decision.items.as_ref().map(|items| {
        object([
            ("kept", Value::list(items.kept.clone())),
            ("total", int(items.total)),
            ("collect", Value::Bool(items.collect)),
        ])
    });
    let ending = decision.ending.as_ref().map(|ending| {
        object([
            ("value", ending.value.clone()),
            ("failed", Value::Bool(ending.failed)),
            ("message", text(ending.message.as_deref())),
        ])
    });
    // A list with one or no element, because an output of null is not the same as no output.
    let output = decision.output.iter().cloned().collect();
    object([
        ("version", int(VERSION)),
        ("done", done_fields(&decision.done, stages)),
        ("output", Value::list(output)),
        ("items", items.unwrap_or_default()),
        ("ending", ending.unwrap_or_default()),
    ])
}

/// Reads a decision. `None` also when it names a stage that is not in `stages`.
pub(crate) fn read_decision(value: &Value, stages: &[StagePlan]) -> Option<Decision> {
    let value = of_version(value)?;
    let items = present(value, "items").map(|items| {
        Some(Items {
            kept: items.get("kept")?.as_list()?.to_vec(),
            total: number(items.get("total")?)?,
            collect: boolean(items.get("collect")?)?,
        })
    });
    let ending = present(value, "ending").map(|ending| {
        Some(Ending {
            value: ending.get("value")?.clone(),
            failed: boolean(ending.get("failed")?)?,
            message: present(ending, "message").and_then(owned),
        })
    });
    Some(Decision {
        done: read_done(value.get("done")?, stages)?,
        output: value.get("output")?.as_list()?.first().cloned(),
        items: whole(items)?,
        ending: whole(ending)?,
    })
}

fn fault_fields(fault: &StageError) -> Value {
    object([
        ("type", Value::from(fault.kind.name())),
        ("message", Value::from(fault.message.as_str())),
        ("status_code", fault.status_code.map_or(Value::Null, int)),
        (
            "retry_after_ms",
            fault.retry_after_ms.map_or(Value::Null, int),
        ),
        (
            "last",
            fault
                .last
                .map_or(Value::Null, |last| Value::from(last.name())),
        ),
        ("body", text(fault.body.as_deref())),
        ("null", Value::Bool(fault.null)),
    ])
}

fn read_fault(value: &Value) -> Option<Fault> {
    let named = |name: &Value| ErrorType::named(name.as_str()?);
    let mut fault = StageError::new(named(value.get("type")?)?, value.get("message")?.as_str()?);
    fault.status_code = whole(present(value, "status_code").map(number))?;
    fault.retry_after_ms = whole(present(value, "retry_after_ms").map(number))?;
    fault.last = whole(present(value, "last").map(named))?;
    fault.body = whole(present(value, "body").map(owned))?;
    fault.null = boolean(value.get("null")?)?;
    Some(fault)
}

fn done_fields(done: &Done, stages: &[StagePlan]) -> Value {
    match done {
        Done::Plain => object([("is", Value::from("plain"))]),
        Done::Select(selected) => {
            let ids = selected
                .iter()
                .filter_map(|index| stages.get(*index as usize));
            let ids = ids.map(|stage| Value::from(stage.id)).collect();
            object([("is", Value::from("select")), ("stages", Value::list(ids))])
        }
        Done::Try(settings) => {
            let types = settings.catch_types.iter();
            let types = types.map(|name| Value::from(name.as_str())).collect();
            object([
                ("is", Value::from("try")),
                ("propagate", Value::Bool(settings.propagate)),
                ("catch_types", Value::list(types)),
                ("max_retries", int(settings.max_retries)),
                ("retry_delay_ms", int(settings.retry_delay_ms)),
            ])
        }
        Done::Foreach(settings) => object([
            ("is", Value::from("foreach")),
            ("count", int(settings.count)),
            ("parallel", int(settings.parallel)),
            ("break_on_error", Value::Bool(settings.break_on_error)),
        ]),
    }
}

fn read_done(value: &Value, stages: &[StagePlan]) -> Option<Done> {
    let list = |key: &str| value.get(key)?.as_list();
    Some(match value.get("is")?.as_str()? {
        "plain" => Done::Plain,
        "select" => {
            let ids = list("stages")?.iter().map(|id| {
                let id = id.as_str()?;
                let index = stages.iter().position(|stage| stage.id == id)?;
                StageIndex::try_from(index).ok()
            });
            Done::Select(ids.collect::<Option<_>>()?)
        }
        "try" => Done::Try(TrySettings {
            propagate: boolean(value.get("propagate")?)?,
            catch_types: list("catch_types")?
                .iter()
                .map(owned)
                .collect::<Option<_>>()?,
            max_retries: number(value.get("max_retries")?)?,
            retry_delay_ms: number(value.get("retry_delay_ms")?)?,
        }),
        "foreach" => Done::Foreach(ForeachSettings {
            count: number(value.get("count")?)?,
            parallel: number(value.get("parallel")?)?,
            break_on_error: boolean(value.get("break_on_error")?)?,
        }),
        _ => return None,
    })
}

fn of_version(value: &Value) -> Option<&Value> {
    let version: i64 = number(value.get("version")?)?;
    (version == VERSION).then_some(value)
}

fn present<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    value.get(key).filter(|value| !value.is_null())
}

/// For a value that may be missing: `Some(None)` when it was missing, `None` when it could not be
/// read.
fn whole<T>(read: Option<Option<T>>) -> Option<Option<T>> {
    match read {
        None => Some(None),
        Some(None) => None,
        Some(some) => Some(some),
    }
}

fn text(text: Option<&str>) -> Value {
    text.map_or(Value::Null, Value::from)
}

fn owned(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn boolean(value: &Value) -> Option<bool> {
    let Value::Bool(value) = value else {
        return None;
    };
    Some(*value)
}

fn number<T: TryFrom<i64>>(value: &Value) -> Option<T> {
    let Value::Int(number) = value else {
        return None;
    };
    T::try_from(*number).ok()
}

#[cfg(test)]
#[path = "tests/codec.rs"]
mod tests;
