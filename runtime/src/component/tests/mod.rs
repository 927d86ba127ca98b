//! Tests of the components without network, each in a stage whose settings are the run's input.

use fmc_expr::{Cx, Value, ops};

use crate::{
    base::fault::{Outcome, StageError},
    component::{Component, FILTER, JSON_TRANSFORM, LOGGER, LOOP, VARIABLE_SET},
    executor::tests::{
        bench::Bench,
        drafts::{Draft, leaf},
    },
    scope::{Scope, render},
};

fn stage(component: &'static Component) -> Draft {
    leaf("s").runs(component).config(|s| Ok(s.input()))
}

fn output(draft: Draft, settings: &str) -> String {
    Bench::new(&[draft], "s").input(settings).run().output()
}

fn outputs(component: &'static Component, settings: &[&str]) -> String {
    let outputs: Vec<_> = settings
        .iter()
        .map(|settings| output(stage(component), settings))
        .collect();
    outputs.join("\n")
}

/// `data.x`, or `item.x` when there is an item.
fn x(s: &Scope<'_>) -> Outcome {
    let base = if s.item().is_null() {
        s.data()
    } else {
        s.item()
    };
    ops::member(&base, "x").map_err(|error| StageError::expression(error.to_string()))
}

/// `data.x < 3`
fn small(s: &Scope<'_>) -> Outcome {
    let less = ops::less(&Cx::new(), &x(s)?, &Value::Int(3));
    less.map(Value::Bool)
        .map_err(|error| StageError::evaluation(error.to_string(), &error))
}

