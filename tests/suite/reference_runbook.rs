//! Runbooks: steps, their conditions, and loops that run at the same time.

use fmc_tests::{Answer, Ended, Meeting, Pipeline, Server, run::assert_matches};
use serde_json::{Value, json};

const FETCH: &str = "GET /api/runbooks/rb-1";

fn step(server: &Server, method: &str, path: &str, condition: &str) -> Value {
    json!({
        "endpoint": format!("{}{path}", server.url()), "method": method,
        "headers": {"X-Step": path}, "body": {"for": path}, "success_condition": condition,
    })
}

fn with_runbook(server: Server, steps: &[Value]) -> Server {
    let runbook = Answer::json(200, &json!({"steps": steps}));
    server.on("GET", "/api/runbooks/*", [runbook])
}

fn run_of(pipeline: &Pipeline, server: &Server) -> Ended {
    pipeline
        .build()
        .run()
        .env("RUNBOOK_API", &format!("{}/api", server.url()))
        .env("RUNBOOK_TOKEN", "rb-secret-5")
        .input(&json!({"runbook_id": "rb-1"}))
        .finish()
}

fn run(server: &Server) -> Ended {
    run_of(&Pipeline::reference("execute-runbook"), server)
}

fn counts(total: usize, successful: usize) -> Value {
    json!({
        "runbook_id": "rb-1", "total_steps": total, "successful_steps": successful,
        "failed_steps": total - successful, "executed_at": "<time>",
    })
}

#[test]
fn a_failing_step_is_counted_and_the_other_steps_run() {
    let server = Server::start()
        .on(
            "POST",
            "/cache/flush",
            [Answer::json(200, &json!({"flushed": 8}))],
        )
        .on(
            "PUT",
            "/db/failover",
            [Answer::json(500, &json!({"error": "no replica"}))],
        )
        .on("GET", "/shop/health", [Answer::text(200, "fine")]);
    let steps = [
        step(
            &server,
            "POST",
            "/cache/flush",
            "data.status_code == 200 and data.body.flushed > 5",
        ),
        step(&server, "PUT", "/db/failover", "data.success"),
        step(
            &server,
            "get",
            "/shop/health",
            "'fine' in data.body and data['success']",
        ),
    ];
    let server = with_runbook(server, &steps);
    let ended = run(&server);
    // A 500 is data, because the pipeline reads the status.
    assert_matches(&ended.output(), &counts(3, 2));
    assert_eq!(
        server.sequence(),
        [
            FETCH,
            "POST /cache/flush",
            "PUT /db/failover",
            "GET /shop/health"
        ]
    );
    for request in &server.requests()[1..] {
        assert_eq!(request.header("x-step"), Some(request.path()));
        assert_eq!(request.json(), json!({"for": request.path()}));
    }
    let iterations: Vec<_> = ended
        .events_of("stage_end", "verify-step")
        .iter()
        .map(|event| event["iteration"].clone())
        .collect();
    assert_eq!(iterations, [json!(0), json!(1), json!(2)]);
}

#[test]
fn an_empty_list_runs_nothing() {
    let server = with_runbook(Server::start(), &[]);
    let ended = run(&server);
    assert_matches(&ended.output(), &counts(0, 0));
    assert_eq!(server.sequence(), [FETCH]);
    assert!(ended.events_of("stage_start", "execute-step").is_empty());
}

#[test]
fn a_condition_sees_data_and_nothing_else() {
    for name in [
        "env.RUNBOOK_TOKEN",
        "input.runbook_id",
        "upstream",
        "context.run_id",
        "now()",
    ] {
        let server = Server::start().on("*", "/step", [Answer::json(200, &json!({}))]);
        let steps = [
            step(&server, "GET", "/step", &format!("{name} != ''")),
            step(&server, "GET", "/step", "data.success"),
        ];
        let server = with_runbook(server, &steps);
        let ended = run(&server);
        let report = ended.report();
        for part in ["`verify-step`", "item 0", "ExpressionError"] {
            assert!(report.contains(part), "{name}: {part}: {report}");
        }
        assert!(
            !ended.stderr.contains("rb-secret-5"),
            "{name}: {}",
            ended.stderr
        );
        // The first failure ends the loop.
        assert_eq!(server.sequence(), [FETCH, "GET /step"], "{name}");
    }
}

