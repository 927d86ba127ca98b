//! Tests of stages that compute too long, and of stages in which fmc panics.
//!
//! The thread of the run is busy, so timers cannot fire. These tests use the real clock, and a
//! component that computes until its alarm rings.

use std::time::{Duration, Instant};

use fmc_expr::{Value, cx::Alarm as _};

use crate::{
    base::fault::StageError,
    component::{Call, Component, Work},
    executor::{
        drive::{RunResult, Signal},
        tests::{
            bench::{Bench, Ran},
            drafts::{Draft, foreach, leaf, trycatch},
            run::{json, probe, retry},
        },
    },
};

/// Computes until its alarm rings, and then fails, or succeeds if its setting `well` is true.
static BUSY: Component = Component {
    name: "busy",
    side_effect: false,
    presets: &[],
    run: |call| {
        let site = &call.site;
        let begin = Instant::now();
        while !site.budget.deadline.rings() {
            assert!(begin.elapsed() < Duration::from_secs(60), "no alarm");
        }
        Work::Done(if is(&call, "well") {
            Ok(Value::from("well"))
        } else {
            Err(StageError::expression("stopped in `…`"))
        })
    },
    preflight: None,
};

static PANICS: Component = Component {
    name: "panics",
    side_effect: false,
    presets: &[],
    run: |call| {
        assert!(is(&call, "later"), "lost at once");
        Work::Task(Box::pin(async { panic!("lost later") }))
    },
    preflight: None,
};

fn is(call: &Call, setting: &str) -> bool {
    matches!(call.settings.any(setting), Value::Bool(true))
}

fn busy(id: &str) -> Draft {
    leaf(id).runs(&BUSY)
}

fn run(bench: Bench) -> Ran {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(bench.go())
}

#[test]
fn a_computing_stage_fails_at_its_time_limit_whatever_it_returns() {
    for config in [r#"{}"#, r#"{"well": true}"#] {
        let stage = busy("a").timeout(20);
        let ran = run(Bench::new(&[stage.clone().config(|s| Ok(s.input()))], "a").input(config));
        assert_eq!(
            ran.output(),
            "TimeoutError: took longer than `timeout_ms` (20 ms)"
        );
    }
    let again = busy("a").timeout(20).on_error(retry(1, 1));
    let ran = run(Bench::new(&[again], "a"));
    assert_eq!(
        ran.output(),
        "RetryExhausted: 2 attempts failed, the last with TimeoutError: \
         took longer than `timeout_ms` (20 ms)"
    );
}

