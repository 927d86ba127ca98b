//! Inputs and outputs must fit their schemas; only allowed hosts are called.

use std::fs;

use fmc_tests::{Answer, Pipeline, Program, Server, fmc};
use serde_json::{Value, json};

fn echo(schemas: &[(&str, Value)]) -> Program {
    let config = json!({"template": "{{input}}"});
    let stage = json!({"id": "echo", "component_type": "json-transform", "config": config});
    let pipeline = Pipeline::of("echo", &json!([stage]));
    let fields = schemas.iter().cloned();
    let pipeline = fields.fold(pipeline, |pipeline, (field, schema)| {
        pipeline.set(field, schema)
    });
    pipeline.build()
}

fn schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "n": {"type": "integer", "minimum": 5},
            "s": {"type": "string", "pattern": "^a"},
            "o": {"$ref": "#/$defs/o"},
            "u": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": "none"}
        },
        "required": ["n"],
        "$defs": {"o": {"type": "array", "items": {"type": "string"}, "minItems": 1}}
    })
}

#[test]
fn the_check_of_an_input_ends_at_the_time_limit_of_the_run() {
    let program = echo(&[(
        "input_schema",
        json!({"type": "object", "properties": {"items": {"uniqueItems": true}}}),
    )]);
    let input = json!({"items": (0..50_000).collect::<Vec<_>>()});
    let ended = program
        .run()
        .input(&input)
        .arg("--timeout")
        .arg("1ms")
        .finish();
    assert_eq!(ended.code(), 2, "{}", ended.stderr);
    let refusal = "input: cannot be checked to its end";
    assert!(ended.stderr.contains(refusal), "{}", ended.stderr);
}

#[test]
fn an_input_that_does_not_fit_is_bad_usage_with_every_mistake() {
    let program = echo(&[("input_schema", schema())]);
    let ended = program.run().input(&json!({"n": 5})).finish();
    assert_eq!(ended.output(), json!({"n": 5, "u": "none"}));
    let input = json!({"n": 1, "s": "b", "o": [1], "u": 5});
    let ended = program.run().input(&input).finish();
    assert_eq!(ended.code(), 2);
    for part in [
        "input.n: expected at least 5, found 1",
        "input.s: expected text that matches `^a`, found \"b\"",
        "input.o[0]: expected `string`, found `int` 1",
        "input.u: 5 fits none of the alternatives",
    ] {
        assert!(ended.stderr.contains(part), "{}", ended.stderr);
    }
}

#[test]
fn an_output_that_does_not_fit_fails_the_run() {
    let program = echo(&[("output_schema", schema())]);
    let ended = program.run().input(&json!({"n": 7})).finish();
    assert_eq!(ended.output(), json!({"n": 7}));
    let ended = program.run().input(&json!({"n": 1})).finish();
    assert_eq!((ended.code(), ended.stdout.as_str()), (1, ""));
    let said =
        "ValidationError: the output does not fit `output_schema`: output.n: expected at least 5";
    assert!(ended.stderr.contains(said), "{}", ended.stderr);
}

#[test]
fn hosts_that_the_project_does_not_name_are_not_called() {
    let server = Server::start().on("*", "*", [Answer::status(200)]);
    let folder = tempfile::tempdir().unwrap();
    let pipeline = folder.path().join("p.json");
    let text = Pipeline::request("p", &json!({"url": "{{env.BASE}}/x"})).text();
    fs::write(&pipeline, text).unwrap();
    let config = "[http]\nallow-hosts = [\"127.0.0.1\"]\n";
    fs::write(folder.path().join("fmc.toml"), config).unwrap();
    let run = |base: &str, arguments: &[&str]| {
        let output = fmc::command()
            .arg("run")
            .arg(&pipeline)
            .args(arguments)
            .env("BASE", base)
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    assert_eq!(run(&server.url(), &[]).0, Some(0));
    let (code, said) = run(&server.url_by_name(), &[]);
    let refusal = "host `localhost` is not allowed; `allow-hosts` of `fmc.toml` names `127.0.0.1`";
    assert!(code == Some(1) && said.contains(refusal), "{said}");
    // The command line can restrict what the project allows, but not extend it.
    let (code, _) = run(&server.url_by_name(), &["--allow-host", "localhost"]);
    assert_eq!(code, Some(1));
    let (code, said) = run(&server.url(), &["--allow-host", "localhost"]);
    assert!(
        code == Some(1) && said.contains("`--allow-host` names `localhost`"),
        "{said}"
    );
    assert_eq!(server.sequence().len(), 1);
}
