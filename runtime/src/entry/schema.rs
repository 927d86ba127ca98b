//! A small check of an input against `input_schema`.
//!
//! Enters: a schema and a value. Leaves: the value with defaults filled in, or every mistake
//! with its path. Knows `type`, `required`, `properties`, `additionalProperties: false`,
//! `items`, `enum`, `const` and `default`; other keywords wait for the `schema` feature.

use fmc_expr::{Map, Value, ops};

use crate::settings::excerpt;

/// Fills defaults in and checks.
///
/// # Errors
/// One line for each mistake.
pub(crate) fn check(schema: &Value, value: &Value) -> Result<Value, Vec<String>> {
    let mut errors = Vec::new();
    let filled = visit(schema, value, "input", &mut errors);
    if errors.is_empty() {
        Ok(filled)
    } else {
        Err(errors)
    }
}

fn visit(schema: &Value, value: &Value, path: &str, errors: &mut Vec<String>) -> Value {
    if let Some(expected) = schema
        .get("type")
        .filter(|expected| !is_of(value, expected))
    {
        let expected = excerpt(expected).replace('"', "`");
        errors.push(format!(
            "{path}: expected {expected}, found `{}` {}",
            value.kind_name(),
            excerpt(value)
        ));
        return value.clone();
    }
    let choices = schema.get("enum").and_then(Value::as_list);
    if let Some(choices) =
        choices.filter(|choices| !choices.iter().any(|choice| same(choice, value)))
    {
        let choices: Vec<_> = choices.iter().map(excerpt).collect();
        errors.push(format!(
            "{path}: expected one of {}, found {}",
            choices.join(", "),
            excerpt(value)
        ));
    }
    if let Some(only) = schema.get("const").filter(|only| !same(only, value)) {
        errors.push(format!(
            "{path}: expected {}, found {}",
            excerpt(only),
            excerpt(value)
        ));
    }
    match value {
        Value::Object(entries) => object(schema, entries, path, errors),
        Value::List(items) => match schema.get("items") {
            Some(inner) => {
                let items = items.iter().enumerate();
                Value::list(
                    items
                        .map(|(at, item)| visit(inner, item, &format!("{path}[{at}]"), errors))
                        .collect(),
                )
            }
            None => value.clone(),
        },
        scalar => scalar.clone(),
    }
}

fn object(schema: &Value, entries: &Map, path: &str, errors: &mut Vec<String>) -> Value {
    let mut filled = entries.clone();
    let none = Map::new();
    let properties = schema
        .get("properties")
        .and_then(Value::as_object)
        .unwrap_or(&none);
    for (name, inner) in properties {
        if let Some(value) = entries.get(name) {
            let value = visit(inner, value, &format!("{path}.{name}"), errors);
            filled.insert(name.clone(), value);
        } else if let Some(default) = inner.get("default") {
            filled.insert(name.clone(), default.clone());
        }
    }
    for name in schema
        .get("required")
        .and_then(Value::as_list)
        .unwrap_or_default()
    {
        if let Some(name) = name.as_str().filter(|name| !filled.contains_key(*name)) {
            errors.push(format!("{path}: `{name}` is required"));
        }
    }
    if matches!(schema.get("additionalProperties"), Some(Value::Bool(false))) {
        for name in entries
            .keys()
            .filter(|name| !properties.contains_key(*name))
        {
            errors.push(format!("{path}: `{name}` is not a property of the schema"));
        }
    }
    Value::object(filled)
}

/// Equality of JSON: `1` and `1.0` are equal, `1` and `true` are not.
fn same(a: &Value, b: &Value) -> bool {
    matches!(a, Value::Bool(_)) == matches!(b, Value::Bool(_)) && ops::equal(a, b)
}

fn is_of(value: &Value, expected: &Value) -> bool {
    match expected {
        Value::List(kinds) => kinds.iter().any(|kind| is_of(value, kind)),
        Value::Str(kind) => match kind.as_str() {
            "null" => value.is_null(),
            "boolean" => matches!(value, Value::Bool(_)),
            "integer" => match value {
                Value::Int(_) => true,
                Value::Float(number) => number.fract() == 0.0,
                _ => false,
            },
            "number" => matches!(value, Value::Int(_) | Value::Float(_)),
            "string" => matches!(value, Value::Str(_)),
            "array" => matches!(value, Value::List(_)),
            "object" => matches!(value, Value::Object(_)),
            _ => true,
        },
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str = r#"{
        "type": "object", "required": ["id", "level"], "additionalProperties": false,
        "properties": {
            "id": {"type": "integer"},
            "level": {"enum": ["low", "high"], "default": "low"},
            "tags": {"type": ["array", "null"], "items": {"type": "string"}},
            "on": {"type": "boolean", "const": true}
        }
    }"#;

    fn checked(input: &str) -> String {
        let parse = |text: &str| Value::from_json(text.as_bytes()).unwrap();
        match check(&parse(SCHEMA), &parse(input)) {
            Ok(filled) => filled.to_json(),
            Err(errors) => errors.join("\n"),
        }
    }

    #[test]
    fn defaults_are_filled_in_and_every_mistake_is_named() {
        assert_eq!(checked(r#"{"id": 7.0}"#), r#"{"id":7.0,"level":"low"}"#);
        assert_eq!(
            checked(r#"{"id": 7, "tags": null}"#),
            r#"{"id":7,"tags":null,"level":"low"}"#
        );
        insta::assert_snapshot!(checked(r#"{"level": "mid", "tags": ["a", 1], "on": 1, "more": 0}"#), @r#"
        input.level: expected one of "low", "high", found "mid"
        input.tags[1]: expected `string`, found `int` 1
        input.on: expected `boolean`, found `int` 1
        input: `id` is required
        input: `more` is not a property of the schema
        "#);
        assert_eq!(checked("[]"), "input: expected `object`, found `list` []");
    }
}
