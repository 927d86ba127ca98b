//! What can go wrong between a pipeline and a server, and what happens then.

use std::time::Duration;

use fmc_tests::{Answer, Ended, Pipeline, Server, server::refused_url};
use serde_json::{Value, json};

const MIB: usize = 1 << 20;

/// A pipeline with one request whose URL is `env.BASE` and a path, with further settings.
fn request(id: &str, more: &Value) -> Pipeline {
    let mut config = json!({"url": "{{env.BASE}}/call"});
    for (key, value) in more.as_object().unwrap() {
        config[key] = value.clone();
    }
    Pipeline::request(id, &config)
}

fn run(pipeline: &Pipeline, base: &str) -> Ended {
    let program = pipeline.build();
    program.run().env("BASE", base).input(&json!({})).finish()
}

fn retrying(pipeline: Pipeline, retries: u32) -> Pipeline {
    pipeline.with("call", |stage| {
        stage["error_handling"] =
            json!({"on_error": "retry", "max_retries": retries, "retry_delay": 10});
    })
}

fn assert_holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in: {text}");
    }
}

#[test]
fn a_refused_connection_names_the_address() {
    let base = refused_url();
    let report = run(&request("plain", &json!({})), &base).report();
    let address = base.trim_start_matches("http://").to_owned();
    assert_holds(&report, &["`call`", "ConnectionError", &address]);
}

#[test]
fn a_refused_connection_is_retried_as_often_as_configured() {
    let pipeline = retrying(request("retrying", &json!({})), 2);
    let ended = run(&pipeline, &refused_url());
    assert_holds(&ended.report(), &["ConnectionError", "3 attempts"]);
    let attempts = ended.events_of("attempt", "call");
    let numbers: Vec<_> = attempts
        .iter()
        .map(|event| event["attempt"].clone())
        .collect();
    assert_eq!(numbers, [json!(1), json!(2), json!(3)]);
    assert_eq!(attempts[0]["error"]["type"], "ConnectionError");
    assert!(attempts[2].get("retry_in_ms").is_none_or(Value::is_null));
}

#[test]
fn a_response_that_does_not_come_is_a_timeout() {
    let server = Server::start().on(
        "GET",
        "/call",
        [Answer::status(200).after(Duration::from_secs(20))],
    );
    let ended = run(&request("timeout", &json!({"timeout": 300})), &server.url());
    assert_holds(&ended.report(), &["`call`", "TimeoutError", "300 ms"]);
    assert!(
        ended.elapsed < Duration::from_secs(5),
        "{:?}",
        ended.elapsed
    );
}

#[test]
fn a_body_that_arrives_too_slowly_is_a_timeout() {
    let trickle = Answer::slow(&"x".repeat(1_000), Duration::from_millis(50));
    let server = Server::start().on("GET", "/call", [trickle]);
    let ended = run(&request("timeout", &json!({"timeout": 300})), &server.url());
    assert_holds(&ended.report(), &["TimeoutError", "300 ms"]);
    assert!(
        ended.elapsed < Duration::from_secs(5),
        "{:?}",
        ended.elapsed
    );
}

#[test]
fn the_limit_of_an_attempt_holds_for_each_attempt() {
    let slow = Answer::status(200).after(Duration::from_secs(20));
    let server = Server::start().on(
        "GET",
        "/call",
        [slow.clone(), slow, Answer::text(200, "now")],
    );
    let pipeline = retrying(request("attempt-limit", &json!({})), 3)
        .with("call", |stage| stage["timeout_ms"] = json!(200));
    let ended = run(&pipeline, &server.url());
    assert_eq!(ended.output()["body"], "now");
    assert_eq!(ended.output()["attempts"], 3);
    assert!(
        ended.elapsed < Duration::from_secs(5),
        "{:?}",
        ended.elapsed
    );
}

