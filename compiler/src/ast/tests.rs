//! The shapes of pipelines and stages: the documents of the reference, aliases, recovery.

use std::fmt::Write as _;

use super::{OnError, WrittenPipeline, lower};
use crate::{
    diagnostics::{Diagnostic, Findings},
    source::FileId,
    syntax::parse,
};

fn lowered(text: &str) -> (Option<WrittenPipeline>, Vec<Diagnostic>) {
    let (tree, mut findings) = parse(FileId(0), text);
    let (pipeline, mut shape) = lower(&tree, FileId(0), "stem");
    findings.append(&mut shape);
    (pipeline, Findings::new(findings).into_vec())
}

/// The code, guilty text and message of each finding.
fn shown(text: &str) -> String {
    let mut out = String::new();
    for found in lowered(text).1 {
        let span = found.primary.span;
        let guilty = text.get(span.start as usize..span.end as usize).unwrap();
        let code = found.code.code();
        writeln!(out, "    {code} {guilty:?} {}", found.message).unwrap();
        for help in found.help {
            writeln!(out, "      help {help}").unwrap();
        }
    }
    out
}

/// A pipeline with one stage that has these fields.
fn stage(fields: &str) -> String {
    format!(r#"{{"name": "P", "stages": [{{"id": "s", "component_type": "logger"{fields}}}]}}"#)
}

#[test]
fn every_wrong_shape_is_one_finding() {
    let cases = [
        r#"{}"#.to_owned(),
        r#"3"#.to_owned(),
        r#""x""#.to_owned(),
        r#"[]"#.to_owned(),
        r#"[{"name": "a", "stages": []}]"#.to_owned(),
        r#"{"name": 3, "stages": {}}"#.to_owned(),
        r#"{"name": "P", "stage": [{"id": "s", "component_type": "x"}]}"#.to_owned(),
        r#"{"name": "P", "stages": [3, null, {"component_type": "x"}, {"id": 4}]}"#.to_owned(),
        r#"{"name": "P", "stages": [{"id": "", "component_type": true}]}"#.to_owned(),
        r#"{"id": "a.b", "name": "P", "version": "1.0", "stages": [{"id": "{{x}}", "type": "x"}]}"#.to_owned(),
        r#"{"name": "P", "version": "latest", "inputschema": {}, "stages": [], "input_schema": 3}"#.to_owned(),
        stage(r#", "depend_on": ["a"]"#),
        stage(r#", "dependson": ["a"]"#),
        stage(r#", "depends_on": "a""#),
        stage(r#", "depends_on": ["a", 3, "{{x}}"]"#),
        stage(r#", "depend_on": ["a"], "depends_on": []"#),
        stage(r#", "whatever": 1"#),
        stage(r#", "enabled": "False""#),
        stage(r#", "timeout_ms": "500""#),
        stage(r#", "timeout_ms": -5"#),
        stage(r#", "timeout_ms": 1.5"#),
        stage(r#", "config": []"#),
        stage(r#", "type": "x""#),
        stage(r#", "on_error": "fail", "error_handling": {}"#),
        stage(r#", "error_handling": {"on_error": "retri", "max_retries": 99999999999, "backoff": 2, "backoff_multiplier": -1}"#),
        stage(r#", "error_handling": {"on_error": "explode", "max_delay": 1, "max_delay_ms": 2}"#),
        stage(r#", "retry_config": {"initial_delay_ms": 1, "backoff_ms": 2, "retry_delay": 3}"#),
        stage(r#", "llm_settings": {"temprature": 1, "bogus": 2, "top_p": 1}"#),
        stage(r#", "llm_settings": {"{{k}}": 1}"#),
        stage(r#", "$allow": "unknown-key""#),
        // Poison: the JSON parser has reported it already.
        r#"{"name": "P, "stages": [{"id": "s", "component_type": "x"}]}"#.to_owned(),
        r#"{"name": "P", "stages": [{"id": tru, "component_type": yes, "config": @, "depends_on": [@]}]}"#.to_owned(),
    ];
    let mut out = String::new();
    for case in cases {
        writeln!(out, "{case}\n{}", shown(&case)).unwrap();
    }
    insta::assert_snapshot!(out);
}

#[test]
fn aliases_mean_what_their_canonical_names_mean() {
    let text = r#"{"name": "P", "stages": [{"id": "s", "component": "x", "input_mapping": {"a": 1},
        "on_error": "continue", "retry_config": {"max_retries": 2, "backoff_ms": 10, "max_delay_ms": 20, "backoff_multiplier": 1.5}}],
        "example_input": {"b": 1}}"#;
    let (pipeline, findings) = lowered(text);
    assert_eq!(findings, []);
    let pipeline = pipeline.unwrap();
    assert!(pipeline.sample_input.is_some());
    let stage = pipeline.stages.first().unwrap();
    assert_eq!(stage.component.as_ref().unwrap().value, "x");
    assert_eq!(stage.config.len(), 1);
    let handling = &stage.error_handling;
    assert_eq!(handling.on_error.as_ref().unwrap().value, OnError::Continue);
    assert_eq!(handling.max_retries.as_ref().unwrap().value, 2);
    assert_eq!(handling.retry_delay.as_ref().unwrap().value, 10);
    assert_eq!(handling.max_delay.as_ref().unwrap().value, 20);
}

#[test]
fn a_misspelt_field_is_read_as_the_nearest_field() {
    let (pipeline, findings) = lowered(&stage(r#", "depend_on": ["a"]"#));
    assert_eq!(findings.len(), 1);
    let stage = pipeline.unwrap().stages.remove(0);
    assert_eq!(stage.depends_on.first().unwrap().value, "a");
}

#[test]
fn without_an_id_the_file_name_is_the_id() {
    let (tree, _) = parse(FileId(0), &stage(""));
    let id = |stem: &str| lower(&tree, FileId(0), stem).0.unwrap().id.value;
    assert_eq!(id("my pipeline (2)"), "my-pipeline-2");
    assert_eq!(id("日本"), "pipeline");
}

#[test]
fn stages_without_id_and_duplicate_stages_are_left_out() {
    let text = r#"{"name": "P", "stages": [{"id": "a", "type": "x"}, {"id": "a", "type": "y"}]}"#;
    let pipeline = lowered(text).0.unwrap();
    assert_eq!(
        (pipeline.stages.len(), pipeline.stage_ids.is_lost()),
        (1, false)
    );
    let text = r#"{"name": "P", "stages": [{"id": "a", "type": "x"}, {"type": "y"}]}"#;
    let pipeline = lowered(text).0.unwrap();
    assert_eq!(
        (pipeline.stages.len(), pipeline.stage_ids.is_lost()),
        (1, true)
    );
}

#[test]
fn no_allow_is_left_in_settings() {
    let text = stage(
        r#", "$allow": ["a"], "config": {"x": {"$allow": ["b"], "y": [{"$allow": ["c"]}]}, "$allow": ["d"]}"#,
    );
    let (pipeline, findings) = lowered(&text);
    assert_eq!(findings, []);
    let pipeline = pipeline.unwrap();
    let words: Vec<_> = pipeline
        .allows
        .iter()
        .flat_map(|allow| &allow.entries)
        .map(|(word, _)| word.as_str())
        .collect();
    assert_eq!(words, ["a", "d", "b", "c"]);
    assert!(!format!("{:?}", pipeline.stages.first().unwrap().config).contains("$allow"));
}

#[test]
fn an_id_is_a_name_of_a_file_so_it_is_short() {
    for (length, findings) in [(100, 0), (101, 1)] {
        let id = "a".repeat(length);
        let text = format!(
            r#"{{"name": "p", "stages": [{{"id": "{id}", "component_type": "logger", "config": {{}}}}]}}"#
        );
        assert_eq!(lowered(&text).1.len(), findings, "{length}");
    }
}
