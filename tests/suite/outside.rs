//! Text from outside is shown, and steers nothing: no terminal, no log, no build that reads it.

use std::{fs, path::Path};

use fmc_tests::{Ended, Pipeline, fmc};
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
    assert!(list.stderr.contains("and 99980 more"), "{}", list.stderr);
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

/// What `fmc` writes in a folder, on both streams.
fn fmc_says(folder: &Path, arguments: &[&str]) -> (String, String) {
    let mut command = fmc::command();
    let output = command
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

/// A file whose folder, names and texts are hostile.
#[cfg(unix)]
#[test]
fn findings_steer_nothing_in_any_format() {
    let folder = tempfile::tempdir().unwrap();
    let hostile = HOSTILE.replace(['/', '\0'], "");
    let inner = folder.path().join(format!("dir{hostile}\n::error::z"));
    fs::create_dir(&inner).unwrap();
    let stage = |id: &str| json!({"id": id, "component_type": "logger", "config": {"message": "x", HOSTILE: "{{upstream.forged\u{1b}}}"}, HOSTILE: 1});
    let text = json!({"id": "p", "name": HOSTILE, "stages": [stage(HOSTILE), stage(HOSTILE), stage("[a](https://forged)")]});
    fs::write(inner.join("::error::a.json"), text.to_string()).unwrap();
    fs::write(folder.path().join("::error::forged.json"), text.to_string()).unwrap();
    for format in ["human", "oneline", "json", "sarif"] {
        let (found, said) = fmc_says(folder.path(), &["check", "--format", format]);
        harmless(format, &found);
        quiet(format, &said);
        assert!(!found.contains("\\u{1b}[3") || format != "json", "{found}");
        if format == "sarif" {
            let document: Value = serde_json::from_str(&found).unwrap();
            let results = document["runs"][0]["results"].to_string();
            assert!(
                results.contains("forged") && !results.contains("](https"),
                "{results}"
            );
        }
    }
    let (found, _) = fmc_says(folder.path(), &["check", "--format", "github"]);
    for line in found.lines() {
        let command = line.starts_with("::error file=") || line.starts_with("::warning file=");
        assert!(
            command && !line.contains('\u{1b}') && !line.contains("##["),
            "{line}"
        );
    }
    let colour = fmc_says(folder.path(), &["check", "--color", "always"]).0;
    // Between our own codes of colours there is nothing that steers.
    let mut parts = colour.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    let plain = parts.fold(first, |plain, part| plain + part.split_once('m').unwrap().1);
    harmless("colour", &plain.replace("##", ""));
    let (found, said) = fmc_says(folder.path(), &["check", "--fix", "."]);
    quiet("fix", &found);
    quiet("fix", &said);
}

#[test]
fn arguments_and_expressions_steer_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let option = format!("--{HOSTILE}");
    let scope = format!("{HOSTILE}=1");
    let expression = format!("'{HOSTILE}' + 1");
    for arguments in [
        &["check", HOSTILE][..],
        &["check", &option],
        &[HOSTILE],
        &["explain", HOSTILE],
        &["build", HOSTILE],
        &["run", HOSTILE],
        &["env", HOSTILE],
        &["check", "--format", HOSTILE],
        &["check", "--deny", HOSTILE],
        &["eval", HOSTILE],
        &["eval", &expression],
        &["eval", "--scope", &scope, "1"],
        &["eval", "--data", HOSTILE, "1"],
    ] {
        let (result, said) = fmc_says(folder.path(), arguments);
        quiet(&format!("{arguments:?}"), &result);
        quiet(&format!("{arguments:?}"), &said);
        assert!(said.len() > 20, "{arguments:?}: {said}");
    }
    let scope = format!("data={}", json!({ HOSTILE: HOSTILE }));
    let (result, _) = fmc_says(folder.path(), &["eval", "--scope", &scope, "data"]);
    harmless("eval", &result);
    let read: Value = serde_json::from_str(&result).unwrap();
    assert_eq!(read, json!({ HOSTILE: HOSTILE }));
    let (shown, _) = fmc_says(
        folder.path(),
        &["eval", "--type", "--scope", &scope, "data"],
    );
    harmless("type", &shown);
    assert_eq!(shown.lines().count(), 1, "{shown}");
    let (_, said) = fmc_says(folder.path(), &["eval", "timestamp('x' * 60000000)"]);
    assert!(said.len() < 10_000, "{} bytes", said.len());
}
