//! Signals, and other ways in which a run is ended from outside.
#![cfg(unix)]

use std::time::Duration;

use fmc_tests::{Answer, Pipeline, Server};
use serde_json::json;

/// Two requests one after the other; the first is in a `trycatch` with a finally list.
fn pipeline() -> Pipeline {
    Pipeline::of(
        "interrupted",
        &json!([
            {"id": "first", "component_type": "http-request", "config": {"url": "{{env.BASE}}/first"}},
            {"id": "second", "component_type": "http-request", "depends_on": ["first"],
             "config": {"url": "{{env.BASE}}/second"}},
        ]),
    )
}

fn server(delay: Duration) -> Server {
    Server::start()
        .on("GET", "/first", [Answer::text(200, "ok").after(delay)])
        .on("GET", "/second", [Answer::status(200)])
}

#[test]
fn running_stages_finish_and_no_stage_starts() {
    for (signal, code) in [("TERM", 143), ("INT", 130)] {
        let server = server(Duration::from_millis(400));
        let running = pipeline().build().run().env("BASE", &server.url()).start();
        server.wait_for(1);
        running.signal(signal);
        let ended = running.wait();
        assert_eq!(ended.code(), code, "{signal}: {}", ended.stderr);
        assert_eq!(ended.stdout, "");
        assert_eq!(server.sequence(), ["GET /first"], "{signal}");
        assert_eq!(ended.statuses()["first"], "succeeded", "{signal}");
        assert!(
            ended
                .stderr
                .contains(&format!("run stopped by SIG{signal}")),
            "{}",
            ended.stderr
        );
        assert!(
            ended.elapsed >= Duration::from_millis(300),
            "{:?}",
            ended.elapsed
        );
        assert!(ended.events_of("stage_start", "second").is_empty());
    }
}

#[test]
fn a_stage_that_outlasts_the_grace_time_is_stopped() {
    let server = server(Duration::from_secs(20));
    let run = pipeline().build().run().env("BASE", &server.url());
    let running = run.arg("--grace").arg("200ms").start();
    server.wait_for(1);
    running.signal("TERM");
    let ended = running.wait();
    assert_eq!(ended.code(), 143, "{}", ended.stderr);
    assert_eq!(ended.statuses()["first"], "stopped");
    assert!(
        ended.elapsed < Duration::from_secs(10),
        "{:?}",
        ended.elapsed
    );
}

#[test]
fn finally_stages_still_run() {
    let pipeline = Pipeline::of(
        "cleanup",
        &json!([
            {"id": "guard", "component_type": "trycatch",
             "config": {"try_stages": ["first", "second"], "finally_stages": ["last"]}},
            {"id": "first", "component_type": "http-request", "config": {"url": "{{env.BASE}}/first"}},
            {"id": "second", "component_type": "http-request", "config": {"url": "{{env.BASE}}/second"}},
            {"id": "last", "component_type": "http-request",
             "config": {"url": "{{env.BASE}}/last", "method": "POST"}},
        ]),
    );
    let server = server(Duration::from_millis(300)).on("POST", "/last", [Answer::status(204)]);
    let running = pipeline.build().run().env("BASE", &server.url()).start();
    server.wait_for(1);
    running.signal("TERM");
    let ended = running.wait();
    assert_eq!(ended.code(), 143, "{}", ended.stderr);
    assert_eq!(server.sequence(), ["GET /first", "POST /last"]);
}

#[test]
fn a_run_can_have_a_limit() {
    let server = server(Duration::from_secs(20));
    let run = pipeline().build().run().env("BASE", &server.url());
    let ended = run.arg("--timeout").arg("300ms").finish();
    assert!(ended.report().contains("`--timeout`"), "{}", ended.stderr);
    assert!(
        ended.elapsed < Duration::from_secs(10),
        "{:?}",
        ended.elapsed
    );
}
