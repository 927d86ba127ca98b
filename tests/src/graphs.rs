//! Pipelines whose shape is what counts: chains, joins, fan-outs, lists of a loop.
//!
//! Enters: a number of stages. Leaves: the text of a pipeline of stages that compute nothing to
//! speak of. Must not know what is measured.

use serde_json::{Value, json};

/// Each stage depends on the one before it.
#[must_use]
pub fn chain(count: usize) -> String {
    let before = |number: usize| number.checked_sub(1).map(id);
    let stages = (0..count).map(|number| stage(&id(number), &Vec::from_iter(before(number))));
    pipeline(stages.collect())
}

/// One stage depends on all others.
#[must_use]
pub fn join(count: usize) -> String {
    let mut stages = apart(count);
    stages.push(stage("end", &ids(count)));
    pipeline(stages)
}

/// All other stages depend on one.
#[must_use]
pub fn fan_out(count: usize) -> String {
    let first = "first".to_owned();
    let mut stages = vec![stage(&first, &[])];
    stages.extend((0..count).map(|number| stage(&id(number), std::slice::from_ref(&first))));
    pipeline(stages)
}

/// A loop over one item runs all other stages.
#[must_use]
pub fn loop_body(count: usize) -> String {
    let each = json!({"id": "each", "component_type": "foreach",
                      "config": {"items": [1], "loop_stages": ids(count)}});
    let mut stages = vec![each];
    stages.extend(apart(count));
    pipeline(stages)
}

fn pipeline(stages: Vec<Value>) -> String {
    json!({"id": "graph", "name": "graph", "stages": stages}).to_string()
}

fn apart(count: usize) -> Vec<Value> {
    ids(count).iter().map(|id| stage(id, &[])).collect()
}

fn ids(count: usize) -> Vec<String> {
    (0..count).map(id).collect()
}

fn id(number: usize) -> String {
    format!("s{number}")
}

fn stage(id: &str, after: &[String]) -> Value {
    json!({"id": id, "component_type": "json-transform", "depends_on": after,
           "config": {"data": {}, "template": {"n": 1}}})
}
