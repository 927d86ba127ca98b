//! When a run stops, rests between attempts end at once. Nothing of an earlier try is left in the
//! next one.

use fmc_expr::Value;

use super::{
    bench::{Bench, PROBE, Ran},
    drafts::{Draft, conditional, foreach, leaf, returns, trycatch},
    run::{failing, json, json_lines, probe},
};
use crate::{
    base::{fault::Outcome, retry::OnError},
    component::VARIABLE_SET,
    executor::drive::{RunResult, Signal},
    scope::{Scope, render},
};

/// Retries with a minute between attempts.
const LONG: OnError = OnError::Retry {
    max_retries: 5,
    delay_ms: 60_000,
    multiplier: 1.0,
    max_delay_ms: None,
};

/// A trycatch with a finally list, around a stage or block `b` that fails and then rests.
fn around(b: &[Draft]) -> Vec<Draft> {
    let mut drafts = vec![trycatch("t", "b", "c", "f"), probe("c"), probe("f")];
    drafts.extend(b.iter().cloned());
    drafts
}

/// Everything that can rest: a stage, a `foreach`, a `conditional`, a try list. Each is called `b`.
fn resting() -> [(&'static str, Vec<Draft>); 4] {
    let each = foreach("b", "x").config(|_| Ok(json(r#"{"items": [1]}"#)));
    let choice = conditional("b", "x", "").config(|_| Ok(json(r#"{"condition": true}"#)));
    let list = trycatch("b", "x", "", "")
        .config(|_| Ok(json(r#"{"max_retries": 5, "retry_delay_ms": 60000}"#)));
    [
        ("stage", vec![failing("b").on_error(LONG)]),
        ("foreach", vec![each.on_error(LONG), failing("x")]),
        ("conditional", vec![choice.on_error(LONG), failing("x")]),
        ("try list", vec![list, failing("x")]),
    ]
}

fn count(ran: &Ran, line: &str) -> usize {
    ran.lines.iter().filter(|one| *one == line).count()
}

fn cleaned_up(what: &str, ran: &Ran, within_ms: u64) {
    let lines = ran.lines();
    assert!(
        ran.took_ms <= within_ms,
        "{what}: {} ms\n{lines}",
        ran.took_ms
    );
    assert_eq!(count(ran, "-f"), 1, "{what}: {lines}");
    let attempts = count(ran, "+b") + count(ran, "+x") + count(ran, "+x 1");
    assert_eq!(attempts, 1, "{what}: {lines}");
}

#[test]
fn a_signal_ends_every_rest_and_finally_runs() {
    for (what, b) in resting() {
        let ran = Bench::new(&around(&b), "t")
            .signal(600, Signal::Terminate)
            .run();
        assert!(
            matches!(ran.end.result, RunResult::Interrupted(_)),
            "{what}"
        );
        cleaned_up(what, &ran, 610);
    }
}

#[test]
fn the_time_limit_of_the_run_ends_every_rest_and_finally_runs() {
    for (what, b) in resting() {
        let mut bench = Bench::new(&around(&b), "t");
        bench.options.timeout_ms = Some(1000);
        let ran = bench.run();
        assert!(
            matches!(ran.end.result, RunResult::TimedOut(1000)),
            "{what}"
        );
        cleaned_up(what, &ran, 1010);
    }
}

#[test]
fn a_failure_elsewhere_ends_every_rest() {
    for (what, b) in resting() {
        let mut drafts = around(&b);
        let slow = leaf("bad").runs(&PROBE);
        drafts.push(slow.config(|_| Ok(json(r#"{"ms": 300, "fail": 9}"#))));
        let ran = Bench::new(&drafts, "t").run();
        assert_eq!(ran.output(), "ConnectionError: refused", "{what}");
        cleaned_up(what, &ran, 310);
    }
}

#[test]
fn a_return_ends_every_rest() {
    for (what, b) in resting() {
        let mut drafts = around(&b);
        drafts.push(
            leaf("slow")
                .runs(&PROBE)
                .config(|_| Ok(json(r#"{"ms": 300}"#))),
        );
        let end = returns("r").config(|_| Ok(json(r#"{"return_value": 7}"#)));
        drafts.push(end.after("slow"));
        let ran = Bench::new(&drafts, "t").run();
        assert_eq!(ran.output(), "7", "{what}");
        cleaned_up(what, &ran, 310);
    }
}

#[test]
fn a_stage_that_rests_in_a_block_that_fails_is_not_tried_again() {
    let items: fn(&Scope<'_>) -> Outcome = |_| Ok(json(r#"{"items": [1, 2], "parallel": true}"#));
    // The first item rests for a minute; the second fails and is not retried.
    let x: fn(&Scope<'_>) -> Outcome = |s| {
        let first = s.context("index").to_json() == "0";
        Ok(json(if first {
            r#"{"ms": 10, "fail": 9}"#
        } else {
            r#"{"ms": 50, "fail": "no number"}"#
        }))
    };
    let drafts = [
        trycatch("t", "each", "c", ""),
        foreach("each", "x").config(items),
        leaf("x").runs(&PROBE).config(x).on_error(LONG),
        probe("c"),
        probe("after").after("t"),
    ];
    let ran = Bench::new(&drafts, "after").run();
    assert_eq!(ran.output(), r#""after""#);
    assert!(ran.took_ms <= 100, "{}\n{}", ran.took_ms, ran.lines());
}

#[test]
fn finally_does_not_read_the_error_of_an_earlier_try() {
    let drafts = [
        trycatch("t", "a", "c", "f")
            .config(|_| Ok(json(r#"{"max_retries": 3, "retry_delay_ms": 5}"#))),
        leaf("a"),
        leaf("c"),
        leaf("f").config(|s| render::tests::object(vec![("data", s.error())])),
        leaf("end").after("t").config(|s| {
            let both = Value::list(vec![s.upstream(0), s.upstream(3)]);
            render::tests::object(vec![("data", both)])
        }),
    ];
    let answers = |last| {
        format!(r#"{{"a": {{"responses": [{{"error": "down"}}, {{"error": "down"}}, {last}]}}}}"#)
    };
    let ran = Bench::new(&drafts, "end")
        .mocks(&answers(r#"{"ok": 1}"#))
        .run();
    insta::assert_snapshot!(json_lines(&ran), @r#"
    {"status":"success","error_occurred":false,"error_message":null,"error_type":null,"recovered":false}
    {"result":null,"fields_mapped":0,"fields_missing":[]}
    "#);
    let ran = Bench::new(&drafts, "end")
        .mocks(&answers(r#"{"error": "down"}"#))
        .run();
    insta::assert_snapshot!(json_lines(&ran), @r#"
    {"status":"caught","error_occurred":true,"error_message":"down","error_type":"ConnectionError","recovered":true}
    {"result":{"message":"down","type":"ConnectionError","stage_id":"a","status_code":null},"fields_mapped":0,"fields_missing":[]}
    "#);
}

#[test]
fn outputs_and_variables_of_an_earlier_try_are_gone() {
    // What `show` reads is not set in the second try.
    let drafts = [
        trycatch("t", "show set a", "", "")
            .config(|_| Ok(json(r#"{"max_retries": 1, "retry_delay_ms": 5}"#))),
        leaf("show").runs(&PROBE).config(|s| {
            let seen = Value::list(vec![s.context("x"), s.upstream(2)]);
            say(s, &seen);
            Ok(json("{}"))
        }),
        leaf("set")
            .runs(&VARIABLE_SET)
            .config(|_| Ok(json(r#"{"variables": {"x": 1}}"#))),
        failing("a"),
    ];
    let ran = Bench::new(&drafts, "t").run();
    let seen: Vec<_> = ran
        .lines
        .iter()
        .filter(|line| line.starts_with("seen"))
        .collect();
    assert_eq!(
        seen,
        ["seen [null,null]", "seen [null,null]"],
        "{}",
        ran.lines()
    );
}

/// Logs what a stage can read.
fn say(s: &Scope<'_>, seen: &Value) {
    let line = format!("seen {}", seen.to_json());
    s.site.run.reporter.line(&fmc_expr::outside::line(&line));
}