#[test]
fn a_500_then_a_200_is_a_200_after_two_attempts() {
    let server = Server::start().on(
        "GET",
        "/call",
        [
            Answer::text(500, "not yet"),
            Answer::json(200, &json!({"ok": true})),
        ],
    );
    let ended = run(&retrying(request("retrying", &json!({})), 2), &server.url());
    let output = ended.output();
    assert_eq!(output["body"], json!({"ok": true}));
    assert_eq!(output["attempts"], 2);
    assert_eq!(server.sequence().len(), 2);
    let first = &ended.events_of("attempt", "call")[0];
    assert_eq!(first["error"]["type"], "HttpStatusError");
    assert_eq!(first["error"]["status_code"], 500);
}

#[test]
fn without_retry_a_500_fails_at_once_and_the_body_is_told() {
    let server = Server::start().on("GET", "/call", [Answer::text(500, "disk on fire")]);
    let report = run(&request("plain", &json!({})), &server.url()).report();
    assert_holds(&report, &["HttpStatusError", "500", "disk on fire"]);
    assert_eq!(server.sequence().len(), 1);
}

#[test]
fn the_server_may_say_when_to_come_back() {
    let server = Server::start().on(
        "GET",
        "/call",
        [
            Answer::status(503).header("retry-after", "1"),
            Answer::status(200),
        ],
    );
    let _ = run(&retrying(request("retrying", &json!({})), 2), &server.url()).output();
    let at: Vec<_> = server.requests().iter().map(|request| request.at).collect();
    assert!(
        at[1] - at[0] >= Duration::from_millis(950),
        "{:?}",
        at[1] - at[0]
    );
}

#[test]
fn a_status_that_the_pipeline_reads_is_data_after_the_last_attempt() {
    let pipeline = Pipeline::of(
        "observed",
        &json!([
            {"id": "call", "component_type": "http-request", "config": {"url": "{{env.BASE}}/call"},
             "error_handling": {"on_error": "retry", "max_retries": 1, "retry_delay": 10}},
            {"id": "see", "component_type": "json-transform", "depends_on": ["call"],
             "config": {"template": {"code": "{{upstream.call.status_code}}",
                                     "said": "{{upstream.call.body.why}}"}}},
        ]),
    );
    let server = Server::start().on(
        "GET",
        "/call",
        [Answer::json(418, &json!({"why": "teapot"}))],
    );
    let output = run(&pipeline, &server.url()).output();
    assert_eq!(output, json!({"code": 418, "said": "teapot"}));
    assert_eq!(server.sequence().len(), 2);
}

