//! Tests of `store`.

use super::*;

#[test]
fn an_iteration_reads_its_own_values_first() {
    let mut store = Store::new();
    let item = |value: i64| Map::from_iter([(Str::from("item"), Value::Int(value))]);
    store.open(1, ROOT, item(10));
    store.open(2, ROOT, item(20));
    store.set_output(ROOT, 0, Value::Int(1));
    store.set_output(1, 5, Value::Int(11));
    store.set_variables(
        2,
        7,
        Map::from_iter([(Str::from("seen"), Value::Bool(true))]),
    );
    assert_eq!(store.output(1, 0).map(Value::to_json).as_deref(), Some("1"));
    assert_eq!(
        store.output(1, 5).map(Value::to_json).as_deref(),
        Some("11")
    );
    assert!(store.output(2, 5).is_none(), "another iteration's output");
    assert_eq!(
        store.variable(2, "item").map(Value::to_json).as_deref(),
        Some("20")
    );
    assert!(store.variable(1, "seen").is_none() && store.variable(ROOT, "item").is_none());
    store.close(1);
    assert!(store.output(1, 0).is_none());
}
