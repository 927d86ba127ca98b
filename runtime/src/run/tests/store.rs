//! Tests of `store`.

use std::convert::Infallible;

use fmc_expr::Str;

use super::*;

#[test]
fn an_iteration_reads_its_own_values_first() {
    let mut store = Store::new();
    let item = |value: i64| Map::from_iter([(Str::from("item"), Value::Int(value))]);
    store.open(1, ROOT, item(10));
    store.open(2, ROOT, item(20));
    store.set_output(ROOT, 0, Value::Int(1));
    store.set_output(1, 5, Value::Int(11));
    let seen = Map::from_iter([(Str::from("seen"), Value::Bool(true))]);
    let free = || Ok::<_, Infallible>(());
    let Ok(()) = store.set_variables(2, 7, seen.into(), free);
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

#[test]
fn variables_that_are_not_paid_to_the_end_are_not_set() {
    let mut store = Store::new();
    let variables = |value: i64| {
        let names = ["a", "b", "c"].map(Str::from);
        Object::from(Map::from_iter(names.map(|name| (name, Value::Int(value)))))
    };
    assert_eq!(
        store.set_variables(ROOT, 1, variables(1), || Ok::<_, ()>(())),
        Ok(())
    );
    let mut left = 2;
    let pay = || {
        left -= 1;
        if left < 0 { Err("over") } else { Ok(()) }
    };
    assert_eq!(store.set_variables(ROOT, 2, variables(2), pay), Err("over"));
    for name in ["a", "b", "c"] {
        let value = store.variable(ROOT, name).map(Value::to_json);
        assert_eq!(value.as_deref(), Some("1"));
    }
}
