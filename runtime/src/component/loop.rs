//! `loop`: splits a list into batches. It runs no stages; `foreach` does.
//!
//! Enters: `items`, `batch_size`, `max_iterations`, `start_index`. Leaves: `batches`,
//! `total_items`, `total_batches`, `has_more`, `metadata`. Must not know other stages.

use fmc_expr::Value;

use crate::{
    base::object::{int, object},
    base::{
        fault::{Outcome, StageError},
        preset::Preset,
    },
    component::contract::{Call, Component, Work},
};

const BATCH_SIZE: Preset<u64> = Preset::new("batch_size", 1);
const START_INDEX: Preset<u64> = Preset::new("start_index", 0);

/// `loop`
pub static LOOP: Component = Component {
    name: "loop",
    side_effect: false,
    presets: &[BATCH_SIZE.row(), START_INDEX.row()],
    run: |call| Work::Done(run(&call)),
    preflight: None,
};

fn run(call: &Call) -> Outcome {
    let settings = &call.settings;
    let items = settings.required_list(call.site.cx(), "items")?;
    let size = usize::try_from(settings.count_or(BATCH_SIZE)?).unwrap_or(usize::MAX);
    let limit = settings.count("max_iterations")?;
    let limit = limit.map_or(usize::MAX, |limit| {
        usize::try_from(limit).unwrap_or(usize::MAX)
    });
    let start = usize::try_from(settings.count_or(START_INDEX)?).unwrap_or(usize::MAX);
    if size == 0 {
        return Err(StageError::config(
            "field `batch_size`: expected `int of 1 or more`, found `int` 0",
        ));
    }
    call.site.charge(items.len() as u64)?;
    let rest = items.get(start..).unwrap_or_default();
    let batches: Vec<_> = rest
        .chunks(size)
        .take(limit)
        .map(|batch| Value::list(batch.to_vec()))
        .collect();
    let batched = rest.len().min(size.saturating_mul(limit));
    let done = start.min(items.len()) + batched;
    let metadata = object([
        ("start_index", int(start)),
        ("batch_size", int(size)),
        ("items_processed", int(done)),
        ("items_remaining", int(items.len() - done)),
    ]);
    Ok(object([
        ("total_batches", int(batches.len())),
        ("batches", Value::list(batches)),
        ("total_items", int(items.len())),
        ("has_more", Value::Bool(done < items.len())),
        ("metadata", metadata),
    ]))
}
