//! What formatting costs, and that it refuses what is absurd with a short message.
//! (`tests/differential/specs.rs` compares the results with CPython.)

use super::*;
use crate::{
    Cx, Value,
    error::{ErrorKind, EvalError},
};

fn formatted(cx: &Cx, value: &Value, spec: &str) -> Result<String, EvalError> {
    let text = field(cx, value, None, spec)?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

#[test]
fn any_width_and_precision_gives_text_or_a_limit() {
    let values = [
        Value::Int(-7),
        Value::Bool(true),
        Value::Float(1.5),
        Value::from("héllo"),
    ];
    for value in &values {
        for number in ["65535", "65536", "70000", "1000000"] {
            for kind in [
                "", "d", "e", "E", "f", "g", "G", "n", "%", "s", "b", "x", "c",
            ] {
                for spec in [
                    format!(".{number}{kind}"),
                    format!("0{number},{kind}"),
                    format!("é^#{number}.{number}{kind}"),
                ] {
                    let Ok(text) = formatted(&Cx::new(), value, &spec) else {
                        continue;
                    };
                    assert!(text.len() <= 4_000_000, "{spec}");
                }
            }
        }
        for spec in [
            ">1000001",
            ".1000001",
            "99999999999999999999",
            ".99999999999999999999",
        ] {
            let refused = formatted(&Cx::new(), value, spec).unwrap_err();
            assert_eq!(refused.kind, ErrorKind::Limit, "{spec}");
        }
    }
}

#[test]
fn zeros_are_grouped_in_one_go() {
    let cx = Cx::new();
    let text = formatted(&cx, &Value::Int(7), "01000000,").unwrap();
    // A text does not start with a separator, so it is one longer.
    assert_eq!(text.len(), 1_000_001);
    assert!(text.starts_with("0,000,") && text.ends_with(",000,007"));
    assert!((100_000..200_000).contains(&cx.spent()), "{}", cx.spent());
    for (width, expected) in [
        (3, "007"),
        (4, "0,007"),
        (5, "0,007"),
        (6, "00,007"),
        (8, "0,000,007"),
    ] {
        let spec = format!("0{width},");
        assert_eq!(formatted(&cx, &Value::Int(7), &spec).unwrap(), expected);
    }
}

#[test]
fn many_wide_texts_end_by_the_limit() {
    let cx = Cx::new();
    let all = (0..1_000).try_for_each(|_| formatted(&cx, &Value::Int(1), "1000000").map(|_| ()));
    assert_eq!(all.unwrap_err().kind, ErrorKind::Limit);
}

#[test]
fn messages_quote_a_part_of_a_long_text() {
    let cx = Cx::new();
    let refusals = [
        formatted(&cx, &Value::Int(1), &"x".repeat(1_000_000)),
        formatted(&cx, &Value::empty_list(), &"x".repeat(1_000_000)),
        str_format(&cx, &format!("}}{}", "x".repeat(1_000_000)), &[], None)
            .map(|text| text.to_json()),
        str_format(&cx, &format!("{{{}}}", "x".repeat(1_000_000)), &[], None)
            .map(|text| text.to_json()),
    ];
    for refused in refusals {
        let message = refused.unwrap_err().message;
        assert!(
            message.len() < 200 && message.contains('…'),
            "{message:.300}"
        );
    }
}
