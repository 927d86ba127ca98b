//! Tests of excerpts.

use fmc_expr::Value;
use proptest::prelude::*;

use super::{SHOWN, excerpt, short};

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::Int),
        any::<bool>().prop_map(Value::Bool),
        "\\PC{0,80}".prop_map(Value::from),
        "[\"\\\\\n]{0,70}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::list),
            prop::collection::vec(("\\PC{0,12}", inner), 0..8).prop_map(|entries| {
                let entries = entries.into_iter();
                Value::object(entries.map(|(key, item)| (key.into(), item)).collect())
            }),
        ]
    })
}

proptest! {
    #[test]
    fn an_excerpt_is_the_beginning_of_the_whole_text(value in value()) {
        prop_assert_eq!(excerpt(&value), short(&value.to_json()));
    }
}

#[test]
fn an_excerpt_of_a_deep_value_ends() {
    // 2^100 lists, each shared twice by the one around it.
    let mut value = Value::empty_list();
    for _ in 0..100 {
        value = Value::list(vec![value.clone(), value]);
    }
    assert_eq!(excerpt(&value), format!("{}…", "[".repeat(SHOWN)));
}
