//! Tests of `fault`.

use super::*;

#[test]
fn catch_error_types_accept_our_names_and_those_of_flowmason() {
    let refused = StageError::new(ErrorType::Connection, "refused");
    let exhausted = StageError::exhausted(refused.clone(), 3);
    let caught = |error: &Fault, entry: &str| error.is_caught_by(&[entry.to_owned()]);
    assert!(refused.is_caught_by(&[]));
    assert!(caught(&refused, "ConnectionError") && caught(&refused, "CONNECTIVITY"));
    assert!(!caught(&refused, "TimeoutError") && !caught(&refused, "TIMEOUT"));
    assert!(caught(&exhausted, "RetryExhausted") && caught(&exhausted, "ConnectionError"));
    assert_eq!(
        exhausted.message,
        "3 attempts failed, the last with ConnectionError: refused"
    );
}
