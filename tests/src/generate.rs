//! Pipelines of any size, for benches and tests about size.
//!
//! Enters: a number of stages. Leaves: the text of a pipeline similar to the reference ones: a
//! chain of transforms, requests and log lines, each of which reads the transform before it. Must
//! not know what is measured.

use serde_json::{Map, Value, json};

/// A kind of stage: its name, its component, and a function that makes its settings from its number
/// and the expression that it reads.
type Kind = (&'static str, &'static str, fn(usize, &str) -> Value);

/// A transform, two requests and a log line, repeated.
const ANY: &[Kind] = &[
    ("transform", "json-transform", transform),
    ("request", "http-request", request),
    ("log", "logger", log),
    ("notify", "http-request", notify),
];

/// Stages that need no network.
const LOCAL: &[Kind] = &[
    ("transform", "json-transform", transform),
    ("log", "logger", log),
];

/// As [`ANY`], but no two expressions are equal except plain reads.
const VARIED: &[Kind] = &[
    ("transform", "json-transform", varied_transform),
    ("request", "http-request", request),
    ("log", "logger", log),
    ("notify", "http-request", notify),
];

/// The smallest stage that computes something.
const SMALL: &[Kind] = &[("add", "json-transform", add)];

/// A pipeline with this many stages, as JSON text.
#[must_use]
pub fn pipeline(stages: usize) -> String {
    text("generated", ANY, stages)
}

/// As [`pipeline`], with stages that need no network, so that it can be run.
#[must_use]
pub fn local_pipeline(stages: usize) -> String {
    text("local", LOCAL, stages)
}

/// As [`pipeline`], but no two stages compute the same.
#[must_use]
pub fn varied_pipeline(stages: usize) -> String {
    text("varied", VARIED, stages)
}

/// A chain of stages that add one to a number.
#[must_use]
pub fn small_pipeline(stages: usize) -> String {
    text("small", SMALL, stages)
}

fn text(id: &str, kinds: &[Kind], stages: usize) -> String {
    let input = json!({"n": 1, "id": "i-1", "severity": "critical", "service": "payments", "items": [1, 2]});
    let stages: Vec<_> = kinds.iter().cycle().take(stages).enumerate().collect();
    let mut source = "input".to_owned();
    let mut before = None;
    let mut written = Vec::new();
    for (at, (name, component, settings)) in stages {
        let id = format!("{name}-{at}");
        let mut stage = Map::new();
        stage.insert("id".to_owned(), json!(id));
        stage.insert("component_type".to_owned(), json!(component));
        stage.insert("config".to_owned(), settings(at, &source));
        if let Some(before) = before.replace(id.clone()) {
            stage.insert("depends_on".to_owned(), json!([before]));
        }
        if *name == "transform" {
            source = format!("upstream.{id}");
        }
        written.push(Value::Object(stage));
    }
    let pipeline = json!({
        "id": id,
        "name": "Generated",
        "version": "1.0.0",
        "sample_input": input,
        "stages": written,
    });
    format!("{pipeline:#}")
}

/// `{{expression}}`
fn template(expression: &str) -> String {
    ["{{", expression, "}}"].concat()
}

fn transform(at: usize, source: &str) -> Value {
    json!({
        "data": template(source),
        "template": {
            "id": "{{data.id}}",
            "severity": "{{data.severity or 'unknown'}}",
            "service": "{{data.service or 'none'}}",
            "urgent": "{{data.severity in ['critical', 'high']}}",
            "items": "{{[x + 1 for x in data.items or [] if x < 100]}}",
            "step": at,
        },
    })
}

fn varied_transform(at: usize, source: &str) -> Value {
    let next = at + 100;
    json!({
        "data": template(source),
        "template": {
            "id": "{{data.id}}",
            "severity": template(&format!("data.severity or 'unknown {at}'")),
            "service": template(&format!("data.service or 'none {at}'")),
            "urgent": template(&format!("data.severity in ['critical', 'high', '{at}']")),
            "items": template(&format!("[x + {at} for x in data.items or [] if x < {next}]")),
            "step": at,
        },
    })
}

fn add(_at: usize, source: &str) -> Value {
    json!({"data": template(source), "template": {"n": "{{data.n + 1}}"}})
}

fn request(_at: usize, source: &str) -> Value {
    let service = template(&format!("{source}.service"));
    let id = template(&format!("{source}.id"));
    json!({
        "url": format!("{{{{env.API_URL}}}}/services/{service}/incidents/{id}"),
        "method": "GET",
        "headers": {"Authorization": "Bearer {{env.API_TOKEN}}"},
        "timeout": 5000,
    })
}

fn log(at: usize, source: &str) -> Value {
    let service = template(&format!("{source}.service"));
    let severity = template(&format!("{source}.severity"));
    json!({
        "message": format!("step {at}: {service} is {severity}"),
        "data": template(source),
    })
}

fn notify(_at: usize, source: &str) -> Value {
    let color = format!("'danger' if {source}.severity == 'critical' else 'warning'");
    json!({
        "url": "{{env.SLACK_WEBHOOK}}",
        "method": "POST",
        "timeout": 5000,
        "body": {
            "text": format!("[{}]", template(&format!("{source}.severity"))),
            "color": template(&color),
            "count": template(&format!("len({source}.items)")),
        },
    })
}
