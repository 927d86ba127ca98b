//! Tests of `mock`.

use super::*;
use crate::executor::tests::drafts::{leaf, pipeline};

fn mocks(json: &str) -> Result<Mocks, String> {
    let pipeline = pipeline(&[leaf("a"), leaf("b")], "b", Vec::new());
    Mocks::new(&Value::from_json(json.as_bytes()).unwrap(), pipeline)
}

#[test]
fn results_are_used_in_turn_and_the_last_one_repeats() {
    let mocks = mocks(
            r#"{"a": {"responses": [{"error": "down"}, {"error": {"type": "TIMEOUT", "message": "slow"}}, {"x": 1}]}}"#,
        )
        .unwrap();
    let said: Vec<_> = (0..4)
        .filter_map(|_| mocks.answer("a"))
        .map(|answer| {
            answer.map_or_else(
                |fault| format!("{}: {}", fault.kind, fault.message),
                |value| value.to_json(),
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            "ConnectionError: down",
            "TimeoutError: slow",
            r#"{"x":1}"#,
            r#"{"x":1}"#
        ]
    );
    assert!(mocks.answer("b").is_none());
}

#[test]
fn mistakes_in_a_mock_file_are_reported() {
    let errors = [
        r#"[]"#,
        r#"{"c": 1}"#,
        r#"{"a": {"responses": []}}"#,
        r#"{"a": {"error": {"type": "Oops"}}}"#,
    ];
    let errors: Vec<_> = errors
        .into_iter()
        .map(|json| mocks(json).unwrap_err())
        .collect();
    insta::assert_snapshot!(errors.join("\n"), @r"
        expected an object of stage ids, found `list`
        no stage `c`; the stages are `a`, `b`
        `a`: `responses` must be a list of at least one result, found []
        `a`: no error type `Oops`; the types are `ConnectionError`, `TimeoutError`, `HttpStatusError`, `ExpressionError`, `ConfigError`, `ValidationError`, `ProviderError`, `RetryExhausted`, `Cancelled`, `InternalError`
        ");
}