#[test]
fn rendering_the_settings_counts_too() {
    let slow = probe("a").timeout(20).config(|s| {
        while !s.site.budget.deadline.rings() {}
        Ok(json(r#"{"ms": 0, "out": "well"}"#))
    });
    let ran = run(Bench::new(&[slow], "a"));
    assert_eq!(
        ran.output(),
        "TimeoutError: took longer than `timeout_ms` (20 ms)"
    );
    assert_eq!(ran.lines(), "");
}

#[test]
fn a_block_bounds_what_computes_inside() {
    let each = foreach("each", "a").config(|_| Ok(json(r#"{"items": [1, 2, 3]}"#)));
    let ran = run(Bench::new(
        &[
            each.timeout(20).on_error(retry(1, 1)),
            busy("a").timeout(600_000),
        ],
        "each",
    ));
    assert_eq!(
        ran.output(),
        "RetryExhausted: 2 attempts failed, the last with TimeoutError: \
         took longer than `timeout_ms` (20 ms)"
    );
    assert!(ran.end.elapsed_ms < 30_000, "{}", ran.end.elapsed_ms);
    // The inner block has no limit, the outer one has.
    let drafts = [
        trycatch("t", "each", "c", "f").timeout(20),
        foreach("each", "a").config(|_| Ok(json(r#"{"items": [1]}"#))),
        busy("a"),
        probe("c"),
        probe("f"),
    ];
    let ran = run(Bench::new(&drafts, "t"));
    assert_eq!(
        (ran.output().as_str(), ran.lines().as_str()),
        (
            "TimeoutError: took longer than `timeout_ms` (20 ms)",
            "+f\n-f"
        )
    );
}

#[test]
fn a_finally_list_runs_after_the_time_limit_of_the_run() {
    let drafts = [
        trycatch("t", "a", "c", "f"),
        busy("a").config(|_| Ok(json(r#"{"well": true}"#))),
        probe("c"),
        probe("f"),
    ];
    let mut bench = Bench::new(&drafts, "t");
    bench.options.timeout_ms = Some(20);
    let ran = run(bench);
    assert!(matches!(ran.end.result, RunResult::TimedOut(20)));
    assert_eq!(ran.lines(), "+f\n-f");
    insta::assert_snapshot!(ran.report(), @r"
    run failed: it took longer than `--timeout` (20 ms)

      ✗ t  N ms, failed
      ✗ a  N ms, failed
      - c  not run: the run stopped before it
      ✓ f  N ms

    run-1, N ms
    ");
    // The grace time bounds the finally list.
    let drafts = [trycatch("t", "a", "", "f"), busy("a"), busy("f")];
    let mut bench = Bench::new(&drafts, "t");
    bench.options.timeout_ms = Some(20);
    bench.options.grace_ms = 20;
    let ran = run(bench);
    assert!(matches!(ran.end.result, RunResult::TimedOut(20)));
    assert!(ran.report().contains("✗ f  N ms, stopped"));
}

#[test]
fn a_signal_that_the_loop_has_not_seen_is_the_result_of_the_run() {
    let stage = busy("a").config(|_| Ok(json(r#"{"well": true}"#)));
    let drafts = [stage, probe("b").after("a")];
    let mut bench = Bench::new(&drafts, "b");
    bench.sudden = Some(Signal::Interrupt);
    let ran = run(bench);
    let result = &ran.end.result;
    assert!(
        matches!(result, RunResult::Interrupted(Signal::Interrupt)),
        "{result:?}"
    );
    assert_eq!(ran.lines(), "");
    insta::assert_snapshot!(ran.report(), @r"
    run stopped by SIGINT

      ✗ a  N ms, stopped
      - b  not run

    run-1, N ms
    ");
}

#[test]
fn a_panic_fails_its_stage() {
    let config = [
        (leaf("a").runs(&PANICS), "lost at once"),
        (
            leaf("a")
                .runs(&PANICS)
                .config(|_| Ok(json(r#"{"later": true}"#))),
            "lost later",
        ),
        (
            leaf("a").config(|_| panic!("lost in a setting")),
            "lost in a setting",
        ),
        (
            leaf("a").deferred("template", |_| panic!("lost in a template")),
            "lost in a template",
        ),
        (
            foreach("a", "b").config(|_| panic!("lost in a decision")),
            "lost in a decision",
        ),
    ];
    for (stage, said) in config {
        let drafts = [
            trycatch("t", "a", "", "f")
                .config(|_| Ok(json(r#"{"catch_error_types": ["TIMEOUT"]}"#))),
            stage.on_error(retry(3, 1)),
            probe("f"),
            probe("b").after("t"),
        ];
        let ran = run(Bench::new(&drafts, "t"));
        let report = ran.report();
        assert_eq!(ran.lines(), "+f\n-f", "{report}");
        assert!(report.starts_with("run failed at `a`"), "{report}");
        let bug = "InternalError: this is a bug in fmc, please report it at https://";
        assert!(report.contains(bug) && report.contains(said), "{report}");
    }
}

#[test]
fn a_panic_in_a_fallback_fails_its_stage() {
    let stage = leaf("a")
        .config(|_| Err(StageError::config("refused")))
        .on_error(crate::base::retry::OnError::Continue)
        .fallback(|_| panic!("lost in a fallback"));
    let ran = run(Bench::new(&[stage], "a"));
    assert!(
        ran.output().contains("lost in a fallback"),
        "{}",
        ran.output()
    );
}
