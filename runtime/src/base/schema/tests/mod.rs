//! Tests of `schema`: defaults are filled in, and every mistake is reported with its path.

mod budget;

use fmc_expr::{Cx, Value};

use crate::base::schema::check;

fn checked(schema: &str, value: &str) -> String {
    let parse = |text: &str| Value::from_json(text.as_bytes()).unwrap();
    match check(&Cx::new(), &parse(schema), &parse(value), "input") {
        Ok(filled) => filled.to_json(),
        Err(errors) => errors.join("\n"),
    }
}

const SCHEMA: &str = r#"{
    "type": "object", "required": ["id", "level"], "additionalProperties": false,
    "properties": {
        "id": {"type": "integer"},
        "level": {"enum": ["low", "high"], "default": "low"},
        "tags": {"type": ["array", "null"], "items": {"type": "string"}},
        "on": {"type": "boolean", "const": true}
    }
}"#;

#[test]
fn defaults_are_filled_in_and_every_mistake_is_named() {
    assert_eq!(
        checked(SCHEMA, r#"{"id": 7.0}"#),
        r#"{"id":7.0,"level":"low"}"#
    );
    assert_eq!(
        checked(SCHEMA, r#"{"id": 7, "tags": null}"#),
        r#"{"id":7,"tags":null,"level":"low"}"#
    );
    insta::assert_snapshot!(checked(SCHEMA, r#"{"level": "mid", "tags": ["a", 1], "on": 1, "more": 0}"#), @r#"
    input.level: expected one of "low", "high", found "mid"
    input.tags[1]: expected `string`, found `int` 1
    input.on: expected `boolean`, found `int` 1
    input: `more` is not a property of the schema
    input: `id` is required
    "#);
    assert_eq!(
        checked(SCHEMA, "[]"),
        "input: expected `object`, found `list` []"
    );
}

#[cfg(feature = "regex")]
#[test]
fn each_keyword_accepts_and_refuses() {
    // A schema, a value that fits, and one that does not.
    let rows = [
        (r#"{"minimum": 5}"#, "5", "4"),
        (r#"{"maximum": 5}"#, "5", "5.5"),
        (r#"{"exclusiveMinimum": 5}"#, "6", "5"),
        (r#"{"exclusiveMaximum": 5}"#, "4", "5"),
        (r#"{"multipleOf": 0.1}"#, "0.3", "0.35"),
        (r#"{"minLength": 2}"#, r#""éé""#, r#""é""#),
        (r#"{"maxLength": 1}"#, r#""😀""#, r#""ab""#),
        (r#"{"pattern": "^a[0-9]$"}"#, r#""a1""#, r#""b1""#),
        (r#"{"minItems": 1}"#, "[0]", "[]"),
        (r#"{"maxItems": 1}"#, "[0]", "[0, 1]"),
        (r#"{"uniqueItems": true}"#, "[1, true]", "[1, 2, 1.0]"),
        (r#"{"minProperties": 1}"#, r#"{"a": 1}"#, "{}"),
        (
            r#"{"maxProperties": 2}"#,
            r#"{"a": 1}"#,
            r#"{"a": 1, "b": 2, "c": 3}"#,
        ),
        (
            r#"{"prefixItems": [{"type": "string"}], "items": {"type": "integer"}}"#,
            r#"["a", 1]"#,
            "[1, 2]",
        ),
        (
            r#"{"contains": {"const": 1}, "maxContains": 1}"#,
            "[0, 1]",
            "[1, 1]",
        ),
        (
            r#"{"patternProperties": {"^x-": {"type": "integer"}}, "additionalProperties": false}"#,
            r#"{"x-a": 1}"#,
            r#"{"x-a": "1", "y": 2}"#,
        ),
        (
            r#"{"additionalProperties": {"type": "integer"}}"#,
            r#"{"a": 1}"#,
            r#"{"a": "1"}"#,
        ),
        (
            r#"{"propertyNames": {"maxLength": 1}}"#,
            r#"{"a": 1}"#,
            r#"{"ab": 1}"#,
        ),
        (
            r#"{"dependentRequired": {"a": ["b"]}}"#,
            r#"{"b": 1}"#,
            r#"{"a": 1}"#,
        ),
        (
            r#"{"anyOf": [{"type": "string"}, {"minimum": 3}]}"#,
            "3",
            "2",
        ),
        (r#"{"oneOf": [{"minimum": 1}, {"minimum": 3}]}"#, "2", "4"),
        (r#"{"oneOf": [{"type": "string"}]}"#, r#""a""#, "4"),
        (r#"{"allOf": [{"minimum": 1}, {"maximum": 3}]}"#, "2", "4"),
        (r#"{"not": {"type": "null"}}"#, "2", "null"),
        (
            r#"{"if": {"type": "string"}, "then": {"minLength": 1}, "else": {"minimum": 1}}"#,
            r#""a""#,
            "0",
        ),
        (
            r##"{"$ref": "#/$defs/a~1b", "$defs": {"a/b": {"type": "integer"}}}"##,
            "1",
            r#""1""#,
        ),
        (
            r##"{"properties": {"next": {"$ref": "#"}, "v": {"type": "integer"}}}"##,
            r#"{"next": {"v": 1}}"#,
            r#"{"next": {"next": {"v": "1"}}}"#,
        ),
        (r#"{"properties": {"a": false}}"#, "{}", r#"{"a": 1}"#),
    ];
    let mut said = String::new();
    for (schema, good, bad) in rows {
        let value = Value::from_json(good.as_bytes()).unwrap().to_json();
        assert_eq!(checked(schema, good), value, "{schema}");
        said += &format!("{schema}\n{bad}\n{}\n\n", checked(schema, bad));
    }
    insta::assert_snapshot!(said.trim_end());
}

#[test]
fn defaults_come_from_the_alternative_that_fits() {
    let schema = r##"{"anyOf": [
        {"properties": {"kind": {"const": "a"}, "n": {"default": 1}}, "required": ["kind"]},
        {"$ref": "#/$defs/b"}
    ], "$defs": {"b": {"properties": {"kind": {"const": "b"}, "m": {"default": {"x": []}}}}}}"##;
    assert_eq!(checked(schema, r#"{"kind": "a"}"#), r#"{"kind":"a","n":1}"#);
    assert_eq!(
        checked(schema, r#"{"kind": "b"}"#),
        r#"{"kind":"b","m":{"x":[]}}"#
    );
}

#[test]
fn references_to_nothing_or_in_circles_are_errors() {
    assert_eq!(
        checked(r##"{"$ref": "#/$defs/a"}"##, "1"),
        "input: the schema has no `#/$defs/a`"
    );
    let circle = r##"{"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}}"##;
    assert_eq!(
        checked(circle, "1"),
        "input: `#/$defs/a` of the schema leads to itself"
    );
}
