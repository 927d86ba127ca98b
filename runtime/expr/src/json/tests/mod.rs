//! Reading and writing JSON: integers that are too large, shared keys, keys given twice.

mod budget;
mod outside;
mod reading;
mod writing;

use super::*;

#[test]
fn integers_that_do_not_fit_64_bits_are_refused_and_shown() {
    for text in [
        "9223372036854775807",
        "-9223372036854775808",
        "[1.0, 99999999999999999999.0, 99999999999999999999e1, 1e400000000000000000000000]",
        r#"{"99999999999999999999": "\"99999999999999999999\\"}"#,
    ] {
        let refused = Value::from_json(text.as_bytes()).err().unwrap_or_default();
        assert!(!refused.contains("64 bits"), "{text}: {refused}");
    }
    for (text, expected) in [
        (
            "9223372036854775808",
            "the integer `9223372036854775808` does not fit 64 bits at line 1 column 19",
        ),
        (
            "{\"a\\\"\": 1,\n \"b\": [-99999999999999999999]}",
            "the integer `-99999999999999999999` does not fit 64 bits at line 2 column 28",
        ),
    ] {
        let refused = Value::from_json(text.as_bytes()).err().unwrap_or_default();
        assert_eq!(refused, expected);
    }
}

#[test]
fn minus_zero_is_the_integer_zero_unless_it_is_written_as_a_float() {
    for (text, expected) in [
        ("-0", "0"),
        ("[-0, -0.0, -0e1, 1e-0, -01]", ""),
        ("[-0, -0.0, -0e1, 1e-0]", "[0,-0.0,-0.0,1.0]"),
        (r#"{"-0": "-0", "\"": -0 }"#, r#"{"-0":"-0","\"":0}"#),
    ] {
        let read = Value::from_json(text.as_bytes()).map(|value| value.to_json());
        assert_eq!(read.unwrap_or_default(), expected, "{text}");
    }
}
