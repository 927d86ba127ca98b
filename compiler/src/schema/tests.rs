//! The types of schemas, and the findings about invalid ones.

use super::{check, type_of};
use crate::{source::SourceMap, syntax};

fn parsed(text: &str) -> syntax::tree::Node {
    let mut sources = SourceMap::new();
    let file = sources.add("schema.json", text.to_owned());
    let (tree, found) = syntax::parse(file, text);
    assert!(found.is_empty(), "{found:?}");
    tree
}

fn ty(text: &str) -> String {
    type_of(&parsed(text)).to_string()
}

#[test]
fn literals_have_their_types() {
    assert_eq!(ty(r#"{"const": ["a", "b"]}"#), r#"list<string ("a", "b")>"#);
    assert_eq!(ty(r#"{"enum": [["a"], 1]}"#), r#"list<string ("a")> | int"#);
    assert_eq!(ty(r#"{"const": {"a": 1}}"#), "object{a: int}");
    assert_eq!(ty(r#"{"type": "number", "enum": [1, 2]}"#), "int");
}

#[test]
fn keywords_beside_a_combination_apply_too() {
    let schema = r#"{"properties": {"a": {"type": "string"}},
        "allOf": [{"properties": {"b": {"type": "integer"}}, "required": ["a"]}]}"#;
    assert_eq!(ty(schema), "object{a: string, b?: int, …}");
    let schema = r#"{"type": "object", "properties": {"a": {}},
        "oneOf": [{"properties": {"b": {}}}, {"properties": {"c": {}}}]}"#;
    assert_eq!(
        ty(schema),
        "object{a?: any, b?: any, …} | object{a?: any, c?: any, …}"
    );
    let schema = r##"{"$ref": "#/$defs/a", "properties": {"b": {}},
        "$defs": {"a": {"properties": {"a": {"type": "null"}}}}}"##;
    assert_eq!(ty(schema), "object{b?: any, a?: null, …}");
    let schema =
        r#"{"properties": {"a": {}}, "if": {"required": ["a"]}, "then": {"required": ["b"]}}"#;
    assert_eq!(ty(schema), "object{a?: any, b?: any, …}");
}

#[test]
fn patterns_leave_other_fields_open_and_positions_other_elements() {
    let schema = r#"{"properties": {"a": {}}, "additionalProperties": false,
        "patternProperties": {"^x": {"type": "integer"}}}"#;
    assert_eq!(ty(schema), "object{a?: any, …: int}");
    let tuple = r#"{"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}]"#;
    assert_eq!(ty(&format!("{tuple}}}")), "list<any>");
    assert_eq!(
        ty(&format!(r#"{tuple}, "items": false}}"#)),
        "list<string | int>"
    );
}

#[test]
fn a_recursive_schema_is_any_and_is_read_quickly() {
    let schema = r##"{"properties": {"next": {"$ref": "#"}, "v": {"type": "integer"}}}"##;
    assert_eq!(
        ty(schema),
        "object{next?: object{next?: any, v?: int, …}, v?: int, …}"
    );
    let properties: Vec<String> = (0..40)
        .map(|at| format!(r##""p{at}": {{"$ref": "#/$defs/n"}}"##))
        .collect();
    let schema = format!(
        r##"{{"$ref": "#/$defs/n", "$defs": {{"n": {{"properties": {{{}}}}}}}}}"##,
        properties.join(", ")
    );
    assert!(ty(&schema).starts_with("object{p0?: any"));
}

/// The guilty text and the message of each finding.
fn bad(text: &str) -> Vec<String> {
    let mut found = crate::diagnostics::Found::default();
    check(&parsed(text), &mut found);
    let shown = found.iter().map(|found| {
        let span = found.primary.span;
        let place = text.get(span.start as usize..span.end as usize).unwrap();
        format!("{place}: {}", found.message)
    });
    shown.collect()
}

#[test]
fn keywords_take_the_values_that_the_draft_says() {
    let schema = r##"{
        "type": ["string", "strin"],
        "pattern": "(a", "minimum": "x", "multipleOf": 0, "minLength": -1, "maxItems": 1.5,
        "enum": "x", "anyOf": {}, "allOf": [], "oneOf": [5],
        "items": [{}], "not": 1, "uniqueItems": "yes", "title": 5,
        "required": [5], "dependentRequired": {"a": "b"},
        "additionalProperties": "no", "properties": [], "patternProperties": {"[a": {}},
        "$defs": {"a": 5}, "$ref": "#/$defs/b", "then": {"$ref": "#gone"}
    }"##;
    insta::assert_snapshot!(bad(schema).join("\n"));
}

#[test]
fn valid_schemas_have_no_findings() {
    for schema in [
        r#"{"typo": 5, "x-mine": [], "nullable": true, "default": 5, "examples": []}"#,
        r##"{"$defs": {"a": {"$anchor": "here"}, "b": {"$ref": "#here"}}, "$ref": "#/$defs/a"}"##,
        r##"{"definitions": {"a b": {}}, "properties": {"a": {"$ref": "#/definitions/a%20b"}}}"##,
        r#"{"$ref": "https://example.com/other.json#/a", "minLength": 2.0}"#,
        r##"{"$defs": {"a": {"$id": "https://x.dev/a", "$defs": {"b": {}}, "$ref": "#/$defs/b"}}}"##,
        r#"{"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "string"}]}"#,
        r#"{"$schema": "http://json-schema.org/draft-04/schema#", "exclusiveMinimum": true}"#,
        r#"{"const": {"type": "nothing"}, "enum": [{"type": 5}], "items": false, "not": true}"#,
        r#"{"pattern": "^[)(]+\\(\\[$", "patternProperties": {"^[]]+$": {}, "(?x) # (": {}}}"#,
        "true",
    ] {
        assert_eq!(bad(schema), Vec::<String>::new(), "{schema}");
    }
}
