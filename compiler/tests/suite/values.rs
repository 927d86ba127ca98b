//! Values and their fields: which fit, which do not, and the types that decide it. One line for
//! each case, with the expected codes and the text each points to.

use std::time::{Duration, Instant};

use crate::support::{self, code_and_word};

/// The findings of a pipeline: the code, and the text of the span.
fn findings(text: &str) -> String {
    let findings = support::findings(text);
    let shown = findings.iter().map(|found| code_and_word(text, found));
    shown.collect::<Vec<_>>().join("; ")
}

const LOGGER: &str = r#"{"id": "l", "component_type": "logger", "config": {"message": "m"}}"#;

/// The findings of one stage, in a pipeline with a logger that it may own.
fn stage(component: &str, config: &str) -> String {
    findings(&format!(
        r#"{{"name": "x", "stages": [{{"id": "s", "component_type": "{component}", "config": {config}}}, {LOGGER}]}}"#
    ))
}

fn table(rows: &[(&str, &str, &str)], run: impl Fn(&str, &str) -> String) {
    let wrong: Vec<String> = rows
        .iter()
        .map(|(a, b, expected)| (a, b, run(a, b), expected))
        .filter(|(_, _, found, expected)| found != *expected)
        .map(|(a, b, found, expected)| format!("{a} {b}\n  found {found}\n  expected {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn values_fit_their_fields() {
    table(
        &[
            // Only a string that is exactly one template is converted.
            (
                "http-request",
                r#"{"url": "u", "timeout": "{{ input.x }}"}"#,
                "",
            ),
            (
                "http-request",
                r#"{"url": "u", "timeout": "{{ input.x }}00"}"#,
                "FMC0504 {{ input.x }}00",
            ),
            (
                "http-request",
                r#"{"url": "u", "headers": "a {{ input.x }}"}"#,
                "FMC0504 a {{ input.x }}",
            ),
            (
                "foreach",
                r#"{"items": "x {{ input.x }}", "loop_stages": ["l"]}"#,
                "FMC0504 x {{ input.x }}",
            ),
            (
                "http-request",
                r#"{"url": "u", "timeout": 0.5}"#,
                "FMC0411 0.5",
            ),
            // Choices of words.
            ("http-request", r#"{"url": "u", "method": 5}"#, "FMC0410 5"),
            (
                "http-request",
                r#"{"url": "u", "method": "{{ 'FETCH' }}"}"#,
                "FMC0504 {{ 'FETCH' }}",
            ),
            (
                "http-request",
                r#"{"url": "u", "method": "{{ 'get' if input.x else 'PUT' }}"}"#,
                "",
            ),
            (
                "http-request",
                r#"{"url": "u", "method": "X{{ input.x }}"}"#,
                "FMC0504 X{{ input.x }}",
            ),
            (
                "http-request",
                r#"{"url": "u", "method": "p{{ input.x }}"}"#,
                "",
            ),
            (
                "trycatch",
                r#"{"try_stages": ["l"], "catch_error_types": ["TimeoutError", "TIMEOUT"]}"#,
                "",
            ),
            (
                "trycatch",
                r#"{"try_stages": ["l"], "catch_error_types": ["TimeotError"]}"#,
                "FMC0411 TimeotError",
            ),
            (
                "trycatch",
                r#"{"try_stages": ["l"], "catch_error_types": ["{{ input.x }}", 5]}"#,
                "FMC0410 5",
            ),
            // Entries.
            (
                "generator",
                r#"{"prompt": "p", "stop_sequences": ["a", 5]}"#,
                "FMC0410 5",
            ),
            (
                "selector",
                r#"{"options": ["a", {"label": "b"}, "{{ input.x }}", 5]}"#,
                "FMC0410 5",
            ),
            (
                "json-transform",
                r#"{"mapping": {"a": "b.c", "d": 5}}"#,
                "FMC0410 5",
            ),
            // Conditions.
            (
                "conditional",
                r#"{"condition": 5, "true_stages": ["l"]}"#,
                "FMC0410 5",
            ),
            (
                "conditional",
                r#"{"condition": [], "true_stages": ["l"]}"#,
                "FMC0410 []",
            ),
            (
                "conditional",
                r#"{"condition": true, "true_stages": ["l"]}"#,
                "",
            ),
            // Stages.
            (
                "foreach",
                r#"{"items": [1], "loop_stages": []}"#,
                "FMC0411 []",
            ),
            ("trycatch", r#"{"try_stages": []}"#, "FMC0411 []"),
            ("router", r#"{"value": 1, "routes": {"a": []}}"#, ""),
            (
                "router",
                r#"{"value": 1, "routes": {"{{ input.a }}": ["l"]}}"#,
                "FMC0413 {{ input.a }}",
            ),
            // Names.
            (
                "foreach",
                r#"{"items": [1], "loop_stages": ["l"], "item_variable": "an-item"}"#,
                "",
            ),
            (
                "foreach",
                r#"{"items": [1], "loop_stages": ["l"], "item_variable": 5}"#,
                "FMC0410 5",
            ),
            (
                "foreach",
                r#"{"items": [1], "loop_stages": ["l"], "item_variable": "a b"}"#,
                "FMC0411 a b",
            ),
            (
                "foreach",
                r#"{"items": [1], "loop_stages": ["l"], "item_variable": "input"}"#,
                "FMC0411 input",
            ),
            (
                "foreach",
                r#"{"items": [1], "loop_stages": ["l"], "index_variable": "run_id"}"#,
                "FMC0411 run_id",
            ),
            (
                "variable-set",
                r#"{"name": "a b", "value": 1}"#,
                "FMC0411 a b",
            ),
            // Schemas.
            (
                "schema-validate",
                r#"{"data": 1, "schema": 5}"#,
                "FMC0416 5",
            ),
            (
                "schema-validate",
                r#"{"data": 1, "schema": {"type": "strin"}}"#,
                r#"FMC0416 "strin""#,
            ),
            (
                "schema-validate",
                r#"{"data": 1, "schema": {"pattern": "("}}"#,
                "FMC0416 (",
            ),
            (
                "schema-validate",
                r#"{"data": 1, "schema": "{{ input.x }}"}"#,
                "",
            ),
        ],
        |component, config| {
            // What cannot be built yet does not matter here.
            let found = stage(component, config);
            let kept: Vec<_> = found
                .split("; ")
                .filter(|one| !one.starts_with("FMC09"))
                .collect();
            kept.join("; ")
        },
    );
}

#[test]
fn fields_of_stages_and_pipelines_are_of_their_types() {
    let stage = |fields: &str| {
        findings(&format!(
            r#"{{"name": "x", "stages": [{{"id": "g", "component_type": "generator", "config": {{"prompt": "p"}}, {fields}}}]}}"#
        ))
    };
    assert_eq!(stage(r#""provider": 5"#), "FMC0410 5");
    assert_eq!(
        stage(r#""model": "{{ input.x }}", "llm_settings": 5"#),
        "FMC0410 5"
    );
    assert_eq!(stage(r#""timeout_ms": 0"#), "FMC0411 0");
    let tags = format!(r#"{{"name": "x", "tags": "a", "stages": [{LOGGER}]}}"#);
    assert_eq!(findings(&tags), "FMC0410 a");
}

/// The findings of a message that reads from a stage `a`.
fn reading(output: &str, message: &str) -> String {
    findings(&format!(
        r#"{{"name": "x",
            "input_schema": {{"properties": {{"o": {{"properties": {{"alpha": {{}}}}}}, "title": {{}}, "tags": {{"additionalProperties": {{"type": "string"}}, "properties": {{"a": {{}}}}}}}}}},
            "stages": [{{"id": "a", "component_type": "json-transform", "config": {output}}},
            {{"id": "l", "component_type": "logger", "depends_on": ["a"], "config": {{"message": "m", "data": "{{{{ {message} }}}}"}}}}]}}"#
    ))
}

#[test]
fn types_follow_what_is_computed() {
    const OUTPUT: &str = r#"{"template": {"n": 1, "names": ["x"], "z": null, "mode": "dry"}}"#;
    table(
        &[
            (OUTPUT, "', '.join(upstream.a.names)", ""),
            (OUTPUT, "', '.join([1, 2])", "FMC0502 [1, 2]"),
            (OUTPUT, "[1, 2] | join(', ')", ""),
            (OUTPUT, "sum(['a'])", "FMC0502 ['a']"),
            (OUTPUT, "sum([1, 2.5]) + sum([]) + sum([1], 0.5)", ""),
            (OUTPUT, "sum([[1], [2]], [])", ""),
            (OUTPUT, "sum([1]) + 'a'", "FMC0501 +"),
            (OUTPUT, "max(1, 'a')", "FMC0502 'a'"),
            (
                OUTPUT,
                "max(1, 2.5, true) + min([1, 2]) + max([], default=0)",
                "",
            ),
            (OUTPUT, "min(1, 2) + 'a'", "FMC0501 +"),
            (OUTPUT, "min(['a', 'b']) + 1", "FMC0501 +"),
            (OUTPUT, "[a for a, b in [1, 2]]", "FMC0501 a, b"),
            (OUTPUT, "[a for a, b in [[1, 2]]]", ""),
            (OUTPUT, "upstream.a.get('n') + 1", ""),
            (OUTPUT, "upstream.a.get('n') + 'a'", "FMC0501 +"),
            (OUTPUT, "upstream.a.get('nam')", "FMC0307 nam"),
            (OUTPUT, "{'a': 1}.get(input.title, 0)", ""),
            (OUTPUT, "{'a': 1}.get('a') + 'b'", "FMC0501 +"),
            // A comparison with a known text may be a switch; a comparison with another type is a
            // mistake.
            (OUTPUT, "upstream.a.mode == 'live'", ""),
            (OUTPUT, "upstream.a.z == 5", ""),
            (OUTPUT, "upstream.a.n == '1'", "FMC0505 =="),
            // What a schema declares also holds where its data is passed on.
            (OUTPUT, "input.o.alpa", "FMC0312 alpa"),
            (OUTPUT, "input.o.alpha", ""),
            (OUTPUT, "input.get('titel')", ""),
            (OUTPUT, "input.tags.anything", ""),
            (
                r#"{"data": "{{ input }}", "template": "{{ data.titel }}"}"#,
                "1",
                "FMC0312 titel",
            ),
        ],
        reading,
    );
}

#[test]
fn input_is_what_its_schema_says() {
    let reads = |schema: &str| {
        findings(&format!(
            r#"{{"name": "x", "input_schema": {schema}, "stages": [{{"id": "l", "component_type": "logger", "config": {{"message": "{{{{ input.b }}}}"}}}}]}}"#
        ))
    };
    assert_eq!(reads(r#"{"type": "string"}"#), "FMC0503 b");
    assert_eq!(reads(r#"{"additionalProperties": false}"#), "FMC0312 b");
    assert_eq!(
        reads(r#"{"allOf": [{"properties": {"b": {}}}], "properties": {"a": {}}}"#),
        ""
    );
    assert_eq!(
        reads(r#"{"additionalProperties": false, "patternProperties": {"b": {"type": "string"}}}"#),
        ""
    );
    assert_eq!(reads(r#"{"type": "object"}"#), "");
}

#[test]
fn outputs_of_components_have_their_types() {
    let reads = |component: &str, config: &str, message: &str| {
        let found = findings(&format!(
            r#"{{"name": "x", "stages": [{{"id": "a", "component_type": "{component}", "config": {config}}}, {LOGGER},
            {{"id": "r", "component_type": "logger", "depends_on": ["a"], "config": {{"message": "m", "data": "{{{{ {message} }}}}"}}}}]}}"#
        ));
        let kept: Vec<_> = found
            .split("; ")
            .filter(|one| !one.starts_with("FMC09"))
            .collect();
        kept.join("; ")
    };
    let text = r#"{"prompt": "p"}"#;
    let json = r#"{"prompt": "p", "output_format": "json"}"#;
    assert_eq!(
        reads("generator", text, "upstream.a.content + 1"),
        "FMC0501 +"
    );
    assert_eq!(reads("generator", json, "upstream.a.content + 1"), "");
    let options = r#"{"options": ["a", "b"]}"#;
    assert_eq!(
        reads("selector", options, "upstream.a.selected + 1"),
        "FMC0501 +"
    );
    let objects = r#"{"options": [{"label": "a", "content": 1}]}"#;
    assert_eq!(reads("selector", objects, "upstream.a.selected + 1"), "");
    let schema = r#"{"data": 1, "schema": {}}"#;
    let message = "[e.mesage for e in upstream.a.errors]";
    assert_eq!(reads("schema-validate", schema, message), "FMC0307 mesage");
}

#[test]
fn outputs_match_their_schema() {
    let run = |schema: &str, template: &str| {
        findings(&format!(
            r#"{{"name": "x", "output_schema": {schema}, "stages": [{{"id": "a", "component_type": "json-transform", "config": {{"template": {template}}}}}]}}"#
        ))
    };
    let ab = r#"{"a": 1, "b": 2}"#;
    let words = r#"{"properties": {"a": {"enum": ["ok", "no"]}}}"#;
    let bad = "FMC0506 a";
    table(
        &[
            (r#"{"type": "object", "required": ["zz"]}"#, ab, bad),
            (r#"{"type": "object", "required": ["a"]}"#, ab, ""),
            (
                r#"{"additionalProperties": false, "properties": {"a": {}}}"#,
                ab,
                bad,
            ),
            (
                r#"{"additionalProperties": {"type": "string"}, "properties": {"a": {}}}"#,
                ab,
                bad,
            ),
            (
                r#"{"additionalProperties": false, "patternProperties": {"^[ab]$": {"type": "integer"}}}"#,
                ab,
                "",
            ),
            (words, r#"{"a": "bad"}"#, bad),
            (words, r#"{"a": "ok"}"#, ""),
            (words, r#"{"a": "{{ 'ok' if input.x else 'bad' }}"}"#, ""),
            (r#"{"const": ["a", "b"]}"#, r#"["a", "b"]"#, ""),
            (
                r#"{"properties": {"a": {"type": "integer"}}}"#,
                r#"{"a": "{{ input.n / 2 * 1.0 }}"}"#,
                "",
            ),
            // A default is not filled in for an output.
            (
                r#"{"properties": {"d": {"type": "string", "default": "x"}}}"#,
                ab,
                "",
            ),
            // It is enough that one alternative may fit.
            (
                r#"{"oneOf": [{"required": ["zz"]}, {"required": ["a"]}]}"#,
                ab,
                "",
            ),
            (
                r#"{"oneOf": [{"required": ["zz"]}, {"type": "string"}]}"#,
                ab,
                bad,
            ),
        ],
        run,
    );
}

#[test]
fn small_files_are_checked_quickly() {
    let started = Instant::now();
    let stages = |name: &str| {
        let first = format!(
            r#"{{"id": "{name}0", "component_type": "json-transform", "config": {{"template": {{"a": 1}}}}}}"#
        );
        let others = (1..30).map(|at| {
            let before = format!("{name}{}", at - 1);
            format!(
                r#"{{"id": "{name}{at}", "component_type": "json-transform", "depends_on": ["{before}"],
                "config": {{"template": {{"a": "{{{{upstream.{before}}}}}", "b": "{{{{upstream.{before}}}}}"}}}}}}"#
            )
        });
        let all: Vec<_> = std::iter::once(first).chain(others).collect();
        all.join(",")
    };
    let (s, r) = (stages("s"), stages("r"));
    let log = |message: &str| {
        format!(
            r#"{{"name": "x", "stages": [{s}, {r}, {{"id": "l", "component_type": "logger", "depends_on": ["s9", "s29", "r29"], "config": {{"message": "m", "data": "{message}"}}}}]}}"#
        )
    };
    assert_eq!(findings(&log("{{ upstream.s9 + 1 }}")), "FMC0501 +");
    assert_eq!(
        findings(&log("{{ upstream.s29 if input.x else upstream.r29 }}")),
        ""
    );
    let recursive = r##"{"name": "x", "input_schema": {"$ref": "#/$defs/N", "$defs": {"N": {"type": "object", "properties":
        {"a": {"$ref": "#/$defs/N"}, "b": {"$ref": "#/$defs/N"}, "c": {"$ref": "#/$defs/N"}}}}},"##;
    let pipeline = format!(r#"{recursive} "stages": [{LOGGER}]}}"#);
    assert_eq!(findings(&pipeline), "");
    assert!(
        started.elapsed() < Duration::from_secs(20),
        "{:?}",
        started.elapsed()
    );
}
