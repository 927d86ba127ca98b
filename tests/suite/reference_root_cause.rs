//! Root cause analysis: three requests at the same time, then a model.

use fmc_tests::{Answer, Ended, Meeting, Pipeline, Server, run::assert_matches, tree};
use serde_json::{Value, json};

const QUERY: &str = "query=rate%28http_requests_total%7Bservice%3D%22check%20out%26x%22%2Cstatus\
                     %3D~%225..%22%7D%5B5m%5D%29&start=2026-03-01T08%3A00%3A00Z&end=now&step=60s";

fn logs() -> Value {
    json!({"hits": [{"line": "connect: timed out"}, {"line": "pool \"exhausted\""}]})
}

fn metrics() -> Value {
    json!({"status": "success", "data": {"resultType": "matrix", "result": [
        {"metric": {"service": "check out&x"}, "values": [[1, "0.1"], [2, "0.9"], [3, "1.4"]]},
    ]}})
}

fn deployments() -> Value {
    json!([{"version": "v41"}, {"version": "v40"}])
}

fn openai(text: &str) -> Answer {
    Answer::json(
        200,
        &json!({
            "id": "c1", "object": "chat.completion", "model": "test-model-1",
            "choices": [{"index": 0, "finish_reason": "stop",
                         "message": {"role": "assistant", "content": text}}],
            "usage": {"prompt_tokens": 412, "completion_tokens": 9, "total_tokens": 421},
        }),
    )
}

fn run(server: &Server) -> Ended {
    let base = server.url();
    let input = json!({
        "incident_id": "inc-21", "service": "check out&x", "error_message": "upstream timed out",
        "severity": "critical", "start_time": "2026-03-01T08:00:00Z",
    });
    Pipeline::reference("ai-root-cause-analysis")
        .build()
        .run()
        .env("LOGS_API", &format!("{base}/logs"))
        .env("PROMETHEUS_URL", &format!("{base}/prometheus"))
        .env("DEPLOY_API", &format!("{base}/deploys"))
        .env("OPENAI_API_KEY", "sk-secret-7")
        .env("OPENAI_BASE_URL", &format!("{base}/v1"))
        .env("FMC_LLM_MODEL", "test-model")
        .input(&input)
        .finish()
}

#[test]
fn three_requests_overlap_and_the_prompt_carries_their_bodies() {
    let meeting = Meeting::of(3);
    let server = Server::start()
        .on(
            "POST",
            "/logs/search",
            [Answer::json(200, &logs()).at(&meeting)],
        )
        .on(
            "GET",
            "/prometheus/api/v1/query_range",
            [Answer::json(200, &metrics()).at(&meeting)],
        )
        .on(
            "GET",
            "/deploys/history",
            [Answer::json(200, &deployments()).at(&meeting)],
        )
        .on(
            "POST",
            "/v1/chat/completions",
            [openai("v41 halved the pool.")],
        );
    let ended = run(&server);
    let output = ended.output();

    let mut sequence = server.sequence();
    assert_eq!(sequence.pop().unwrap(), "POST /v1/chat/completions");
    // They run at the same time, so in any order.
    sequence.sort();
    assert_eq!(
        sequence,
        [
            "GET /deploys/history?service=check%20out%26x&limit=5".to_owned(),
            format!("GET /prometheus/api/v1/query_range?{QUERY}"),
            "POST /logs/search".to_owned(),
        ]
    );
    assert_eq!(
        server.only("POST", "/logs/search").json(),
        json!({"query": "service:check out&x level:error", "from": "now-1h", "to": "now", "limit": 100})
    );

    let asked = server.only("POST", "/v1/chat/completions");
    assert_eq!(asked.header("authorization"), Some("Bearer sk-secret-7"));
    let asked = asked.json();
    assert_eq!(asked["model"], "test-model");
    let messages = asked["messages"].as_array().unwrap();
    let roles: Vec<_> = messages.iter().map(|message| &message["role"]).collect();
    assert_eq!(roles, ["system", "user"]);
    let prompt = messages[1]["content"].as_str().unwrap();
    for part in [
        "Affected service: check out&x\n".to_owned(),
        format!("\n{}\n", logs()),
        format!("\n{}\n", metrics()),
        format!("\n{}\n", deployments()),
    ] {
        assert!(prompt.contains(&part), "{part:?} in {prompt}");
    }

    let expected = json!({
        "incident_id": "inc-21", "service": "check out&x", "analysis": "v41 halved the pool.",
        "data_sources": {"logs_analyzed": 2, "metric_points": 3, "deployments_checked": 2},
        "analyzed_at": "<time>",
    });
    assert_matches(&output, &expected);
    assert!(!ended.stderr.contains("sk-secret-7"), "{}", ended.stderr);
    let end = ended
        .events()
        .into_iter()
        .find(|event| event["event"] == "run_end");
    let end = end.unwrap();
    assert_eq!(
        (
            &end["model_calls"],
            &end["input_tokens"],
            &end["output_tokens"]
        ),
        (&json!(1), &json!(412), &json!(9))
    );
}

