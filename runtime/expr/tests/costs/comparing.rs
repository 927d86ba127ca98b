//! Comparing, searching and hashing.

use super::{refused, spend};

const STEPS: &str = "the limit of 10000000 steps for one attempt was reached";

/// An expression about `a` and `b`: equal lists in which each level holds the next one twice. Each
/// is 40 short lists in memory, and 2⁴⁰ values for one who does not see that they are shared.
fn doubled(inner: &str) -> String {
    let level = |name: &str| format!(" for {name} in [[{name}, {name}]]").repeat(40);
    let (a, b) = (level("a"), level("b"));
    format!("[{inner} for a in [1]{a} for b in [1]{b}]")
}

#[test]
fn a_list_is_equal_to_itself_without_being_read() {
    for inner in [
        "a == a",
        "a != a",
        "a < a",
        "a is a",
        "a in [a]",
        "[a].count(a)",
        "[a].index(a)",
        "max(a, a) == a",
    ] {
        let (value, steps) = spend(&doubled(inner));
        assert!(value.is_ok(), "{inner}: {value:?}");
        assert!(steps < 2_000, "{inner}: {steps}");
    }
}

#[test]
fn comparing_equal_lists_costs_each_value() {
    for inner in [
        "a == b",
        "a != b",
        "a is b",
        "a is not b",
        "a < b",
        "a >= b",
        "a in [b]",
        "[a].count(b)",
        "[a].index(b)",
        "max(a, b)",
        "sorted([a, b])",
        "len(set([a, b]))",
        "len({a, b})",
        "len(unique([a]))",
        "{'k': a} == {'k': b}",
    ] {
        assert_eq!(refused(&doubled(inner)), STEPS, "{inner}");
    }
}

#[test]
fn comparing_long_texts_costs_their_length() {
    for inner in [
        "a == b",
        "a < b",
        "a in b",
        "a.startswith(b)",
        "a.endswith(b)",
        "a.removeprefix(b)",
        "a.removesuffix(b)",
        "{'k': a} == {'k': b}",
        "{a: 1} == {b: 1}",
        "{a: 1}.get(b)",
        "a in {b: 1}",
        "{a: 1}[b]",
        "{a, b}",
        "a.startswith('b', 1)",
    ] {
        let text = format!(
            "len([{inner} for a in ['x' * 10000000] for b in ['x' * 10000000] for i in range(50)])"
        );
        assert_eq!(refused(&text), STEPS, "{inner}");
    }
    // The start of a long text is as cheap as that of a short one.
    let short = "any(a.startswith('b') for a in ['x' * 10000000] for i in range(100000))";
    assert!(spend(short).1 < 1_000_000);
}

#[test]
fn sets_cost_the_size_of_their_elements() {
    for rows in [
        "[[0, i] for i in range(#)]",
        "[{'a': i} for i in range(#)]",
        "[{'a': 0, 'b': [i]} for i in range(#)]",
        "[str(i) for i in range(#)]",
        "[[i] * 3 for i in range(#)]",
        "[2**62 + i for i in range(#)]",
        "[i / 3 for i in range(#)]",
        "[[[]] * i for i in range(40) for j in range(# // 40)]",
    ] {
        for set in ["set", "unique"] {
            let steps = |count: usize| {
                let rows = rows.replace('#', &count.to_string());
                let (value, all) = spend(&format!("len({set}({rows}))"));
                assert!(value.is_ok(), "{value:?}");
                all - spend(&format!("len({rows})")).1
            };
            let (one, two) = (steps(4_000), steps(8_000));
            assert!(two as f64 <= 2.1 * one as f64, "{rows}: {one}, {two}");
        }
    }
}

#[test]
fn values_that_are_equal_have_one_hash() {
    let (value, _) = spend(
        "unique([1, 1.0, True, 0, -0.0, False, 2**53, 2.0**53, 2**62, 2.0**62, 9223372036854775807, \
         2.0**63, -2.0**63, -9223372036854775807 - 1, 0.5, None, '', [], {}, [1], [1.0], [True], \
         {'a': 1, 'b': 2}, {'b': 2.0, 'a': True}, {'a': 2, 'b': 1}])",
    );
    insta::assert_snapshot!(
        value.unwrap().to_json(),
        @r#"[1,0,9007199254740992,4611686018427387904,9223372036854775807,9.223372036854776e+18,-9.223372036854776e+18,0.5,null,"",[],{},[1],{"a":1,"b":2},{"a":2,"b":1}]"#
    );
}