#[test]
fn a_body_that_only_claims_to_be_json_is_text() {
    let broken = br#"{"status": "tru"#.to_vec();
    let server = Server::start().on("GET", "/call", [Answer::bytes("application/json", broken)]);
    let output = run(&request("plain", &json!({})), &server.url()).output();
    assert_eq!(output["body"], r#"{"status": "tru"#);
}

#[test]
fn a_body_beyond_the_limit_fails_with_and_without_a_length() {
    for answer in [
        Answer::bytes("text/plain", vec![b'x'; 20 * MIB]),
        Answer::unannounced(vec![b'x'; 20 * MIB]),
    ] {
        let server = Server::start().on("GET", "/call", [answer]);
        let report = run(&request("plain", &json!({})), &server.url()).report();
        assert_holds(&report, &["`call`", "16777216", "max_response_bytes"]);
    }
}

#[test]
fn a_higher_limit_allows_twenty_mebibytes() {
    let server = Server::start().on(
        "GET",
        "/call",
        [Answer::bytes("text/plain", vec![b'x'; 20 * MIB])],
    );
    let pipeline = Pipeline::of(
        "large",
        &json!([
            {"id": "call", "component_type": "http-request",
             "config": {"url": "{{env.BASE}}/call", "max_response_bytes": 32 * MIB}},
            {"id": "size", "component_type": "json-transform", "depends_on": ["call"],
             "config": {"template": "{{len(upstream.call.body)}}"}},
        ]),
    );
    assert_eq!(run(&pipeline, &server.url()).output(), json!(20 * MIB));
}

#[test]
fn a_response_that_breaks_off_is_a_connection_error() {
    for answer in [Answer::cut("half of", 4_000), Answer::hang_up()] {
        let server = Server::start().on("GET", "/call", [answer]);
        let report = run(&request("plain", &json!({})), &server.url()).report();
        assert_holds(&report, &["`call`", "ConnectionError"]);
    }
}

#[test]
fn a_header_with_a_line_break_is_refused_and_not_printed() {
    let pipeline = Pipeline::request(
        "header",
        &json!({"url": "{{env.BASE}}/call", "headers": {"X-Team": "{{input.team}}"}}),
    );
    let program = pipeline.build();
    for value in [
        "ops\r\nX-Admin: yes",
        "ops\nX-Admin: yes",
        "ops\rx",
        "ops\0x",
    ] {
        let server = Server::start().on("GET", "/call", [Answer::status(200)]);
        let run = program.run().env("BASE", &server.url());
        let ended = run.input(&json!({"team": value})).finish();
        assert_holds(&ended.report(), &["`call`", "ConfigError", "X-Team"]);
        assert!(!ended.stderr.contains("X-Admin"), "{}", ended.stderr);
        assert!(server.sequence().is_empty());
    }
}

#[test]
fn credentials_do_not_follow_to_another_host() {
    let headers = json!({"Authorization": "Bearer {{env.API_TOKEN}}", "Cookie": "s=1",
                         "X-Note": "holds {{env.API_TOKEN}}", "X-Plain": "here",
                         "Accept": "text/plain", "User-Agent": "holds {{env.API_TOKEN}}"});
    let program = request("redirect", &json!({"headers": headers})).build();
    let run = |server: &Server| {
        let run = program
            .run()
            .env("BASE", &server.url())
            .env("API_TOKEN", "tok-secret-9");
        run.input(&json!({})).finish().output()
    };

    let elsewhere = Server::start().on("GET", "/landed", [Answer::text(200, "elsewhere")]);
    let to = format!("{}/landed", elsewhere.url_by_name());
    let server = Server::start().on("GET", "/call", [Answer::redirect(302, &to)]);
    assert_eq!(run(&server)["body"], "elsewhere");
    let sent = server.only("GET", "/call");
    assert_eq!(sent.header("authorization"), Some("Bearer tok-secret-9"));
    let landed = elsewhere.only("GET", "/landed");
    for name in ["authorization", "cookie", "x-note", "x-plain", "user-agent"] {
        assert_eq!(landed.header(name), None, "{name}");
    }
    assert_eq!(landed.header("accept"), Some("text/plain"));

    let server = Server::start()
        .on("GET", "/call", [Answer::redirect(302, "/landed")])
        .on("GET", "/landed", [Answer::text(200, "here")]);
    let output = run(&server);
    assert_eq!(output["body"], "here");
    assert_eq!(output["url"], format!("{}/landed", server.url()));
    let landed = server.only("GET", "/landed");
    assert_eq!(landed.header("authorization"), Some("Bearer tok-secret-9"));
}

#[test]
fn a_post_does_not_follow_redirects_unless_asked() {
    let settings = json!({"method": "POST", "body": {"a": 1}});
    let server = || {
        Server::start()
            .on("POST", "/call", [Answer::redirect(307, "/landed")])
            .on("*", "/landed", [Answer::text(200, "landed")])
    };
    let unasked = server();
    let output = run(&request("post", &settings), &unasked.url()).output();
    assert_eq!(output["status_code"], 307);
    assert_eq!(unasked.sequence(), ["POST /call"]);

    let asked = server();
    let mut settings = settings;
    settings["follow_redirects"] = json!(true);
    let output = run(&request("post-following", &settings), &asked.url()).output();
    assert_eq!(output["body"], "landed");
    assert_eq!(asked.sequence(), ["POST /call", "POST /landed"]);
    assert_eq!(asked.requests()[1].json(), json!({"a": 1}));
}

#[test]
fn a_cycle_of_redirects_ends() {
    let server = Server::start().on("GET", "/call", [Answer::redirect(301, "/call")]);
    let report = run(&request("plain", &json!({})), &server.url()).report();
    assert_holds(
        &report,
        &["ConnectionError", "redirected more than 10 times"],
    );
    assert_eq!(server.sequence().len(), 11);
}

#[test]
fn a_host_that_is_not_allowed_is_never_connected_to() {
    let elsewhere = Server::start().on("*", "*", [Answer::status(200)]);
    let to = format!("{}/x", elsewhere.url_by_name());
    let server = Server::start().on("GET", "/call", [Answer::redirect(302, &to)]);
    let program = request("plain", &json!({})).build();
    let run = |base: &str| {
        let run = program.run().env("BASE", base).input(&json!({}));
        run.arg("--allow-host").arg("127.0.0.1").finish().report()
    };
    let direct = run(&elsewhere.url_by_name());
    assert_holds(&direct, &["`localhost`", "not allowed", "`127.0.0.1`"]);
    let redirected = run(&server.url());
    assert_holds(&redirected, &["`localhost`", "not allowed"]);
    assert_eq!(server.sequence().len(), 1);
    assert!(elsewhere.sequence().is_empty());
}

#[test]
fn a_failure_can_be_caught_and_read() {
    let pipeline = Pipeline::of(
        "caught",
        &json!([
            {"id": "guard", "component_type": "trycatch",
             "config": {"try_stages": ["call"], "catch_stages": ["note"]}},
            {"id": "call", "component_type": "http-request", "config": {"url": "{{env.BASE}}/call"}},
            {"id": "note", "component_type": "json-transform",
             "config": {"template": {"type": "{{error.type}}", "stage": "{{error.stage_id}}",
                                     "status": "{{error.status_code}}"}}},
        ]),
    )
    .set("output_stage_id", json!("note"));
    let server = Server::start().on("GET", "/call", [Answer::status(502)]);
    assert_eq!(
        run(&pipeline, &server.url()).output(),
        json!({"type": "HttpStatusError", "stage": "call", "status": 502})
    );
    assert_eq!(
        run(&pipeline, &refused_url()).output(),
        json!({"type": "ConnectionError", "stage": "call", "status": null})
    );
}

#[test]
fn a_failure_can_be_replaced() {
    let pipeline = request("fallback", &json!({})).with("call", |stage| {
        stage["error_handling"] = json!({"on_error": "continue"});
        stage["fallback_output"] = json!({"body": "{{input.spare}}"});
    });
    let server = Server::start().on("GET", "/call", [Answer::status(500)]);
    let run = pipeline.build().run().env("BASE", &server.url());
    let ended = run.input(&json!({"spare": 7})).finish();
    assert_eq!(ended.output(), json!({"body": 7}));
    assert_eq!(ended.statuses()["call"], "continued");
}

#[test]
fn one_connection_serves_many_requests() {
    let stages: Vec<Value> = (0..5)
        .map(|at| {
            let before: Vec<String> = (0..at)
                .last()
                .map(|at| format!("s{at}"))
                .into_iter()
                .collect();
            json!({"id": format!("s{at}"), "component_type": "http-request", "depends_on": before,
                   "config": {"url": format!("{{{{env.BASE}}}}/{at}")}})
        })
        .collect();
    let server = Server::start().on("GET", "*", [Answer::json(200, &json!({}))]);
    let _ = run(&Pipeline::of("chain", &Value::from(stages)), &server.url()).output();
    assert_eq!(
        server.sequence(),
        ["GET /0", "GET /1", "GET /2", "GET /3", "GET /4"]
    );
    assert!(
        server
            .requests()
            .iter()
            .all(|request| request.connection == 0)
    );
}

#[test]
fn concurrency_has_a_limit_when_one_is_given() {
    let stages: Vec<Value> = (0..4)
        .map(|at| {
            json!({"id": format!("s{at}"), "component_type": "http-request",
                   "config": {"url": format!("{{{{env.BASE}}}}/{at}")}})
        })
        .collect();
    let pause = Duration::from_millis(60);
    let server = Server::start().on("GET", "*", [Answer::status(204).after(pause)]);
    let program = Pipeline::of("wide", &Value::from(stages)).build();
    let run = program.run().env("BASE", &server.url()).input(&json!({}));
    let _ = run.arg("--max-concurrency").arg("1").finish().output();
    // When several stages are ready, they start in document order.
    assert_eq!(server.sequence(), ["GET /0", "GET /1", "GET /2", "GET /3"]);
    for pair in server.requests().windows(2) {
        assert!(pair[1].at - pair[0].at >= pause);
    }
}
