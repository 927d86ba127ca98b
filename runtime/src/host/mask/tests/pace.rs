//! Whether masking ends when the time is over.
//!
//! Enters: texts and values that take long, and an alarm. Leaves: how often each byte was paid for,
//! and that nothing goes on after the alarm. Measures no time.

use std::{cell::Cell, rc::Rc};

use fmc_expr::{ErrorKind, cx::Alarm};

use super::super::*;

/// An alarm that rings when it was looked at so often.
#[derive(Debug)]
struct After(Rc<Cell<u64>>);

impl Alarm for After {
    fn rings(&self) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(1));
        left == 0
    }
}

/// What is masked, and how often the alarm was looked at before it stopped. `None` if it never did.
fn looks(value: &Value, rings_after: u64) -> (Cx, Option<u64>) {
    let mask = Mask::new(["s3cr t\"/x", "x7Q"]);
    let left = Rc::new(Cell::new(rings_after));
    let cx = Cx::new().until(Rc::new(After(Rc::clone(&left))));
    match mask.value_within(Some(&cx), value) {
        Ok(_) => (cx, None),
        Err(error) => {
            assert_eq!(error.kind, ErrorKind::Stopped);
            (cx, Some(rings_after - left.get()))
        }
    }
}

/// Texts of a quarter of a megabyte in which each way to look at them finds something to do.
fn texts() -> [(&'static str, String); 10] {
    let of = |part: &str| part.repeat((1 << 18) / part.len());
    [
        ("words", of("some words, ")),
        ("soft hyphens", of("\u{ad}")),
        ("escapes", of("%41")),
        ("escapes in escapes", of("%2541")),
        ("letters", of("a")),
        ("hexadecimal digits", of("41")),
        ("hexadecimal numbers", of("41 ")),
        ("decimal numbers", of("65,")),
        ("no letters", of("-.=")),
        ("secrets", of("s3cr t\"/x and ")),
    ]
}

#[test]
fn each_way_to_look_at_a_text_is_paid() {
    let paid = texts().map(|(name, text)| {
        let (cx, _) = looks(&Value::from(text.as_str()), u64::MAX);
        let times = (cx.spent() * 256) as f64 / text.len() as f64;
        format!("{name}: {times:.0}")
    });
    insta::assert_snapshot!(paid.join("\n"), @"
    words: 8
    soft hyphens: 7
    escapes: 19
    escapes in escapes: 19
    letters: 20
    hexadecimal digits: 48
    hexadecimal numbers: 22
    decimal numbers: 26
    no letters: 8
    secrets: 8
    ");
}

#[test]
fn masking_a_text_ends_when_the_time_is_over() {
    for (name, text) in texts() {
        let value = Value::from(text.as_str());
        let (cx, _) = looks(&value, u64::MAX);
        // The alarm is looked at after about 4,096 steps (`fmc_expr::Cx`).
        let all = cx.spent() / 8_000;
        for rings_after in [0, all] {
            let (_, after) = looks(&value, rings_after);
            assert_eq!(after, Some(rings_after), "{name}");
        }
    }
}

#[test]
fn masking_many_short_texts_ends_when_the_time_is_over() {
    let list = Value::list(vec![Value::from("ab%41cdef"); 20_000]);
    let keys = (0..20_000).map(|nth| (Str::from(nth.to_string()), Value::Null));
    let empty = Value::list(vec![Value::from(""); 20_000]);
    for value in [list, Value::object(keys.collect()), empty] {
        let (cx, _) = looks(&value, u64::MAX);
        assert!(cx.spent() >= 20_000, "{}", cx.spent());
        for rings_after in 0..4 {
            assert_eq!(looks(&value, rings_after).1, Some(rings_after));
        }
    }
}

#[test]
fn a_spent_budget_shows_nothing() {
    let mask = Mask::new(["s3cr t\"/x"]);
    let cx = Cx::new();
    cx.charge(fmc_expr::cx::MAX_STEPS).unwrap();
    let text = "s3cr t\"/x and more".repeat(100);
    let error = mask.text_within(Some(&cx), &text).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Limit);
    assert!(mask.finds_within(Some(&cx), &text).is_err());
}

#[test]
fn a_secret_across_two_pieces_is_found() {
    let secret = "tok-5f1c9a";
    let mask = Mask::new([secret]);
    for before in pace::PIECE - secret.len() - 1..=pace::PIECE + 1 {
        let text = format!(
            "{}{secret}{}",
            "- ".repeat(before / 2),
            ".".repeat(before % 2)
        );
        let text = format!("{}{text}", ".".repeat(before % 2));
        assert!(mask.finds(&text), "{before}");
        assert!(!mask.text(&text).contains(secret), "{before}");
    }
}
