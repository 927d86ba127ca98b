//! Text from outside is shown, and steers nothing: no terminal, no log, no build that reads it.

use std::fs;

use fmc_tests::{Ended, Pipeline};
use serde_json::{Value, json};

/// Codes of a terminal, line ends, changes of the writing direction, and commands to a build.
const HOSTILE: &str = "X\u{1b}[31m\u{1b}]0;t\u{7}\r\u{8}\u{7f}\u{9b}2J\u{202e}\u{2028}\u{200b}\n::error::forged\n##[error]forged";

fn quiet(what: &str, text: &str) {
    let steers = |char: &char| {
        char.is_control() && !matches!(char, '\n' | '\t')
            || matches!(char, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{206f}' | '\u{feff}')
    };
    let found = text.chars().find(steers);
    assert_eq!(found, None, "{what}: {text:?}");
    for line in text.lines() {
        let line = line.trim_start();
        assert!(!line.starts_with("::"), "{what}: {text}");
        assert!(!line.contains("##["), "{what}: {text}");
    }
}

/// Nothing steers, and the hostile text is there all the same.
fn harmless(what: &str, text: &str) {
    quiet(what, text);
    assert!(text.contains("forged"), "{what}: {text}");
}

fn ended(what: &str, ended: &Ended) {
    quiet(what, &ended.stdout);
    harmless(what, &ended.stderr);
}

fn run(pipeline: &Pipeline, input: &Value) -> Ended {
    pipeline.build().run().input(input).finish()
}

#[test]
fn the_message_of_a_refusal_steers_nothing() {
    let pipeline = Pipeline::of(
        "refuses",
        &json!([{"id": "no", "component_type": "return", "config":
            {"status": "failed", "message": "{{input.why}}", "return_value": "{{input.why}}"}}]),
    );
    let refused = run(&pipeline, &json!({"why": HOSTILE}));
    ended("return", &refused);
    assert!(
        refused.stderr.contains(r"X\u{1b}[31m"),
        "{}",
        refused.stderr
    );
    assert!(
        refused.stdout.contains(r"X\u001b[31m"),
        "{}",
        refused.stdout
    );
}

#[test]
fn names_in_inputs_mocks_and_variables_steer_nothing() {
    let pipeline = Pipeline::of(
        "names",
        &json!([{"id": "one", "component_type": "json-transform", "config":
            {"template": {"a": "{{input.a}}"}}}]),
    )
    .set(
        "input_schema",
        json!({"type": "object", "properties": {"a": {}}, "additionalProperties": false}),
    );
    let program = pipeline.build();
    ended("input", &run(&pipeline, &json!({ HOSTILE: 1 })));
    ended(
        "mock",
        &program
            .run()
            .mock(&json!({ HOSTILE: {"output": 1} }))
            .finish(),
    );
    ended(
        "option",
        &program.run().arg(&format!("--x{HOSTILE}")).finish(),
    );
    ended("file", &program.run().arg("--mock").arg(HOSTILE).finish());
    ended(
        "inputs",
        &program.run().arg("--input").arg(HOSTILE).finish(),
    );
    let folder = tempfile::tempdir().unwrap();
    let variables = folder.path().join("variables");
    fs::write(
        &variables,
        format!("{}=1\n", HOSTILE.replace(['\n', '\r', '\u{2028}'], " ")),
    )
    .unwrap();
    let variables = variables.to_str().unwrap();
    ended(
        "variables",
        &program.run().arg("--env-file").arg(variables).finish(),
    );
}

#[test]
fn what_a_run_logs_and_returns_steers_nothing_and_means_the_same() {
    let pipeline = Pipeline::of(
        "logs",
        &json!([
            {"id": "say", "component_type": "logger", "config":
                {"message": "{{input.text}}", "data": {"{{input.text}}": "{{input.text}}"}}},
            {"id": "out", "component_type": "json-transform", "depends_on": ["say"], "config":
                {"template": {"text": "{{input.text}}"}}}]),
    );
    let input = json!({"text": HOSTILE});
    let events = run(&pipeline, &input);
    ended("events", &events);
    assert_eq!(events.output()["text"], HOSTILE);
    assert_eq!(events.logs()[0]["message"], HOSTILE);
    let program = pipeline.build();
    let text = program.run().input(&input).arg("--log-format").arg("text");
    let text = text.finish();
    ended("text", &text);
    let failing = Pipeline::of(
        "fails",
        &json!([{"id": "int", "component_type": "json-transform", "config":
            {"template": {"a": "{{ {'a': 1}[input.text] + int(input.text) }}"}}}]),
    );
    ended("error", &run(&failing, &input));
}

#[test]
fn messages_are_bounded_whatever_they_quote() {
    let pipeline = Pipeline::of(
        "bounded",
        &json!([{"id": "one", "component_type": "json-transform", "config":
            {"template": {"a": "{{ timestamp(input.text) }}"}}}]),
    )
    .set(
        "input_schema",
        json!({"properties": {"list": {"items": {"type": "string"}}, "text": {}}}),
    );
    let list = run(&pipeline, &json!({"list": vec![1; 100_000]}));
    assert!(
        list.stderr.contains("and 99980 more mistakes"),
        "{}",
        list.stderr
    );
    assert!(list.stderr.len() < 10_000, "{}", list.stderr.len());
    let text = run(&pipeline, &json!({"text": "x".repeat(6_000_000)}));
    assert!(text.stderr.len() < 20_000, "{}", text.stderr.len());
    let name = run(
        &pipeline.set(
            "input_schema",
            json!({"properties": {"text": {}}, "additionalProperties": false}),
        ),
        &json!({ "x".repeat(1_000_000): 1 }),
    );
    assert!(name.stderr.len() < 20_000, "{}", name.stderr.len());
}
