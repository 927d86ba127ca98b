//! What operators and builtins charge: every work that grows with the data costs steps where it is
//! done.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod comparing;

use fmc_expr::{Cx, EvalError, Value, interp, parse};

/// The value of an expression, and the steps it took.
fn spend(text: &str) -> (Result<Value, EvalError>, u64) {
    let parsed = parse::parse(text);
    assert!(parsed.errors.is_empty(), "{text}: {:?}", parsed.errors);
    let cx = Cx::new();
    let value = interp::eval(&parsed.expr, &interp::Names::new(), &cx);
    (value.map_err(|located| located.error), cx.spent())
}

/// The message with which an expression ends at a limit.
fn refused(text: &str) -> String {
    let (value, _) = spend(text);
    value.expect_err(text).to_string()
}