#[test]
fn a_secret_is_masked_even_when_a_server_echoes_it() {
    let pipeline = Pipeline::reference("execute-runbook").with("fetch-runbook", |stage| {
        stage["config"]["headers"] = json!({"Authorization": "Bearer {{env.RUNBOOK_TOKEN}}"});
    });
    let server = Server::start().on(
        "GET",
        "/api/*",
        [Answer::text(401, "the token rb-secret-5 has expired")],
    );
    let ended = run_of(&pipeline, &server);
    assert!(
        ended.report().contains("the token *** has expired"),
        "{}",
        ended.stderr
    );
    assert!(!ended.stderr.contains("rb-secret-5"), "{}", ended.stderr);
    let sent = server.requests();
    assert_eq!(sent[0].header("authorization"), Some("Bearer rb-secret-5"));
}

#[test]
fn a_condition_has_a_limit_of_steps() {
    let server = Server::start().on("*", "/step", [Answer::json(200, &json!({}))]);
    let endless = "any(a < 0 for a in range(10000) for b in range(10000) for c in range(10000))";
    let steps = [step(&server, "GET", "/step", endless)];
    let server = with_runbook(server, &steps);
    let report = run(&server).report();
    assert!(report.contains("`verify-step`"), "{report}");
    assert!(report.contains("10000000 steps"), "{report}");
}

#[test]
fn parallel_iterations_each_see_their_own_item() {
    let pipeline = Pipeline::reference("execute-runbook").with("execute-steps", |stage| {
        stage["config"]["parallel"] = json!(true)
    });
    let meeting = Meeting::of(5);
    let server = Server::start();
    let steps: Vec<Value> = (0..5)
        .map(|at| {
            let path = format!("/step/{at}");
            step(
                &server,
                "POST",
                &path,
                &format!("data.body.number == {at} and {at} != 3"),
            )
        })
        .collect();
    let server = (0..5).fold(with_runbook(server, &steps), |server, at| {
        let answer = Answer::json(200, &json!({"number": at})).at(&meeting);
        server.on("POST", &format!("/step/{at}"), [answer])
    });
    let ended = run_of(&pipeline, &server);
    assert_matches(&ended.output(), &counts(5, 4));
    let requests = server.requests();
    assert_eq!(requests.len(), 6);
    for request in &requests[1..] {
        assert_eq!(request.header("x-step"), Some(request.path()));
        assert_eq!(request.json(), json!({"for": request.path()}));
    }
}

#[test]
fn parallel_results_keep_the_order_of_the_items() {
    let pipeline = Pipeline::reference("execute-runbook")
        .with("execute-steps", |stage| {
            stage["config"]["parallel"] = json!(true);
            stage["config"]["max_parallel"] = json!(2);
        })
        .set("output_stage_id", json!("execute-steps"));
    let server = Server::start();
    let steps: Vec<Value> = (0..4)
        .map(|at| step(&server, "GET", &format!("/step/{at}"), "data.success"))
        .collect();
    // Earlier requests are answered more slowly.
    let server = (0..4).fold(with_runbook(server, &steps), |server, at| {
        let delay = std::time::Duration::from_millis(20 * (4 - at));
        let answer = Answer::json(200, &json!({"number": at})).after(delay);
        server.on("GET", &format!("/step/{at}"), [answer])
    });
    let output = run_of(&pipeline, &server).output();
    let numbers: Vec<_> = (0..4)
        .map(|at| output["results"][at]["data"]["body"]["number"].clone())
        .collect();
    assert_eq!(numbers, [json!(0), json!(1), json!(2), json!(3)]);
    assert_eq!(output["total_items"], 4);
    assert_eq!(output["processed_items"], 4);
    assert_eq!(output["failed_items"], 0);
    assert_eq!(output["is_complete"], true);
}