#[test]
fn empty_sources_count_as_missing() {
    let server = Server::start()
        .on("POST", "/logs/search", [Answer::json(200, &json!({}))])
        .on(
            "GET",
            "/prometheus/*",
            [Answer::json(200, &json!({"data": {"result": []}}))],
        )
        .on("GET", "/deploys/*", [Answer::json(200, &json!([]))])
        .on("POST", "/v1/chat/completions", [openai("No idea.")]);
    let output = run(&server).output();
    assert_eq!(
        output["data_sources"],
        json!({"logs_analyzed": 0, "metric_points": 0, "deployments_checked": 0})
    );
}

#[test]
fn a_source_that_refuses_fails_the_run_before_the_model_is_asked() {
    let server = Server::start()
        .on("POST", "/logs/search", [Answer::json(200, &logs())])
        .on(
            "GET",
            "/prometheus/*",
            [Answer::text(400, "parse error at char 5")],
        )
        .on("GET", "/deploys/*", [Answer::json(200, &deployments())])
        .on("POST", "/v1/chat/completions", [openai("never asked")]);
    let ended = run(&server);
    let report = ended.report();
    for part in [
        "`fetch-metrics`",
        "HttpStatusError",
        "400",
        "parse error at char 5",
    ] {
        assert!(report.contains(part), "{part}: {report}");
    }
    assert_eq!(server.sequence().len(), 3);
    assert!(
        !server
            .sequence()
            .contains(&"POST /v1/chat/completions".to_owned())
    );
}

#[test]
fn a_model_that_is_overloaded_is_asked_again() {
    let overloaded =
        Answer::json(429, &json!({"error": {"message": "slow down"}})).header("retry-after", "0");
    let server = Server::start()
        .on("POST", "/logs/search", [Answer::json(200, &logs())])
        .on("GET", "/prometheus/*", [Answer::json(200, &metrics())])
        .on("GET", "/deploys/*", [Answer::json(200, &deployments())])
        .on(
            "POST",
            "/v1/chat/completions",
            [overloaded.clone(), overloaded, openai("third time lucky")],
        );
    assert_eq!(run(&server).output()["analysis"], "third time lucky");
    assert_eq!(server.sequence().len(), 6);
}

#[test]
fn anthropic_has_its_own_request_format() {
    let folder = "fixtures/reference/ai-root-cause-analysis";
    let server = Server::start()
        .on("POST", "/logs/search", [Answer::json(200, &logs())])
        .on("GET", "/prometheus/*", [Answer::json(200, &metrics())])
        .on("GET", "/deploys/*", [Answer::json(200, &deployments())])
        .on(
            "POST",
            "/v1/messages",
            [Answer::json(
                200,
                &json!({
                    "id": "m1", "type": "message", "role": "assistant", "model": "claude-test",
                    "content": [{"type": "text", "text": "The pool."}], "stop_reason": "end_turn",
                    "usage": {"input_tokens": 5, "output_tokens": 2},
                }),
            )],
        );
    let base = server.url();
    let output = Pipeline::reference("ai-root-cause-analysis")
        .build()
        .run()
        .env("LOGS_API", &format!("{base}/logs"))
        .env("PROMETHEUS_URL", &format!("{base}/prometheus"))
        .env("DEPLOY_API", &format!("{base}/deploys"))
        .env("ANTHROPIC_API_KEY", "ak-secret-7")
        .env("ANTHROPIC_BASE_URL", &base)
        .env("FMC_LLM_MODEL", "claude-test")
        .input(&tree::json(&format!("{folder}/input.json")))
        .finish()
        .output();
    assert_eq!(output["analysis"], "The pool.");
    let asked = server.only("POST", "/v1/messages");
    assert_eq!(asked.header("x-api-key"), Some("ak-secret-7"));
    assert!(asked.header("anthropic-version").is_some());
    let body = asked.json();
    assert!(
        body["system"].as_str().unwrap().contains("on call"),
        "{body}"
    );
    assert_eq!(body["messages"][0]["role"], "user");
    assert!(body["max_tokens"].as_u64().unwrap() > 0);
}

#[test]
fn without_a_key_the_run_does_not_start() {
    let server = Server::start();
    let ended = Pipeline::reference("ai-root-cause-analysis")
        .build()
        .run()
        .envs([
            ("LOGS_API", "x"),
            ("PROMETHEUS_URL", "x"),
            ("DEPLOY_API", "x"),
        ])
        .input(&json!({}))
        .finish();
    assert_eq!(ended.code(), 2, "{}", ended.stderr);
    for part in [
        "`analyze-root-cause`",
        "`OPENAI_API_KEY`",
        "`ANTHROPIC_API_KEY`",
    ] {
        assert!(ended.stderr.contains(part), "{part}: {}", ended.stderr);
    }
    assert!(server.sequence().is_empty());
}
