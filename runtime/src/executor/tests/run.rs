//! Tests of whole runs, with the real driver and a clock that moves by itself.

use std::sync::LazyLock;

use fmc_expr::Value;

use crate::{
    base::{fault::Outcome, retry::OnError},
    component::LOGGER,
    executor::tests::{
        bench::{Bench, PROBE, Ran},
        drafts::{Draft, conditional, foreach, leaf, router, trycatch},
    },
    scope::{Scope, render},
};

pub(super) fn json(text: &'static str) -> Value {
    Value::from_json(text.as_bytes()).unwrap()
}

/// A probe that takes 10 ms and whose output is its name.
pub(super) fn probe(id: &str) -> Draft {
    leaf(id).runs(&PROBE).config(|s| {
        render::tests::object(vec![("ms", Value::Int(10)), ("out", s.context("stage_id"))])
    })
}

pub(super) fn failing(id: &str) -> Draft {
    probe(id).config(|_| {
        Ok(json(
            r#"{"ms": 10, "fail": 99, "message": "token hunter22 refused"}"#,
        ))
    })
}

pub(super) fn retry(max_retries: u32, delay_ms: u64) -> OnError {
    OnError::Retry {
        max_retries,
        delay_ms,
        multiplier: 2.0,
        max_delay_ms: None,
    }
}