#[test]
fn a_template_is_the_output_and_can_read_the_data() {
    let draft = || {
        stage(&JSON_TRANSFORM).deferred("template", |s| {
            render::tests::object(vec![("got", x(s)?), ("all", s.data())])
        })
    };
    assert_eq!(
        output(draft(), r#"{"data": {"x": 1}}"#),
        r#"{"got":1,"all":{"x":1}}"#
    );
    assert_eq!(output(draft(), "{}"), r#"{"got":null,"all":null}"#);
    assert_eq!(
        output(draft(), r#"{"data": " {\"x\": [2]} "}"#),
        r#"{"got":[2],"all":{"x":[2]}}"#
    );
    let text = r#"{"data": "note: {\"x\": 1}"}"#;
    assert_eq!(
        output(draft(), text),
        "ExpressionError: `string` has no field `x`"
    );
    assert_eq!(
        output(draft(), r#"{"mapping": {}}"#),
        "ConfigError: fields `template` and `mapping` cannot both be set"
    );
}

#[test]
fn data_is_mapped_flattened_or_passed_on() {
    insta::assert_snapshot!(outputs(&JSON_TRANSFORM, &[
        r#"{"data": {"u": {"n": "Ann", "l": [{"id": 7}]}}, "mapping": {"name": "u.n", "id": "u.l[0].id", "age": "u.age", "role": "u.role"}, "defaults": {"role": "user"}}"#,
        r#"{"data": {"a": 1, "b": 2}, "mapping": {"a": "a", "b": "b"}, "exclude_fields": ["b"]}"#,
        r#"{"data": {"a": {"b": [1, {"c": 2}], "e": {}}, "d": null}, "flatten": true}"#,
        r#"{"data": [1, [2]], "flatten": true}"#,
        r#"{"data": "[1, 2]"}"#,
        r#"{"data": "[1, 2]", "parse_json_strings": false}"#,
        r#"{"data": "12"}"#,
        r#"{"data": {}, "mapping": {"a": 1}}"#,
    ]), @r#"
    {"result":{"name":"Ann","id":7,"age":null,"role":"user"},"fields_mapped":2,"fields_missing":["age","role"]}
    {"result":{"a":1},"fields_mapped":2,"fields_missing":[]}
    {"result":{"a.b[0]":1,"a.b[1].c":2,"a.e":{},"d":null},"fields_mapped":4,"fields_missing":[]}
    {"result":{"[0]":1,"[1][0]":2},"fields_mapped":2,"fields_missing":[]}
    {"result":[1,2],"fields_mapped":0,"fields_missing":[]}
    {"result":"[1, 2]","fields_mapped":0,"fields_missing":[]}
    {"result":"12","fields_mapped":0,"fields_missing":[]}
    ConfigError: field `mapping.a`: expected `string`, found `int` 1
    "#);
}

#[test]
fn filters_pass_or_fail_with_a_reason() {
    let draft = || stage(&FILTER).deferred("condition", small);
    let outputs: Vec<_> = [
        r#"{"data": {"x": 1}}"#,
        r#"{"data": {"x": 5}}"#,
        r#"{"data": {"x": 5}, "invert": true}"#,
        r#"{"data": {"x": 1}, "field_conditions": {"y": 2}}"#,
        r#"{"data": {}}"#,
        r#"{"data": {}, "pass_if_missing": true}"#,
        r#"{"data": {"x": null}, "pass_if_missing": true}"#,
        r#"{"data": {"x": "1"}, "pass_if_missing": true}"#,
        r#"{"data": [{"x": 1}, {"x": 5}, {"x": 2}], "filter_mode": "filter_array"}"#,
        r#"{"data": [{"x": 5}], "filter_mode": "filter_array"}"#,
        r#"{"data": {"x": 5}, "filter_mode": "filter_array"}"#,
    ]
    .into_iter()
    .map(|settings| output(draft(), settings))
    .collect();
    insta::assert_snapshot!(outputs.join("\n"), @r#"
    {"passed":true,"data":{"x":1},"filtered_count":0,"reason":"condition is true"}
    {"passed":false,"data":null,"filtered_count":0,"reason":"condition is false"}
    {"passed":true,"data":{"x":5},"filtered_count":0,"reason":"inverted: condition is false"}
    {"passed":false,"data":null,"filtered_count":0,"reason":"`y` is missing"}
    ExpressionError: cannot compare `null` < `int`
    {"passed":true,"data":{},"filtered_count":0,"reason":"passed although a key is missing: cannot compare `null` < `int`"}
    {"passed":true,"data":{"x":null},"filtered_count":0,"reason":"passed although a key is missing: cannot compare `null` < `int`"}
    ExpressionError: cannot compare `string` < `int`
    {"passed":true,"data":[{"x":1},{"x":2}],"filtered_count":1,"reason":"2 of 3 items passed"}
    {"passed":false,"data":[],"filtered_count":1,"reason":"0 of 1 items passed"}
    ConfigError: field `data`: expected `list`, found `object` {"x":5}
    "#);
}

#[test]
fn a_reason_quotes_only_the_beginning_of_what_is_long() {
    let long = "k".repeat(100_000);
    for (key, shown) in [("x", "is missing"), (&*long, "expected 2, found 1")] {
        let settings =
            format!(r#"{{"data": {{"{key}": 1}}, "field_conditions": {{"{long}": 2}}}}"#);
        let output = output(stage(&FILTER), &settings);
        let (_, reason) = output.split_once("\"reason\":").unwrap();
        assert!(reason.contains("k…`") && reason.contains(shown), "{reason}");
        assert!(reason.len() < 200, "{}", reason.len());
    }
    let draft = stage(&FILTER).deferred("condition", |s| {
        let mut fault = StageError::expression("m".repeat(100_000));
        fault.null = s.error().is_null();
        Err(fault)
    });
    let output = output(draft, r#"{"data": {}, "pass_if_missing": true}"#);
    assert!(output.contains("mm…\"") && output.len() < 500, "{output}");
}

#[test]
fn field_conditions_compare_for_equality() {
    insta::assert_snapshot!(outputs(&FILTER, &[
        r#"{"data": {"a": 1, "b": {"c": [1]}}, "field_conditions": {"a": 1.0, "b.c": [1]}}"#,
        r#"{"data": {"a": 2}, "field_conditions": {"a": 1}}"#,
        r#"{"data": {}, "field_conditions": {"a": 1}}"#,
        r#"{"data": {}, "field_conditions": {"a": 1}, "pass_if_missing": true}"#,
        r#"{"data": [{"a": 1}, {"a": 2}], "field_conditions": {"a": 1}, "filter_mode": "filter_array"}"#,
        r#"{"data": null}"#,
        r#"{"data": 1, "filter_mode": "some"}"#,
    ]), @r#"
    {"passed":true,"data":{"a":1,"b":{"c":[1]}},"filtered_count":0,"reason":"every field condition holds"}
    {"passed":false,"data":null,"filtered_count":0,"reason":"`a`: expected 1, found 2"}
    {"passed":false,"data":null,"filtered_count":0,"reason":"`a` is missing"}
    {"passed":true,"data":{},"filtered_count":0,"reason":"every field condition holds"}
    {"passed":true,"data":[{"a":1}],"filtered_count":1,"reason":"1 of 2 items passed"}
    {"passed":true,"data":null,"filtered_count":0,"reason":"no condition"}
    ConfigError: field `filter_mode`: expected one of `pass_fail`, `filter_array`, found `some`
    "#);
}

#[test]
fn lists_are_batched() {
    insta::assert_snapshot!(outputs(&LOOP, &[
        r#"{"items": [1, 2, 3, 4, 5], "batch_size": 2}"#,
        r#"{"items": [1, 2, 3, 4, 5], "batch_size": 2, "max_iterations": 1, "start_index": 1}"#,
        r#"{"items": [1], "start_index": 9}"#,
        r#"{"items": "[1, 2]"}"#,
        r#"{"items": [1], "batch_size": 0}"#,
    ]), @r#"
    {"total_batches":3,"batches":[[1,2],[3,4],[5]],"total_items":5,"has_more":false,"metadata":{"start_index":0,"batch_size":2,"items_processed":5,"items_remaining":0}}
    {"total_batches":1,"batches":[[2,3]],"total_items":5,"has_more":true,"metadata":{"start_index":1,"batch_size":2,"items_processed":3,"items_remaining":2}}
    {"total_batches":0,"batches":[],"total_items":1,"has_more":false,"metadata":{"start_index":9,"batch_size":1,"items_processed":1,"items_remaining":0}}
    {"total_batches":2,"batches":[[1],[2]],"total_items":2,"has_more":false,"metadata":{"start_index":0,"batch_size":1,"items_processed":2,"items_remaining":0}}
    ConfigError: field `batch_size`: expected `int of 1 or more`, found `int` 0
    "#);
}

#[test]
fn a_log_event_is_one_line_if_its_level_is_high_enough() {
    let ran = Bench::new(&[stage(&LOGGER)], "s")
        .input(
            r#"{"message": "hi hunter22", "level": "WARN", "data": {"a": 1}, "tags": {"t": "x"}}"#,
        )
        .run();
    let (_, line) = ran.lines[0].split_once(' ').unwrap();
    assert_eq!(line, r#"WARNING s: hi *** {"a":1} {"t":"x"}"#);
    assert!(
        ran.output().ends_with(r#""passthrough":{"a":1}}"#)
            && ran.output().starts_with(r#"{"logged":true,"log_id":""#)
    );
    let quiet = Bench::new(&[stage(&LOGGER)], "s")
        .input(r#"{"message": 7, "level": "debug"}"#)
        .run();
    assert!(quiet.lines.is_empty() && quiet.output().starts_with(r#"{"logged":false"#));
    assert_eq!(
        output(stage(&LOGGER), r#"{"message": null}"#),
        "ConfigError: field `message`: expected `string`, found `null`"
    );
}

#[test]
fn variables_are_fields_of_the_output() {
    insta::assert_snapshot!(outputs(&VARIABLE_SET, &[
        r#"{"name": "a", "value": {"b": [1]}, "extract_path": "b[0]"}"#,
        r#"{"variables": {"run_id": 1}, "overwrite": false}"#,
        r#"{"variables": {}, "name": "a"}"#,
        r#"{}"#,
    ]), @r#"
    {"a":1,"variables":{"a":1}}
    {"run_id":"run-1","variables":{"run_id":"run-1"}}
    ConfigError: fields `variables` and `name` cannot both be set
    ConfigError: field `variables`: expected `object`, found `null`
    "#);
}

#[cfg(feature = "dynamic")]
mod dynamic {
    use super::*;
    use crate::{dynamic::evaluate, plan::Deferred};

    fn filtered(settings: &str) -> String {
        let mut draft = stage(&FILTER);
        let text = |s: &Scope<'_>| {
            ops::member(&s.input(), "text")
                .map_err(|error| StageError::expression(error.to_string()))
        };
        draft
            .deferred
            .push(("condition", Deferred::Dynamic { text, evaluate }));
        output(draft, settings)
    }

    #[test]
    fn dynamic_conditions_can_only_read_data() {
        let outputs: Vec<_> = [
            r#"{"data": {"x": 1}, "text": "data.x == 1 and len(data) == 1"}"#,
            r#"{"data": [0, null, 2], "text": "item is None or item > 1", "filter_mode": "filter_array"}"#,
            r#"{"data": 1, "text": true}"#,
            r#"{"data": 1, "text": null}"#,
            r#"{"data": 1, "text": "env.API_KEY"}"#,
            r#"{"data": 1, "text": "data =="}"#,
            r#"{"data": {}, "text": "data.y < 1", "pass_if_missing": true}"#,
            r#"{"data": {"v": 5}, "text": "data.v + '`null`' > 3", "pass_if_missing": true}"#,
        ]
        .into_iter()
        .map(filtered)
        .collect();
        insta::assert_snapshot!(outputs.join("\n"), @r#"
        {"passed":true,"data":{"x":1},"filtered_count":0,"reason":"condition is true"}
        {"passed":true,"data":[null,2],"filtered_count":1,"reason":"2 of 3 items passed"}
        {"passed":true,"data":1,"filtered_count":0,"reason":"condition is true"}
        {"passed":false,"data":null,"filtered_count":0,"reason":"condition is null"}
        ExpressionError: unknown name `env`; in scope: `data` at byte 0 of `env.API_KEY`, the value of `config.condition`
        ExpressionError: expected an expression, found the end of the expression at byte 7 of `data ==`, the value of `config.condition`
        {"passed":true,"data":{},"filtered_count":0,"reason":"passed although a key is missing: cannot compare `null` < `int` at byte 0 of `data.y < 1`, the value of `config.condition`"}
        ExpressionError: cannot add `int` and `string`; `str(…)` makes text of a value at byte 0 of `data.v + '`null`' > 3`, the value of `config.condition`
        "#);
    }

    #[test]
    fn no_word_of_a_secret_in_a_bad_condition_is_shown() {
        let message = filtered(r#"{"data": 1, "text": "hunter22"}"#);
        assert_eq!(
            message,
            r#"ExpressionError: cannot evaluate "hunter22", the value of `config.condition`"#
        );
    }
}
