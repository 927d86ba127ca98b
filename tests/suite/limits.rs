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
