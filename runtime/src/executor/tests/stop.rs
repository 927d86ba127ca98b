//! Tests of what ends a run early: returns, signals, time limits.

use crate::{
    base::{
        fault::{ErrorType, Outcome, StageError},
        retry::OnError,
    },
    executor::{
        drive::{RunResult, Signal},
        tests::{
            bench::{Bench, PROBE},
            drafts::{foreach, leaf, returns, router, trycatch},
            run::{failing, json, probe, retry},
        },
    },
    scope::Scope,
};

#[test]
fn a_return_ends_the_run_with_its_value() {
    let drafts = |status: fn(&Scope<'_>) -> Outcome| {
        [
            probe("slow"),
            returns("r")
                .deferred("condition", |s| Ok(s.input()))
                .config(status),
            probe("after").after("slow"),
        ]
    };
    let config: fn(&Scope<'_>) -> Outcome = |_| Ok(json(r#"{"return_value": {"early": true}}"#));
    let ran = Bench::new(&drafts(config), "after").input("true").run();
    assert_eq!(
        (ran.output().as_str(), ran.lines().as_str()),
        (r#"{"early":true}"#, "+slow\n-slow")
    );
    let ran = Bench::new(&drafts(config), "after").input("false").run();
    assert_eq!(ran.output(), r#""after""#);
    let failed: fn(&Scope<'_>) -> Outcome = |_| {
        Ok(json(
            r#"{"return_value": 1, "status": "failed", "message": "no hunter22"}"#,
        ))
    };
    let ran = Bench::new(&drafts(failed), "after").input("true").run();
    insta::assert_snapshot!(ran.report(), @r"
    run ended as failed by `r` (return): no ***

      ✓ slow   N ms
      ✓ r
      - after  not run: the run stopped before it

    run-1, N ms
    ");
}

#[test]
fn a_stage_after_one_that_was_not_chosen_waits_for_the_try_around_it() {
    let drafts = [
        trycatch("t", "r", "", "f")
            .config(|_| Ok(json(r#"{"max_retries": 1, "retry_delay_ms": 20}"#))),
        router("r", &[("k", "a")], None)
            .config(|_| Err(StageError::new(ErrorType::Connection, "refused"))),
        probe("a"),
        probe("f"),
        trycatch("u", "b", "", ""),
        probe("b"),
        probe("late").after("a b"),
    ];
    let ran = Bench::new(&drafts, "late").run();
    assert_eq!(ran.lines(), "+b\n-b\n+f\n-f\n+late\n-late");
}

#[test]
fn stages_that_were_not_chosen_are_not_reported_as_stopped() {
    let drafts = [
        router("r", &[("a", "bad"), ("b", "other")], None)
            .config(|_| Ok(json(r#"{"value": "a"}"#))),
        failing("bad"),
        probe("other"),
        probe("late").after("bad"),
    ];
    let ran = Bench::new(&drafts, "late").run();
    insta::assert_snapshot!(ran.report(), @r"
    run failed at `bad` (probe)
      ConnectionError: token *** refused

      ✗ r      N ms, failed
      ✗ bad    N ms, failed
      - other  not run: nothing selected it
      - late   not run: `bad` did not succeed

    run-1, N ms
    ");
}

#[test]
fn a_signal_lets_running_stages_finish_and_starts_nothing_new() {
    let drafts = [
        probe("a"),
        trycatch("t", "x y", "c", "f"),
        probe("x"),
        probe("y"),
        probe("c"),
        probe("f"),
        probe("b").after("a"),
    ];
    let ran = Bench::new(&drafts, "b").signal(5, Signal::Terminate).run();
    assert!(matches!(
        ran.end.result,
        RunResult::Interrupted(Signal::Terminate)
    ));
    insta::assert_snapshot!(format!("{}\n{}", ran.lines(), ran.report()), @r"
    +a
    +x
    -a
    -x
    +f
    -f
    run stopped by SIGTERM

      ✓ a  N ms
      ✗ t  N ms, stopped
      ✓ x  N ms
      - y  not run: the run stopped before it
      - c  not run: the run stopped before it
      ✓ f  N ms
      - b  not run: the run stopped before it

    run-1, N ms
    ");
}

#[test]
fn a_second_signal_or_the_end_of_grace_ends_the_run_at_once() {
    let slow = || {
        [leaf("a")
            .runs(&PROBE)
            .config(|_| Ok(json(r#"{"ms": 60000}"#)))]
    };
    let twice = Bench::new(&slow(), "a")
        .signal(5, Signal::Interrupt)
        .signal(5, Signal::Interrupt)
        .run();
    assert_eq!(twice.took_ms, 10);
    let mut bench = Bench::new(&slow(), "a").signal(5, Signal::Interrupt);
    bench.options.grace_ms = 100;
    let ran = bench.run();
    assert_eq!((ran.took_ms, ran.lines().as_str()), (105, "+a"));
    assert!(
        ran.report().contains("✗ a  N ms, stopped"),
        "{}",
        ran.report()
    );
}

#[test]
fn a_signal_ends_the_wait_for_another_attempt() {
    let drafts = [failing("a").on_error(retry(5, 60_000))];
    let ran = Bench::new(&drafts, "a").signal(50, Signal::Terminate).run();
    assert_eq!(ran.took_ms, 50);
}

#[test]
fn a_run_has_a_time_limit() {
    let slow = leaf("a")
        .runs(&PROBE)
        .config(|_| Ok(json(r#"{"ms": 60000}"#)));
    let drafts = [trycatch("t", "a", "c", "f"), slow, probe("c"), probe("f")];
    let mut bench = Bench::new(&drafts, "t");
    bench.options.timeout_ms = Some(100);
    let ran = bench.run();
    assert!(matches!(ran.end.result, RunResult::TimedOut(100)));
    assert_eq!((ran.took_ms, ran.lines().as_str()), (110, "+a\n+f\n-f"));
}

#[test]
fn a_block_has_a_time_limit_and_can_be_retried_or_continued() {
    let slow = leaf("a")
        .runs(&PROBE)
        .config(|_| Ok(json(r#"{"ms": 60000}"#)));
    let block = || {
        foreach("each", "a")
            .config(|_| Ok(json(r#"{"items": [1]}"#)))
            .timeout(50)
    };
    let ran = Bench::new(&[block(), slow.clone()], "each").run();
    assert_eq!(
        ran.output(),
        "TimeoutError: took longer than `timeout_ms` (50 ms)"
    );
    let ran = Bench::new(&[block().on_error(retry(1, 10)), slow.clone()], "each").run();
    assert!(
        ran.output()
            .starts_with("RetryExhausted: 2 attempts failed, the last with TimeoutError"),
        "{}",
        ran.output()
    );
    let ran = Bench::new(
        &[
            block()
                .on_error(OnError::Continue)
                .fallback(|_| Ok(json("[]"))),
            slow,
        ],
        "each",
    )
    .run();
    assert_eq!((ran.output().as_str(), ran.took_ms), ("[]", 50));
}