#[test]
fn stages_overlap_and_joins_wait() {
    let drafts = [
        probe("a"),
        probe("b"),
        probe("c").after("a b"),
        probe("d").after("a"),
    ];
    let ran = Bench::new(&drafts, "c").run();
    insta::assert_snapshot!(ran.lines(), @r"
    +a
    +b
    -a
    -b
    +d
    +c
    -d
    -c
    ");
    assert_eq!((ran.output().as_str(), ran.took_ms), (r#""c""#, 20));
}

#[test]
fn no_more_stages_run_at_a_time_than_allowed() {
    let drafts = [probe("a"), probe("b"), probe("c")];
    let mut bench = Bench::new(&drafts, "c");
    bench.options.max_concurrency = 2;
    let ran = bench.run();
    insta::assert_snapshot!(ran.lines(), @r"
    +a
    +b
    -a
    -b
    +c
    -c
    ");
    assert_eq!(ran.took_ms, 20);
}

#[test]
fn retries_wait_longer_each_time_and_are_counted() {
    let config: fn(&Scope<'_>) -> Outcome =
        |s| render::tests::object(vec![("fail", Value::Int(2)), ("out", s.context("attempt"))]);
    let ran = Bench::new(
        &[leaf("a")
            .runs(&PROBE)
            .config(config)
            .on_error(retry(3, 100))],
        "a",
    )
    .run();
    assert_eq!(ran.output(), "3");
    // 100 ms and 200 ms, each up to a tenth more or less.
    assert!((270..=330).contains(&ran.took_ms), "{}", ran.took_ms);
}

#[test]
fn the_last_failure_is_wrapped_when_retries_are_exhausted() {
    let ran = Bench::new(
        &[failing("a").on_error(retry(2, 1)), probe("b").after("a")],
        "b",
    )
    .run();
    insta::assert_snapshot!(ran.report(), @r"
    run failed at `a` (probe), after 3 attempts
      RetryExhausted: 3 attempts failed, the last with ConnectionError: token *** refused

      ✗ a  3 attempts, N ms, failed
      - b  not run: the run stopped before it

    run-1, N ms
    ");
}

#[test]
fn a_server_may_say_how_long_to_wait() {
    let drafts = [leaf("a")
        .runs(&PROBE)
        .config(|_| Ok(json(r#"{"fail": 1, "retry_after": 5000}"#)))
        .on_error(retry(1, 1))];
    assert_eq!(Bench::new(&drafts, "a").run().took_ms, 5000);
}

#[test]
fn settings_and_expressions_are_not_retried() {
    let drafts = [leaf("a")
        .runs(&PROBE)
        .config(|_| Ok(json(r#"{"ms": "soon"}"#)))
        .on_error(retry(5, 1000))];
    let ran = Bench::new(&drafts, "a").run();
    insta::assert_snapshot!(ran.output(), @r#"ConfigError: field `ms`: expected `int of 0 or more`, found `string` "soon""#);
    assert_eq!(ran.took_ms, 0);
}

#[test]
fn an_attempt_has_a_time_limit() {
    let slow = leaf("a")
        .runs(&PROBE)
        .config(|_| Ok(json(r#"{"ms": 5000}"#)))
        .timeout(30);
    let ran = Bench::new(&[slow.clone().on_error(retry(1, 10))], "a").run();
    insta::assert_snapshot!(ran.output(), @"RetryExhausted: 2 attempts failed, the last with TimeoutError: took longer than `timeout_ms` (30 ms)");
    assert!((69..=71).contains(&ran.took_ms), "{}", ran.took_ms);
    assert_eq!(
        Bench::new(&[slow.on_error(OnError::Continue)], "a")
            .run()
            .output(),
        "null"
    );
}

#[test]
fn on_error_continue_uses_the_fallback() {
    let drafts = [
        failing("a")
            .on_error(OnError::Continue)
            .fallback(|s| Ok(s.input())),
        probe("b")
            .after("a")
            .config(|s| render::tests::object(vec![("out", s.upstream(0))])),
    ];
    let ran = Bench::new(&drafts, "b").input(r#"{"x": 1}"#).run();
    assert_eq!(ran.output(), r#"{"x":1}"#);
}

#[test]
fn a_catch_stage_reads_the_error_without_secrets() {
    let drafts = [
        trycatch("t", "a b", "c", "f"),
        failing("a").on_error(retry(1, 1)),
        probe("b"),
        probe("c").config(|s| render::tests::object(vec![("out", s.error())])),
        probe("f").config(|s| render::tests::object(vec![("out", s.error())])),
        leaf("z").after("t").config(|s| {
            render::tests::object(vec![(
                "data",
                Value::list(vec![
                    s.upstream(0),
                    s.upstream(3),
                    s.upstream(4),
                    s.upstream(1),
                ]),
            )])
        }),
    ];
    let ran = Bench::new(&drafts, "z").run();
    insta::assert_snapshot!(json_lines(&ran), @r#"
    {"status":"caught","error_occurred":true,"error_message":"2 attempts failed, the last with ConnectionError: token *** refused","error_type":"RetryExhausted","recovered":true}
    {"message":"2 attempts failed, the last with ConnectionError: token *** refused","type":"RetryExhausted","stage_id":"a","status_code":null}
    {"message":"2 attempts failed, the last with ConnectionError: token *** refused","type":"RetryExhausted","stage_id":"a","status_code":null}
    null
    "#);
}

/// The list that is the output of a run, one element per line.
pub(super) fn json_lines(ran: &Ran) -> String {
    let value =
        Value::from_json(ran.output().as_bytes()).unwrap_or_else(|_| Value::from(ran.output()));
    let list = value.get("result").unwrap_or(&value);
    match list.as_list() {
        Some(items) => items
            .iter()
            .map(Value::to_json)
            .collect::<Vec<_>>()
            .join("\n"),
        None => list.to_json(),
    }
}

#[test]
fn finally_reads_no_error_after_success() {
    let drafts = [
        trycatch("t", "a", "c", "f"),
        probe("a"),
        probe("c"),
        probe("f").config(|s| render::tests::object(vec![("out", s.error())])),
        leaf("z").after("t").config(|s| {
            render::tests::object(vec![(
                "data",
                Value::list(vec![s.upstream(0), s.upstream(3)]),
            )])
        }),
    ];
    insta::assert_snapshot!(json_lines(&Bench::new(&drafts, "z").run()), @r#"
    {"status":"success","error_occurred":false,"error_message":null,"error_type":null,"recovered":false}
    null
    "#);
}

#[test]
fn only_named_types_are_caught() {
    let caught_by = |types: &'static str| {
        let config: fn(&Scope<'_>) -> Outcome = match types {
            "CONNECTIVITY" => |_| Ok(json(r#"{"catch_error_types": ["CONNECTIVITY"]}"#)),
            _ => |_| Ok(json(r#"{"catch_error_types": "TimeoutError"}"#)),
        };
        let drafts = [trycatch("t", "a", "", "").config(config), failing("a")];
        Bench::new(&drafts, "t").run().output()
    };
    assert!(caught_by("CONNECTIVITY").contains(r#""status":"caught""#));
    assert_eq!(
        caught_by("TIMEOUT"),
        "ConnectionError: token hunter22 refused"
    );
}

#[test]
fn a_try_list_is_retried_after_a_delay() {
    let drafts = [
        trycatch("t", "a b", "c", "")
            .config(|_| Ok(json(r#"{"max_retries": 2, "retry_delay_ms": 500}"#))),
        probe("a"),
        failing("b"),
        probe("c"),
    ];
    let ran = Bench::new(&drafts, "c").run();
    assert_eq!(ran.output(), r#""c""#);
    assert_eq!(ran.lines.iter().filter(|line| *line == "+a").count(), 3);
    assert_eq!(ran.took_ms, 3 * 20 + 2 * 500 + 10);
}

#[test]
fn routers_match_text_and_warn_without_a_route() {
    let routed = |value: &'static str, config: fn(&Scope<'_>) -> Outcome| {
        let drafts = [
            router(
                "r",
                &[("200", "a"), ("true", "a"), ("High", "a"), ("HIGH", "a")],
                None,
            )
            .config(config),
            probe("a"),
        ];
        let ran = Bench::new(&drafts, "r").input(value).run();
        format!(
            "{} {}",
            ran.output(),
            ran.lines
                .first()
                .and_then(|line| line.split_once(' '))
                .map_or("", |(_, rest)| rest)
        )
    };
    let exact: fn(&Scope<'_>) -> Outcome = |s| render::tests::object(vec![("value", s.input())]);
    let loose: fn(&Scope<'_>) -> Outcome = |s| {
        render::tests::object(vec![
            ("value", s.input()),
            ("case_insensitive", Value::Bool(true)),
        ])
    };
    let lines = [
        routed("200", exact),
        routed("true", exact),
        routed(r#""high""#, loose),
        routed(r#""HIGH""#, loose),
        routed(r#""high""#, exact),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {"route_taken":"200","value":200,"stages":["a"]} 
    {"route_taken":"true","value":true,"stages":["a"]} 
    {"route_taken":"High","value":"high","stages":["a"]} 
    {"route_taken":"HIGH","value":"HIGH","stages":["a"]} 
    {"route_taken":null,"value":"high","stages":[]} WARNING r: no route for `high` and no default route: nothing is selected
    "#);
}

#[test]
fn conditions_are_decided_by_python_truth() {
    let taken = |input: &'static str| {
        let drafts = [
            conditional("if", "a", "b").deferred("condition", |s| Ok(s.input())),
            probe("a"),
            probe("b"),
        ];
        let ran = Bench::new(&drafts, "if").input(input).run();
        format!("{input} {} {}", ran.lines.first().unwrap(), ran.output())
    };
    let lines = ["[]", "[0]", r#""""#, "0.0", "null", "true"].map(taken);
    insta::assert_snapshot!(lines.join("\n"), @r#"
    [] +b {"branch_taken":"false","condition_result":false}
    [0] +a {"branch_taken":"true","condition_result":true}
    "" +b {"branch_taken":"false","condition_result":false}
    0.0 +b {"branch_taken":"false","condition_result":false}
    null +b {"branch_taken":"false","condition_result":false}
    true +a {"branch_taken":"true","condition_result":true}
    "#);
}

#[test]
fn mocks_replace_stages_and_a_side_effect_without_a_mock_fails() {
    let drafts = [
        probe("a").on_error(retry(2, 1)),
        leaf("b")
            .after("a")
            .config(|s| render::tests::object(vec![("data", s.upstream(0))])),
        probe("c").after("b"),
    ];
    let ran = Bench::new(&drafts, "b")
        .mocks(r#"{"a": {"responses": [{"error": "down"}, {"k": 1}]}, "c": 2}"#)
        .run();
    assert!(
        ran.output().contains(r#""result":{"k":1}"#),
        "{}",
        ran.output()
    );
    let ran = Bench::new(&drafts, "b").mocks(r#"{"c": 2}"#).run();
    assert_eq!(
        ran.output(),
        "ConfigError: a `probe` stage has side effects, and the mock file has no entry for it"
    );
}

#[test]
fn there_is_an_event_for_every_start_attempt_end_and_skip() {
    static TIMES: LazyLock<Vec<&str>> = LazyLock::new(|| {
        vec![
            "\"at\":\"",
            "\"elapsed_ms\":",
            "\"retry_in_ms\":",
            "\"log_id\":\"",
        ]
    });
    let drafts = [
        probe("a")
            .config(|_| Ok(json(r#"{"fail": 1, "message": "no hunter22"}"#)))
            .on_error(retry(1, 10)),
        leaf("log")
            .after("a")
            .runs(&LOGGER)
            .config(|_| Ok(json(r#"{"message": "hello hunter22"}"#))),
        conditional("if", "x", "y")
            .after("a")
            .deferred("condition", |_| Ok(Value::Bool(true))),
        probe("x"),
        probe("y"),
        foreach("each", "i")
            .after("if")
            .config(|_| Ok(json(r#"{"items": [7]}"#))),
        probe("i"),
    ];
    let ran = Bench::new(&drafts, "each").events().run();
    let strip = |line: &String| {
        let mut line = line.clone();
        if let Some((_, rest)) = line.split_once(" INFO ") {
            return format!("INFO {rest}");
        }
        for key in TIMES.iter() {
            if let Some((before, after)) = line.clone().split_once(key) {
                let rest =
                    after.trim_start_matches(|c: char| c.is_ascii_digit() || "-:.TZ".contains(c));
                line = format!("{before}{key}N{rest}");
            }
        }
        line
    };
    insta::assert_snapshot!(ran.lines.iter().map(strip).collect::<Vec<_>>().join("\n"));
}
