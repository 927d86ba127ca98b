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

/// A loop whose items compute for an hour together, in a `trycatch` with a finally list.
fn computing(id: &str, limit_ms: Option<u64>) -> Pipeline {
    let mut guard = json!(
        {"id": "guard", "component_type": "trycatch",
         "config": {"try_stages": ["each"], "finally_stages": ["last"]}}
    );
    if let Some(limit_ms) = limit_ms {
        guard["timeout_ms"] = json!(limit_ms);
    }
    let costly = "{{sum(range(1000000))}}";
    Pipeline::of(
        id,
        &json!([
            guard,
            {"id": "each", "component_type": "foreach",
             "config": {"items": "{{range(100000)}}", "loop_stages": ["compute"]}},
            {"id": "compute", "component_type": "json-transform",
             "config": {"data": {}, "template": costly}},
            {"id": "last", "component_type": "http-request",
             "config": {"url": "{{env.BASE}}/last", "method": "POST"}},
        ]),
    )
}

fn last() -> Server {
    Server::start().on("POST", "/last", [Answer::status(204)])
}

#[test]
fn a_signal_stops_a_run_that_computes() {
    let server = last();
    let program = computing("computes", None).build();
    let running = program.run().env("BASE", &server.url()).start();
    std::thread::sleep(Duration::from_millis(300));
    running.signal("TERM");
    let ended = running.wait();
    assert_eq!(ended.code(), 143, "{}", ended.stderr);
    assert_eq!(server.sequence(), ["POST /last"]);
    assert!(ended.stderr.contains("run stopped by SIGTERM"));
}

#[test]
fn a_second_signal_ends_a_run_at_once() {
    let server = server(Duration::from_secs(50));
    let running = pipeline().build().run().env("BASE", &server.url()).start();
    server.wait_for(1);
    running.signal("INT");
    std::thread::sleep(Duration::from_millis(100));
    running.signal("INT");
    let ended = running.wait();
    assert_eq!(ended.code(), 130, "{}", ended.stderr);
    assert!(
        ended.elapsed < Duration::from_secs(20),
        "{:?}",
        ended.elapsed
    );
}

#[test]
fn a_run_that_computes_has_a_limit() {
    let server = last();
    let run = computing("computes", None).build().run();
    let run = run.env("BASE", &server.url());
    let ended = run.arg("--timeout").arg("300ms").finish();
    assert_eq!(ended.code(), 1, "{}", ended.stderr);
    assert!(ended.report().contains("`--timeout`"), "{}", ended.stderr);
    assert_eq!(server.sequence(), ["POST /last"]);
}

#[test]
fn a_block_that_computes_has_a_limit() {
    let server = last();
    let run = computing("bounded", Some(300)).build().run();
    let ended = run.env("BASE", &server.url()).finish();
    assert_eq!(ended.code(), 1, "{}", ended.stderr);
    let report = ended.report();
    let late = "TimeoutError: took longer than `timeout_ms` (300 ms)";
    assert!(report.contains(late), "{report}");
    assert_eq!(server.sequence(), ["POST /last"]);
}

/// Nobody reads what the run writes, so that it cannot even write its report.
#[test]
fn a_run_that_cannot_write_ends_all_the_same() {
    use std::process::{Command, Stdio};
    let long = "x".repeat(100_000);
    let pipeline = Pipeline::of(
        "unread",
        &json!([{"id": "say", "component_type": "logger",
                 "config": {"message": "much", "data": {"long": [long.clone(), long]}}}]),
    );
    let program = pipeline.build();
    let mut child = Command::new(program.path())
        .args(["--grace", "100ms"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let sent = Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(143));
}
