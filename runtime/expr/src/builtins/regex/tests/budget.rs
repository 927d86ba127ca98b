//! What searches cost: they end by the limit of steps where they would take long, and cost no more
//! than the text where they do not.

use std::rc::Rc;

use super::*;
use crate::{
    cx::{MAX_ALIVE, MAX_STEPS},
    error::ErrorKind,
};

/// The steps that a call takes, or the kind of its error.
fn steps(name: &str, args: &[Value]) -> Result<u64, ErrorKind> {
    let cx = Cx::new();
    call_with(&cx, name, args).map_err(|error| error.kind)?;
    Ok(cx.spent())
}

fn call_with(cx: &Cx, name: &str, args: &[Value]) -> Result<Value, EvalError> {
    let row = crate::builtins::function(name).unwrap();
    let slots =
        crate::builtins::layout(&crate::Cx::new(), row, None, args.to_vec(), Vec::new()).unwrap();
    (row.call)(cx, &slots)
}

fn find(pattern: &str, text: String) -> Result<u64, ErrorKind> {
    steps("re.findall", &[Value::from(pattern), Value::from(text)])
}

#[test]
fn a_search_that_reads_to_the_end_for_each_match_ends_by_the_limit() {
    let quadratic = ".*[^A-Z]|[A-Z]";
    assert_eq!(
        find(quadratic, "A".repeat(1_000_000)),
        Err(ErrorKind::Limit)
    );
    let args = [quadratic.into(), "".into(), "A".repeat(1_000_000).into()];
    assert_eq!(steps("re.sub", &args), Err(ErrorKind::Limit));
    // Twice the text costs four times the work, and it is charged.
    let small = find(quadratic, "A".repeat(2_000)).unwrap();
    let large = find(quadratic, "A".repeat(4_000)).unwrap();
    assert!(large > 3 * small, "{small} {large}");
}

#[test]
fn a_pattern_with_many_states_costs_each_of_them() {
    let text = Value::from("ab".repeat(500_000));
    let args = [Value::from("(?:a?b?){1000}[cd]"), text.clone()];
    assert_eq!(steps("re.search", &args), Err(ErrorKind::Limit));
    // Where few states are ever reached, a search costs about what the text costs.
    let args = [Value::from("(?:a?){1000}b?[cd]"), text];
    assert!(steps("re.search", &args).unwrap() < 1_000_000);
}

#[test]
fn many_different_patterns_end_by_the_limit() {
    let cx = Cx::new();
    let all = (0..9_000).try_for_each(|n| {
        let pattern = Value::from(format!("\\w{{20}}{n}"));
        call_with(&cx, "re.search", &[pattern, Value::from("a")]).map(|_| ())
    });
    assert_eq!(all.unwrap_err().kind, ErrorKind::Limit);
}

#[test]
fn usual_searches_cost_a_part_of_the_text() {
    let lines = |count: usize| {
        let line = "2026-03-01 ERROR payment of order 1234 was declined by höst-7\n";
        line.repeat(count)
    };
    for pattern in [
        "ERROR (\\w+)",
        "nothing of it",
        "\\d{4}-\\d{2}-\\d{2}",
        "(?i)declined by (\\S+)$",
        "(?m)^.*declined.*$",
        "[a-z]+",
    ] {
        let small = find(pattern, lines(5_000)).unwrap();
        let large = find(pattern, lines(10_000)).unwrap();
        assert!(
            large < small * 21 / 10 + 1_000,
            "{pattern}: {small} {large}"
        );
        assert!(large < 16 * 10_000 * 64, "{pattern}: {large}");
    }
    // A text as long as a response may be.
    let text = lines(270_000);
    assert!(text.len() > 16 << 20);
    assert!(find("nothing of it", text).unwrap() < MAX_STEPS / 3);
}

#[test]
fn a_search_in_a_loop_costs_little_after_the_first_time() {
    let cx = Cx::new();
    let text = Value::from("alert 12: disk of höst-7 is full");
    let once = || {
        call_with(
            &cx,
            "re.search",
            &["host-(\\w+)|höst-(\\w+)".into(), text.clone()],
        )
    };
    once().unwrap();
    let before = cx.spent();
    once().unwrap();
    assert!(cx.spent() - before < 300, "{}", cx.spent() - before);
}

