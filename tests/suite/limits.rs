//! Limits are the same when an expression is evaluated by `fmc eval` and when it is built.

use fmc_tests::{Pipeline, fmc};
use serde_json::json;

/// 3.6 million integers: 28 MiB as the machine stores integers, 82 MiB as values.
const LARGE: &str = "[[range(900000), range(900000)], [range(900000), range(900000)]]";

#[test]
fn interpreter_and_binary_refuse_the_same_result() {
    let refusal = "result would be larger than 64 MiB";
    let evaluated = fmc::command().args(["eval", LARGE]).output().unwrap();
    let said = String::from_utf8_lossy(&evaluated.stderr);
    assert!(!evaluated.status.success(), "a result of 82 MiB is printed");
    assert!(said.contains(refusal), "{said}");

    let pipeline = Pipeline::of(
        "large",
        &json!([
            {"id": "make", "component_type": "json-transform",
             "config": {"data": {}, "template": format!("{{{{{LARGE}}}}}")}},
            {"id": "count", "component_type": "json-transform", "depends_on": ["make"],
             "config": {"data": {}, "template": "{{len(upstream.make[0][0])}}"}},
        ]),
    );
    let ended = pipeline.build().run().finish();
    let report = ended.report();
    assert!(report.contains(refusal), "{report}");
    assert!(report.contains("run failed at `make`"), "{report}");
}

/// A search beside values that leave 3 MiB of the 256.
fn search(pattern: &str) -> String {
    format!(
        "len([re.search('{pattern}', 'ab') for a in ['a' * 60000000] for b in ['b' * 60000000] \
         for c in ['c' * 60000000] for d in ['d' * 44000000] for e in ['e' * 22000000] \
         for f in ['f' * 11000000] for g in ['g' * 5500000] for h in ['h' * 2700000]])"
    )
}

#[test]
fn interpreter_and_binary_count_a_pattern_in_the_same_way() {
    let (small, large) = (search("a(b)"), search("((((((ab|b\\\\w{40}))))))"));
    let refusal = "values would hold more than 256 MiB at one time";
    let eval = |text: &str| fmc::command().args(["eval", text]).output().unwrap();
    assert!(eval(&small).status.success());
    let said = eval(&large);
    let said = String::from_utf8_lossy(&said.stderr);
    assert!(said.contains(refusal), "{said}");

    let make = |id: &str, expression: &str, after: &[&str]| {
        json!({"id": id, "component_type": "json-transform", "depends_on": after,
               "config": {"data": {}, "template": format!("{{{{{expression}}}}}")}})
    };
    let stages = json!([
        make("small", &small, &[]),
        make("large", &large, &["small"])
    ]);
    let ended = Pipeline::of("patterns", &stages).build().run().finish();
    let report = ended.report();
    assert!(report.contains(refusal), "{report}");
    assert!(report.contains("run failed at `large`"), "{report}");
}

#[test]
fn a_computing_stage_fails_at_its_time_limit() {
    let pipeline = Pipeline::of(
        "late",
        &json!([
            {"id": "compute", "component_type": "json-transform", "timeout_ms": 1,
             "config": {"data": {}, "template": "{{sum(range(2000000))}}"},
             "error_handling": {"on_error": "retry", "max_retries": 2, "retry_delay": 1}},
        ]),
    );
    let ended = pipeline.build().run().finish();
    let report = ended.report();
    assert!(
        report.contains(
            "RetryExhausted: 3 attempts failed, the last with TimeoutError: \
             took longer than `timeout_ms` (1 ms)"
        ),
        "{report}"
    );
}

/// Every place that evaluates an expression for each element shares the budget of the attempt.
#[test]
fn elements_share_the_budget_of_their_stage() {
    let items = json!({"items": (0..600).collect::<Vec<_>>()});
    let condition = "sum(range(1000000)) > item";
    let filter = |condition: &str| {
        json!([{"id": "keep", "component_type": "filter",
                "config": {"data": "{{input.items}}", "filter_mode": "filter_array",
                           "condition": condition}}])
    };
    let each = json!([
        {"id": "each", "component_type": "foreach",
         "config": {"items": "{{input.items}}", "loop_stages": ["pass"],
                    "filter_expression": condition}},
        {"id": "pass", "component_type": "json-transform", "config": {"template": 1}},
    ]);
    for (id, stages) in [
        ("filter-static", filter(condition)),
        ("filter-dynamic", filter("{{env.CONDITION}}")),
        ("filter-loop", each),
    ] {
        let run = Pipeline::of(id, &stages).build().run();
        let ended = run.env("CONDITION", condition).input(&items).finish();
        let report = ended.report();
        let refusal = "the limit of 10000000 steps for one attempt was reached";
        assert!(report.contains(refusal), "{id}: {report}");
    }
    // Each element alone is cheap, and so is the same condition for many elements.
    let stages = filter("{{env.CONDITION}}");
    let run = Pipeline::of("filter-dynamic", &stages).build().run();
    let many = json!({"items": (0..20_000).collect::<Vec<_>>()});
    let ended = run
        .env("CONDITION", "item % 2 == 0 and item > 10")
        .input(&many)
        .finish();
    assert_eq!(ended.output()["filtered_count"], 10_006);
}
