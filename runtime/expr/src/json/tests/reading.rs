//! Reading JSON gives the same values as a plain reader, but objects with the same keys share them.

use proptest::prelude::*;
use serde_json::Value as Json;

use super::*;
use crate::{str::Str, value::Object};

/// A value that is made entry by entry, without sharing keys.
fn plain(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::Int(number),
            None => Value::from(number.as_f64().unwrap()),
        },
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => Value::list(items.iter().map(plain).collect()),
        Json::Object(entries) => {
            let entries = entries.iter();
            let entries = entries.map(|(key, item)| (Str::from(key.as_str()), plain(item)));
            Value::object(entries.collect())
        }
    }
}

/// JSON texts in which objects often have the same keys, in the same or in another order, and the
/// same key twice.
fn json() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<i32>().prop_map(|value| value.to_string()),
        (-1e9..1e9).prop_map(|value: f64| value.to_string()),
        ".{0,20}".prop_map(|text| Json::from(text).to_string()),
    ];
    scalar.prop_recursive(5, 200, 12, |inner| {
        let key = prop_oneof![
            Just("id".to_owned()),
            Just("a\\u0062".to_owned()),
            Just("ab".to_owned()),
            Just("the name of the service".to_owned()),
            "[a-d]{0,2}",
        ];
        let entry = (key, inner.clone()).prop_map(|(key, value)| format!("\"{key}\": {value}"));
        prop_oneof![
            prop::collection::vec(inner, 0..12).prop_map(|all| format!("[{}]", all.join(","))),
            prop::collection::vec(entry, 0..12).prop_map(|all| format!("{{{}}}", all.join(","))),
        ]
    })
}

fn reads_as_plain(text: &str) -> Value {
    let value = Value::from_json(text.as_bytes()).unwrap();
    let expected = plain(&serde_json::from_str(text).unwrap());
    assert_eq!(value.to_json(), expected.to_json(), "{text}");
    value
}

proptest! {
    #[test]
    fn reading_gives_what_making_it_entry_by_entry_gives(text in json()) {
        reads_as_plain(&text);
    }
}

fn objects(value: &Value) -> Vec<&Object> {
    let items = value.as_list().unwrap().iter();
    items.filter_map(Value::as_object).collect()
}

/// Whether two objects share their keys in memory.
fn share_keys(a: &Object, b: &Object) -> bool {
    std::ptr::eq(a.shared_keys().as_slice(), b.shared_keys().as_slice())
}

#[test]
fn objects_with_the_same_keys_in_the_same_order_share_them() {
    let value = reads_as_plain(
        r#"[{"a": 1, "b": {"a": 1, "b": 2}}, {"b": 1, "a": 2}, {"a": 3, "b": 4}, {"a": 5},
            {"a": 6, "a": 7, "b": 8, "a": 9}]"#,
    );
    let [first, turned, second, one, doubled] = objects(&value).try_into().unwrap();
    let inner = first.get("b").and_then(Value::as_object).unwrap();
    assert!(share_keys(first, second) && share_keys(first, inner));
    assert!(share_keys(first, doubled));
    assert!(!share_keys(first, turned) && !share_keys(first, one));
}

#[test]
fn large_objects_and_many_different_keys_are_read_too() {
    let entries = |count: usize, more: &str| {
        let entries = (0..count).map(|n| format!("\"key-{n}\": {n}, "));
        format!("{{{}{more}}}", entries.collect::<String>())
    };
    for count in [0, 1, 8, 9, 63, 64, 255, 256, 257, 258, 1_000] {
        reads_as_plain(&entries(count, "\"last\": 1"));
        // A key given twice, before the object is too large to share its keys and after.
        reads_as_plain(&entries(count, "\"key-0\": true, \"last\": 1, \"last\": 2"));
    }
    let shapes: Vec<String> = (0..5_000)
        .map(|n| format!("{{\"{n}\": 1, \"x\": {n}}}"))
        .collect();
    let value = reads_as_plain(&format!("[{0}, {0}]", shapes.join(",")));
    let all = objects(&value);
    assert!(
        share_keys(all[0], all[5_000]),
        "known before the tree was full"
    );
}

#[test]
fn all_empty_lists_are_one_list_in_memory_and_all_empty_objects_one_object() {
    let value = reads_as_plain("[[], [], {}, {}]");
    let [a, b, c, d] = value.as_list().unwrap() else {
        panic!("four");
    };
    assert!(a.is_unchanged(b) && c.is_unchanged(d) && !a.is_unchanged(c));
}

#[test]
fn long_lists_are_read_completely() {
    for length in [1_023, 1_024, 1_025, 3_000] {
        let items: Vec<String> = (0..length)
            .map(|n| format!("[{n}, {{\"n\": {n}}}]"))
            .collect();
        reads_as_plain(&format!(
            "{{\"items\": [{}], \"after\": [1]}}",
            items.join(",")
        ));
    }
}

#[test]
fn nothing_of_a_text_that_fails_is_left_for_the_next() {
    assert!(Value::from_json(br#"[1, {"a": [2, {"b": ]}"#).is_err());
    reads_as_plain(r#"{"a": [1]}"#);
}

#[test]
fn rows_of_many_keys_share_them_too() {
    let row = |first: usize| {
        let entries = (0..70).map(|n| format!("\"column {n}\": {}", first + n));
        format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
    };
    let value = reads_as_plain(&format!("[{}, {}]", row(1), row(2)));
    let [first, second] = objects(&value).try_into().unwrap();
    assert!(share_keys(first, second));
}
