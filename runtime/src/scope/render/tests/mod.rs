//! Tests of `render`.

use fmc_expr::{Cx, Value};

use super::parts::{join, keyed, text};
use crate::base::fault::Outcome;

/// An object with literal keys, for tests that do what generated code does.
pub(crate) fn object(entries: Vec<(&'static str, Value)>) -> Outcome {
    Ok(crate::base::object::object(entries))
}

#[test]
fn templated_keys_are_written_in_their_text_form() {
    let entries = vec![
        (Value::Int(7), Value::from("a")),
        (Value::from("x{{y}}"), Value::from("b")),
    ];
    let object = keyed(&Cx::new(), entries).map(|value| value.to_json());
    assert_eq!(object.as_deref(), Ok(r#"{"7":"a","x{{y}}":"b"}"#));
    let doubled = vec![
        (Value::Int(7), Value::Null),
        (Value::from("7"), Value::Null),
    ];
    assert!(keyed(&Cx::new(), doubled).is_err());
}

#[test]
fn joined_parts_are_written_in_their_text_form() {
    let parts = [
        text("n="),
        Value::Int(1),
        text(" b="),
        Value::Bool(true),
        text(" null="),
        Value::Null,
        text(" list="),
        Value::list(vec![Value::Float(1.0), Value::from("é")]),
    ];
    let joined = join(&Cx::new(), &parts).map(|value| value.to_json());
    assert_eq!(
        joined.as_deref(),
        Ok(r#""n=1 b=true null= list=[1.0,\"é\"]""#)
    );
}