#[test]
fn long_patterns_are_refused_before_they_are_read() {
    let cx = Cx::new();
    let refused = call_with(
        &cx,
        "re.search",
        &["[\\w]".repeat(9_000).into(), "a".into()],
    );
    let message = refused.unwrap_err().message;
    assert!(message.ends_with("…`: it is too large"), "{message}");
    assert!(message.len() < 200);
}

#[test]
fn a_pattern_is_held_by_the_budget_while_it_is_searched_for() {
    // Once new, once kept from the first time, once in another attempt.
    let args = ["(a\\w{40})+(b)?", "ab ab"].map(Value::from);
    for _ in 0..3 {
        let cx = Cx::new();
        cx.reserve(5_000).unwrap();
        call_with(&cx, "re.search", &args).unwrap();
        let weight = cx.most_alive() - 5_000;
        assert!(weight > 1 << 20, "{weight}");
        assert!((5_000..6_000).contains(&cx.alive()), "{}", cx.alive());
        let full = Cx::new();
        full.reserve(MAX_ALIVE - weight / 2).unwrap();
        let refused = call_with(&full, "re.search", &args).unwrap_err();
        assert_eq!(
            refused.message,
            "values would hold more than 256 MiB at one time"
        );
        let enough = Cx::new();
        enough.reserve(MAX_ALIVE - weight).unwrap();
        call_with(&enough, "re.search", &args).unwrap();
    }
}

/// How many bytes of patterns are kept on this thread.
fn kept_bytes() -> usize {
    engine::SHELF.with_borrow(|shelf| shelf.bytes)
}

#[test]
fn few_bytes_of_patterns_are_kept() {
    let text = Value::from("ab ab 12 é ".repeat(100));
    let mut kept = 0;
    for n in 0..40 {
        // Each takes about half a megabyte, with its tables.
        let pattern = Value::from(format!("(a?\\w{{50}})|(b{n})|(.*c)"));
        call_with(&Cx::new(), "re.findall", &[pattern, text.clone()]).unwrap();
        let now = kept_bytes();
        assert!(now <= kept::KEPT_BYTES, "{now}");
        kept = kept.max(now);
    }
    assert!(kept > kept::KEPT_BYTES / 2, "{kept}");
}

#[test]
fn a_pattern_that_grew_makes_room_too() {
    let short = Value::from("a");
    let long = Value::from("ab ab 12 é ".repeat(100));
    let pattern = |n: usize| Value::from(format!("(\\w{{40}})|(b{n})|(.*c)"));
    for text in [short, long] {
        for n in 0..40 {
            call_with(&Cx::new(), "re.search", &[pattern(n), text.clone()]).unwrap();
            assert!(kept_bytes() <= kept::KEPT_BYTES);
        }
    }
}

#[test]
fn the_oldest_patterns_go_first() {
    let key = |n: usize| kept::Key {
        pattern: format!("{n}").as_str().into(),
        stand_in: None,
    };
    let mut shelf = kept::Shelf::new();
    for n in 0..100 {
        shelf.keep(&key(n), &Rc::new(n), 1_000);
    }
    assert_eq!(shelf.bytes, 64_000);
    assert!(shelf.find(&key(35)).is_none() && shelf.find(&key(36)).is_some());
    shelf.keep(&key(36), &Rc::new(36), kept::KEPT_BYTES - 10_500);
    assert!(shelf.find(&key(36)).is_none());
    assert_eq!(shelf.bytes, 63_000);
    shelf.keep(&key(7), &Rc::new(7), kept::KEPT_BYTES - 10_500);
    assert_eq!(shelf.bytes, kept::KEPT_BYTES - 500);
    shelf.keep(&key(8), &Rc::new(8), kept::KEPT_BYTES + 1);
    assert_eq!(shelf.bytes, 0);
}
