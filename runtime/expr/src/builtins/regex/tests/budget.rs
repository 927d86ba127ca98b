//! What searches cost: they end by the limit of steps where they would take long, and cost no more
//! than the text where they do not.

use super::*;
use crate::{cx::MAX_STEPS, error::ErrorKind};

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
