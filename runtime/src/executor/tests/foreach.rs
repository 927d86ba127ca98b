//! Tests of loops and variables, with the real driver.

use fmc_expr::{Value, ops};

use crate::{
    base::fault::Outcome,
    component::VARIABLE_SET,
    executor::tests::{
        bench::{Bench, PROBE, Ran},
        drafts::{Draft, foreach, leaf},
        run::{json, json_lines, probe},
    },
    scope::{Scope, render},
};

fn each(config: fn(&Scope<'_>) -> Outcome) -> Draft {
    foreach("each", "a b").config(config)
}

/// Later items take less time, so that they end in another order than they start.
fn body() -> [Draft; 2] {
    let a: fn(&Scope<'_>) -> Outcome = |s| {
        let ms = ops::sub(&fmc_expr::Cx::new(), &Value::Int(100), &s.context("item")).unwrap();
        render::tests::object(vec![("ms", ms), ("out", s.context("item"))])
    };
    let b: fn(&Scope<'_>) -> Outcome = |s| {
        let all = vec![
            s.upstream(1),
            s.context("index"),
            s.context("loop_index"),
            s.context("loop_total"),
        ];
        let fail = ops::equal(s.site.cx(), &s.context("item"), &s.input()).unwrap();
        render::tests::object(vec![
            ("fail", Value::Int(i64::from(fail))),
            ("out", Value::list(all)),
        ])
    };
    [
        leaf("a").runs(&PROBE).config(a),
        leaf("b").runs(&PROBE).config(b),
    ]
}

fn looped(config: fn(&Scope<'_>) -> Outcome) -> Ran {
    let [a, b] = body();
    Bench::new(&[each(config), a, b], "each").input("20").run()
}

#[test]
fn loops_run_one_item_after_another() {
    let ran = looped(|_| Ok(json(r#"{"items": [10, 30]}"#)));
    insta::assert_snapshot!(format!("{}\n{}", ran.lines(), ran.output()), @r#"
    +a 10
    -a 10
    +b 10
    -b 10
    +a 30
    -a 30
    +b 30
    -b 30
    {"results":[[10,0,0,2],[30,1,1,2]],"total_items":2,"processed_items":2,"failed_items":0,"skipped_items":0,"is_complete":true}
    "#);
    assert_eq!(ran.took_ms, 160);
}

#[test]
fn parallel_iterations_read_their_own_item_and_results_keep_the_order() {
    let ran = looped(|_| {
        Ok(json(
            r#"{"items": [10, 30, 50, 70], "parallel": true, "max_parallel": 3}"#,
        ))
    });
    insta::assert_snapshot!(format!("{}\n{}", ran.lines(), ran.output()), @r#"
    +a 10
    +a 30
    +a 50
    -a 50
    +b 50
    -b 50
    +a 70
    -a 30
    +b 30
    -b 30
    -a 70
    +b 70
    -b 70
    -a 10
    +b 10
    -b 10
    {"results":[[10,0,0,4],[30,1,1,4],[50,2,2,4],[70,3,3,4]],"total_items":4,"processed_items":4,"failed_items":0,"skipped_items":0,"is_complete":true}
    "#);
    assert_eq!(ran.took_ms, 90);
}

#[test]
fn a_failed_item_fails_the_loop_or_is_a_result() {
    let stops = looped(|_| Ok(json(r#"{"items": [10, 20, 30]}"#)));
    insta::assert_snapshot!(stops.report(), @r"
    run failed at `b` (probe), item 1
      ConnectionError: refused

      ✗ each  N ms, failed
      ✓ a     2 times, N ms
      ✗ b     2 times, N ms, failed

    run-1, N ms
    ");
    let goes_on = looped(|_| Ok(json(r#"{"items": [10, 20, 30], "break_on_error": false}"#)));
    insta::assert_snapshot!(goes_on.output(), @r#"{"results":[[10,0,0,3],{"error":{"message":"refused","type":"ConnectionError","stage_id":"b","status_code":null}},[30,2,2,3]],"total_items":3,"processed_items":3,"failed_items":1,"skipped_items":0,"is_complete":true}"#);
}

#[test]
fn filtered_and_uncollected_loops() {
    let [a, b] = body();
    let loop_stage = each(|_| {
        Ok(json(
            r#"{"items": [0, 10, 0, 30], "collect_results": false}"#,
        ))
    })
    .deferred("filter_expression", |s| Ok(s.item()));
    let ran = Bench::new(&[loop_stage, a, b], "each").run();
    assert_eq!(
        ran.output(),
        r#"{"results":[],"total_items":4,"processed_items":2,"failed_items":0,"skipped_items":2,"is_complete":true}"#
    );
}

#[test]
fn items_that_are_not_a_list_fail_the_loop() {
    let ran = looped(|_| Ok(json(r#"{"items": null}"#)));
    assert_eq!(
        ran.output(),
        "ConfigError: field `items`: expected `list`, found `null`"
    );
}

#[test]
fn variables_reach_later_stages_of_their_frame() {
    let sets: fn(&Scope<'_>) -> Outcome = |s| {
        let item = s.context("item");
        Ok(Value::object(
            [("name".into(), Value::from("seen")), ("value".into(), item)]
                .into_iter()
                .collect(),
        ))
    };
    let drafts = [
        leaf("set")
            .runs(&VARIABLE_SET)
            .config(|_| Ok(json(r#"{"variables": {"x": 1, "y": {"z": [2]}}}"#))),
        foreach("each", "inner read")
            .after("set")
            .config(|_| Ok(json(r#"{"items": ["p", "q"]}"#))),
        leaf("inner").runs(&VARIABLE_SET).config(sets),
        probe("read").config(|s| {
            render::tests::object(vec![(
                "out",
                Value::list(vec![s.context("seen"), s.context("x")]),
            )])
        }),
        leaf("z").after("each").config(|s| {
            let all = vec![
                s.upstream(1),
                s.context("seen"),
                s.context("y"),
                s.upstream(0),
                s.context("run_id"),
                s.context("nothing"),
            ];
            render::tests::object(vec![("data", Value::list(all))])
        }),
    ];
    insta::assert_snapshot!(json_lines(&Bench::new(&drafts, "z").run()), @r#"
    {"results":[["p",1],["q",1]],"total_items":2,"processed_items":2,"failed_items":0,"skipped_items":0,"is_complete":true}
    null
    {"z":[2]}
    {"x":1,"y":{"z":[2]},"variables":{"x":1,"y":{"z":[2]}}}
    "run-1"
    null
    "#);
}

#[test]
fn an_output_that_only_looks_small_is_refused() {
    // 40 lists, each with the one inside it twice.
    let last = leaf("a").config(|_| {
        let mut value = Value::from("x");
        for _ in 0..40 {
            value = Value::list(vec![value.clone(), value]);
        }
        render::tests::object(vec![("out", value)])
    });
    let ran = Bench::new(&[last.runs(&PROBE)], "a").run();
    let report = ran.report();
    assert!(
        report.contains("ValidationError: the output of the run would be larger than 1 GiB"),
        "{report}"
    );
}
