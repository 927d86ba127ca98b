//! Waits between attempts end when the run ends, from end to end.
#![cfg(unix)]

use std::time::Duration;

use fmc_tests::{Answer, Ended, Pipeline, Server};
use serde_json::{Value, json};

/// Far less than the minute that these pipelines would otherwise wait.
const SOON: Duration = Duration::from_secs(15);

fn request(id: &str, path: &str) -> Value {
    json!({"id": id, "component_type": "http-request",
           "config": {"url": format!("{{{{env.BASE}}}}{path}"), "method": "POST"}})
}

/// A `trycatch` with a finally list around a `foreach` that fails and then waits a minute, and
/// other stages beside it.
fn block_that_rests(id: &str, others: &[Value]) -> Pipeline {
    let mut stages = vec![
        json!({"id": "guard", "component_type": "trycatch",
               "config": {"try_stages": ["each"], "finally_stages": ["clean"]}}),
        json!({"id": "each", "component_type": "foreach",
               "config": {"items": [1], "loop_stages": ["bad"]},
               "error_handling": {"on_error": "retry", "max_retries": 5, "retry_delay": 60000}}),
        request("bad", "/bad"),
        request("clean", "/clean"),
    ];
    stages.extend_from_slice(others);
    Pipeline::of(id, &json!(stages))
}

fn server() -> Server {
    Server::start()
        .on("POST", "/bad", [Answer::status(500)])
        .on("POST", "/clean", [Answer::status(204)])
        .on(
            "POST",
            "/other",
            [Answer::status(500).after(Duration::from_millis(300))],
        )
        .on(
            "POST",
            "/slow",
            [Answer::status(200).after(Duration::from_millis(300))],
        )
}

fn cleaned_up(server: &Server, ended: &Ended) {
    assert!(
        ended.elapsed < SOON,
        "{:?}\n{}",
        ended.elapsed,
        ended.stderr
    );
    let sequence = server.sequence();
    let asked = |what: &str| sequence.iter().filter(|one| *one == what).count();
    assert_eq!(asked("POST /bad"), 1, "{sequence:?}");
    assert_eq!(asked("POST /clean"), 1, "{sequence:?}");
    assert_eq!(ended.statuses()["clean"], "succeeded");
}

#[test]
fn a_signal_ends_the_rest_of_a_block_and_finally_runs() {
    let server = server();
    let run = block_that_rests("rest-signal", &[]).build().run();
    let running = run.env("BASE", &server.url()).start();
    server.wait_for(1);
    std::thread::sleep(Duration::from_millis(300));
    running.signal("TERM");
    let ended = running.wait();
    assert_eq!(ended.code(), 143, "{}", ended.stderr);
    cleaned_up(&server, &ended);
    assert!(!ended.stderr.contains("each  not run"), "{}", ended.stderr);
}

#[test]
fn the_runs_limit_ends_the_rest_of_a_block_and_finally_runs() {
    let server = server();
    let run = block_that_rests("rest-signal", &[]).build().run();
    let run = run.env("BASE", &server.url());
    let ended = run.arg("--timeout").arg("1s").finish();
    assert!(ended.report().contains("`--timeout`"), "{}", ended.stderr);
    cleaned_up(&server, &ended);
}

#[test]
fn a_failure_elsewhere_ends_the_rest_of_a_block() {
    let server = server();
    let pipeline = block_that_rests("rest-failure", &[request("other", "/other")]);
    let ended = pipeline.build().run().env("BASE", &server.url()).finish();
    let report = ended.report();
    assert!(report.contains("run failed at `other`"), "{report}");
    cleaned_up(&server, &ended);
}

#[test]
fn a_return_ends_the_rest_of_a_block() {
    let server = server();
    let mut slow = request("slow", "/slow");
    slow["config"]["fail_on_status"] = json!(true);
    let end = json!({"id": "end", "component_type": "return", "depends_on": ["slow"],
                     "config": {"return_value": "early"}});
    let pipeline = block_that_rests("rest-return", &[slow, end]);
    let ended = pipeline.build().run().env("BASE", &server.url()).finish();
    assert_eq!(ended.output(), json!("early"));
    cleaned_up(&server, &ended);
}

#[test]
fn a_signal_ends_the_wait_for_a_busy_model() {
    let busy = Answer::json(429, &json!({})).header("retry-after", "60");
    let server = Server::start().on("POST", "*", [busy]);
    let pipeline = Pipeline::of(
        "rest-model",
        &json!([
            {"id": "ask", "component_type": "generator", "config": {"prompt": "why?"}},
        ]),
    );
    let run = pipeline.build().run();
    let run = run.env("OPENAI_BASE_URL", &server.url());
    let running = run.env("OPENAI_API_KEY", "sk-secret").start();
    server.wait_for(1);
    std::thread::sleep(Duration::from_millis(300));
    running.signal("TERM");
    let ended = running.wait();
    assert_eq!(ended.code(), 143, "{}", ended.stderr);
    assert!(ended.elapsed < SOON, "{:?}", ended.elapsed);
    assert_eq!(server.sequence().len(), 1);
}

#[test]
fn finally_sees_no_error_of_an_earlier_try() {
    let pipeline = Pipeline::of(
        "earlier-try",
        &json!([
            {"id": "guard", "component_type": "trycatch",
             "config": {"try_stages": ["flaky"], "finally_stages": ["tell"],
                        "max_retries": 3, "retry_delay_ms": 1}},
            request("flaky", "/flaky"),
            {"id": "tell", "component_type": "json-transform",
             "config": {"data": {}, "template": {"failed": "{{error != None}}", "error": "{{error}}"}}},
            {"id": "end", "component_type": "json-transform", "depends_on": ["guard"],
             "config": {"data": {}, "template": {"told": "{{upstream.tell}}",
                                                 "status": "{{upstream.guard.status}}"}}},
        ]),
    )
    .set("output_stage_id", json!("end"));
    let answers = [
        Answer::status(500),
        Answer::status(500),
        Answer::status(200),
    ];
    let server = Server::start().on("POST", "/flaky", answers);
    let ended = pipeline.build().run().env("BASE", &server.url()).finish();
    let told = json!({"failed": false, "error": null});
    assert_eq!(ended.output(), json!({"told": told, "status": "success"}));
    assert_eq!(server.sequence().len(), 3);
}
