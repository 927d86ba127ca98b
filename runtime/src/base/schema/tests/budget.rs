//! What a check costs, and that it ends: many parts, many mistakes, schemas that contain themselves.

use super::*;
use crate::base::schema::STEPS;

fn parse(text: &str) -> Value {
    Value::from_json(text.as_bytes()).unwrap()
}

/// The steps of a check that finds nothing.
fn steps(schema: &str, value: &Value) -> u64 {
    let cx = Cx::new().with_steps(STEPS);
    check(&cx, &parse(schema), value, "input").unwrap();
    cx.spent()
}

fn refused(schema: &str, value: &Value) -> Vec<String> {
    check(&Cx::new(), &parse(schema), value, "input").unwrap_err()
}

#[test]
fn unique_items_cost_each_item_once() {
    let schema = r#"{"uniqueItems": true}"#;
    for make in [
        |n: i64| Value::from(format!("host-{n}")),
        |n: i64| Value::list(vec![Value::Int(0), Value::Int(n)]),
        |n: i64| parse(&format!(r#"{{"id": {n}, "ok": true}}"#)),
    ] {
        let list = |count| Value::list((0..count).map(make).collect());
        let (small, large) = (steps(schema, &list(10_000)), steps(schema, &list(20_000)));
        assert!(large < small * 21 / 10 + 1_000, "{small} {large}");
    }
    let twice = Value::list((0..100).chain([42]).map(Value::Int).collect());
    assert_eq!(
        refused(schema, &twice),
        ["input: 42 at [100] is in the list twice"]
    );
}

#[test]
fn a_schema_that_contains_itself_many_times_ends_by_the_limit() {
    for schema in [
        r##"{"allOf": [{"$ref": "#"}, {"$ref": "#"}]}"##,
        r##"{"anyOf": [{"not": {"$ref": "#"}}, {"$ref": "#"}, {"$ref": "#"}]}"##,
    ] {
        let errors = refused(schema, &Value::Null);
        let expected = "input: cannot be checked to its end: the limit of 10000000 steps";
        assert!(errors[0].starts_with(expected), "{errors:?}");
        assert_eq!(errors.len(), 1);
    }
}

#[test]
fn of_many_mistakes_the_first_are_shown() {
    let list = Value::list((0..100_000).map(Value::Int).collect());
    let errors = refused(r#"{"items": {"type": "string"}}"#, &list);
    assert_eq!(errors.len(), 21);
    assert_eq!(errors[0], "input[0]: expected `string`, found `int` 0");
    assert_eq!(errors[20], "and 99980 more");
}

#[test]
fn long_names_are_shown_in_part_and_never_copied() {
    let name = "n".repeat(1 << 20);
    let inner: Vec<_> = (0..20_000).map(|n| format!(r#""{n}": 0"#)).collect();
    let value = parse(&format!(
        r#"{{"{name}": {{{}, "x": "1"}}}}"#,
        inner.join(",")
    ));
    let schema = r#"{"additionalProperties": {"additionalProperties": {"type": "integer"}}}"#;
    let errors = refused(schema, &value);
    assert_eq!(errors.len(), 1);
    assert!(
        errors[0].len() < 200 && errors[0].ends_with("found `string` \"1\""),
        "{errors:?}"
    );
}

#[test]
fn a_message_names_few_of_many_choices() {
    let choices: Vec<_> = (0..1_000).map(|n| n.to_string()).collect();
    let schema = format!(r#"{{"enum": [{}]}}"#, choices.join(","));
    assert_eq!(
        refused(&schema, &Value::Null),
        ["input: expected one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 990 more, found null"]
    );
}

#[cfg(feature = "regex")]
#[test]
fn patterns_are_charged() {
    let text = Value::from("ab".repeat(500_000));
    let errors = refused(r#"{"pattern": "(?:a?b?){1000}[cd]"}"#, &text);
    assert!(errors[0].contains("the limit of"), "{errors:?}");
    let names: Vec<_> = (0..50)
        .map(|n| format!(r#""{n}{}": 0"#, "ab".repeat(5_000)))
        .collect();
    let schema = r#"{"patternProperties": {"(?:a?b?){1000}[cd]": {}}}"#;
    let errors = refused(schema, &parse(&format!("{{{}}}", names.join(","))));
    assert!(errors[0].contains("the limit of"), "{errors:?}");
}
