//! Dates and formats from outside: no directive panics, long texts are charged, messages are short.

use super::*;
use crate::error::ErrorKind;

fn call(cx: &Cx, name: &str, args: &[Value]) -> Result<Value, EvalError> {
    let row = crate::builtins::function(name).unwrap();
    let slots =
        crate::builtins::layout(&crate::Cx::new(), row, None, args.to_vec(), Vec::new()).unwrap();
    (row.call)(cx, &slots)
}

#[test]
fn every_directive_gives_text_or_a_refusal() {
    let date = Value::from("2026-03-01T09:30:00Z");
    let flags = [
        "", "-", "_", "0", "#", ":", "::", ":::", "3", "6", "9", ".", ".3", "E", "O", "^",
    ];
    let mut written = 0;
    for flag in flags {
        for letter in (' '..='~').chain(['é', '\u{0}']) {
            let format = Value::from(format!("a%{flag}{letter}b"));
            match call(&Cx::new(), "format_date", &[date.clone(), format]) {
                Ok(_) => written += 1,
                Err(error) => assert_eq!(error.kind, ErrorKind::Value),
            }
        }
    }
    assert!(written > 100, "{written}");
}

#[test]
fn a_long_format_is_charged_while_it_is_written() {
    let format = |count: usize| Value::from("%c".repeat(count));
    let date = Value::from("2026-03-01T09:30:00Z");
    let steps = |count| {
        let cx = Cx::new();
        call(&cx, "format_date", &[date.clone(), format(count)]).map(|_| (cx.spent(), cx.alive()))
    };
    let (small, large) = (steps(10_000).unwrap(), steps(20_000).unwrap());
    assert!(large.0 > small.0 * 19 / 10 && large.0 < small.0 * 21 / 10);
    assert_eq!(large.1, 20_000 * 24);
    assert_eq!(steps(20 << 20).unwrap_err().kind, ErrorKind::Limit);
}

#[test]
fn a_long_date_is_charged_and_quoted_in_part() {
    let cx = Cx::new();
    let long = Value::from(format!("2026-03-01{}", " ".repeat(1_000_000)));
    assert!(call(&cx, "timestamp", &[long]).is_ok());
    assert!(cx.spent() > 400_000, "{}", cx.spent());
    for (name, args) in [
        ("timestamp", vec![Value::from("x".repeat(1_000_000))]),
        ("date_add", vec![Value::from("9".repeat(1_000_000))]),
        (
            "format_date",
            vec!["2026-03-01".into(), "%".repeat(1_000_001).into()],
        ),
    ] {
        let refused = call(&Cx::new(), name, &args).unwrap_err();
        assert!(
            refused.message.len() < 200,
            "{name}: {}",
            refused.message.len()
        );
        assert!(refused.message.contains('…'), "{name}");
    }
}
