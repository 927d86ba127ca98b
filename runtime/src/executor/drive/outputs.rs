//! Outputs that the driver makes itself: those of blocks, failures and fallbacks.
//!
//! Enters: how a block or a stage ended. Leaves: the value that later stages read. Must not decide
//! anything.

use fmc_expr::{Map, Str, Value, cx::VALUE_BYTES};

use crate::{
    base::{
        fault::{Outcome, StageError},
        object::{int, object},
    },
    executor::drive::decide::Items,
    plan::{StageKind, StagePlan},
    run::site::{Run, Site},
    scope::{Own, Scope},
};

/// The variables of an iteration.
pub(crate) fn iteration(kind: &StageKind, item: Value, index: usize, total: usize) -> Map {
    let mut variables = Map::new();
    if let StageKind::Foreach {
        item: item_name,
        index: index_name,
        ..
    } = kind
    {
        variables.insert(Str::from_static("loop_index"), int(index));
        variables.insert(Str::from_static("loop_total"), int(total));
        variables.insert(Str::from_static(index_name), int(index));
        variables.insert(Str::from_static(item_name), item);
    }
    variables
}

/// The output of a trycatch that did not fail. `error` is the failure that it caught.
pub(crate) fn tried(error: Option<Value>) -> Value {
    let part = |name| {
        let part = error.as_ref().and_then(|error| error.get(name));
        part.cloned().unwrap_or_default()
    };
    object([
        (
            "status",
            Value::from(if error.is_some() { "caught" } else { "success" }),
        ),
        ("error_occurred", Value::Bool(error.is_some())),
        ("error_message", part("message")),
        ("error_type", part("type")),
        ("recovered", Value::Bool(error.is_some())),
    ])
}

/// The output of a `foreach` that ran to its end.
pub(crate) fn iterated(items: &Items, results: Vec<Value>, failed: usize) -> Value {
    object([
        ("results", Value::list(results)),
        ("total_items", int(items.total)),
        ("processed_items", int(items.kept.len())),
        ("failed_items", int(failed)),
        ("skipped_items", int(items.total - items.kept.len())),
        ("is_complete", Value::Bool(true)),
    ])
}

/// A failure as the name `error` shows it. Secrets are masked, because it is often sent somewhere.
pub(crate) fn error_value(run: &Run, stage_id: &'static str, fault: &StageError) -> Value {
    let message = run.reporter.mask.text(&fault.message);
    object([
        ("message", Value::from(message.as_ref())),
        ("type", Value::from(fault.kind.name())),
        ("stage_id", Value::from(stage_id)),
        ("status_code", fault.status_code.map_or(Value::Null, int)),
    ])
}

/// The fallback output of a stage with `on_error: continue`.
pub(crate) fn fallback(stage: &StagePlan, site: &Site) -> Outcome {
    match stage.fallback {
        Some(render) => render(&Scope::new(site, Own::default())),
        None => Ok(Value::Null),
    }
}

/// Whether a value takes more than so many bytes, if its shared parts are counted each time. Looks
/// at no more of it than that.
pub(crate) fn is_larger(value: &Value, bytes: u64) -> bool {
    let mut left = bytes;
    !takes(value, &mut left)
}

/// Takes the size of a value from what is left. False when not enough is left.
fn takes(value: &Value, left: &mut u64) -> bool {
    let own = value.as_str().map_or(0, str::len) as u64;
    let Some(rest) = left.checked_sub(VALUE_BYTES + own) else {
        return false;
    };
    *left = rest;
    match value {
        Value::List(items) => items.iter().all(|item| takes(item, left)),
        Value::Object(entries) => entries.iter().all(|(key, item)| {
            *left = left.saturating_sub(key.len() as u64);
            takes(item, left)
        }),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) => true,
    }
}
