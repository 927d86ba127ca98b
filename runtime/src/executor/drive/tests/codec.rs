//! Values that are written can be read again, also through text.

use proptest::prelude::*;

use super::*;
use crate::executor::tests::drafts::{leaf, stages};

const IDS: [&str; 3] = ["a", "b-c", "d"];

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        (-1e12..1e12_f64).prop_map(Value::Float),
        "\\PC{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..4).prop_map(Value::list);
        let entries = prop::collection::vec(("[a-z]{1,4}", inner), 0..4);
        let object = entries.prop_map(|entries| {
            Value::object(entries.into_iter().map(|(k, v)| (k.into(), v)).collect())
        });
        prop_oneof![list, object]
    })
}

fn any_kind() -> impl Strategy<Value = ErrorType> {
    prop::sample::select(ErrorType::all().collect::<Vec<_>>())
}

fn any_fault() -> impl Strategy<Value = Fault> {
    let texts = ("\\PC{0,20}", prop::option::of("\\PC{0,9}"));
    let numbers = (
        prop::option::of(any::<u16>()),
        prop::option::of(0..1_u64 << 62),
    );
    (
        any_kind(),
        prop::option::of(any_kind()),
        texts,
        numbers,
        any::<bool>(),
    )
        .prop_map(
            |(kind, last, (message, body), (status_code, retry_after_ms), null)| {
                Box::new(StageError {
                    kind,
                    message,
                    status_code,
                    retry_after_ms,
                    last,
                    body,
                    null,
                })
            },
        )
}

fn any_done() -> impl Strategy<Value = Done> {
    let types = prop::collection::vec("[A-Z]{1,5}", 0..3);
    prop_oneof![
        Just(Done::Plain),
        prop::collection::vec(0..3_u32, 0..3).prop_map(Done::Select),
        (any::<bool>(), types, any::<u32>(), 0..1_u64 << 62).prop_map(
            |(propagate, catch_types, max_retries, retry_delay_ms)| Done::Try(TrySettings {
                propagate,
                catch_types,
                max_retries,
                retry_delay_ms
            })
        ),
        (0..1_usize << 40, 0..1_usize << 40, any::<bool>()).prop_map(
            |(count, parallel, break_on_error)| Done::Foreach(ForeachSettings {
                count,
                parallel,
                break_on_error
            })
        ),
    ]
}

fn any_decision() -> impl Strategy<Value = Decision> {
    let items = (
        prop::collection::vec(any_value(), 0..3),
        0..99_usize,
        any::<bool>(),
    );
    let items = items.prop_map(|(kept, total, collect)| Items {
        kept,
        total,
        collect,
    });
    let ending = (any_value(), any::<bool>(), prop::option::of("\\PC{0,9}"));
    let ending = ending.prop_map(|(value, failed, message)| Ending {
        value,
        failed,
        message,
    });
    (
        any_done(),
        prop::option::of(any_value()),
        prop::option::of(items),
        prop::option::of(ending),
    )
        .prop_map(|(done, output, items, ending)| Decision {
            done,
            output,
            items,
            ending,
        })
}

/// The value after being written to text and read again, as with a file.
fn kept(value: &Value) -> Value {
    Value::from_json(value.to_json().as_bytes()).unwrap()
}

proptest! {
    #[test]
    fn outcomes_can_be_read_again(made in prop_oneof![any_value().prop_map(Ok), any_fault().prop_map(Err)]) {
        let read = read_outcome(&kept(&outcome(&made))).unwrap();
        prop_assert_eq!(format!("{read:?}"), format!("{made:?}"));
    }

    #[test]
    fn decisions_can_be_read_again(made in any_decision()) {
        let stages = stages(&IDS.map(leaf));
        let read = read_decision(&kept(&decision(&made, stages)), stages).unwrap();
        prop_assert_eq!(format!("{read:?}"), format!("{made:?}"));
    }
}

#[test]
fn other_versions_and_unknown_stages_are_refused() {
    let read = |json: &str| read_outcome(&Value::from_json(json.as_bytes()).unwrap());
    assert!(read(r#"{"version": 1, "output": null}"#).is_some());
    assert!(read(r#"{"version": 2, "output": null}"#).is_none());
    assert!(read(r#"{"output": null}"#).is_none());
    assert!(
        read(r#"{"version": 1, "fault": {"type": "Odd", "message": "", "null": false}}"#).is_none()
    );
    let made = Decision {
        done: Done::Select(vec![0]),
        output: None,
        items: None,
        ending: None,
    };
    let before = decision(&made, stages(&[leaf("gone")]));
    assert!(read_decision(&before, stages(&[leaf("other")])).is_none());
}
