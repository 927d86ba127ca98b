//! Auto-remediation: a router, a try block, polling.

use fmc_tests::{Answer, Ended, Pipeline, Server, fmc, tree};
use serde_json::{Value, json};

const SCALE: &str = "PATCH /k8s/apis/apps/v1/namespaces/shop/deployments/checkout/scale";
const DEPLOYMENT: &str = "GET /k8s/apis/apps/v1/namespaces/shop/deployments/checkout";
const HEALTH: &str = "GET /shop/checkout/health";
const PAGE: &str = "POST /pager/v2/enqueue";
const SLACK: &str = "POST /slack";

fn ok() -> Answer {
    Answer::json(200, &json!({}))
}

/// A server on which everything works. The rules of `first` come before its own.
fn server(first: impl FnOnce(Server) -> Server) -> Server {
    first(Server::start())
        .on("*", "/k8s/*", [ok()])
        .on("GET", "/shop/checkout/health", [ok()])
        .on("POST", "/pager/v2/enqueue", [Answer::json(202, &json!({}))])
        .on("POST", "/slack", [Answer::text(200, "ok")])
}

fn run(server: &Server, input: &Value) -> Ended {
    let base = server.url();
    Pipeline::reference("auto-remediation")
        .build()
        .run()
        .env("K8S_API", &format!("{base}/k8s"))
        .env("K8S_TOKEN", "k8s-secret-1")
        .env("PAGERDUTY_URL", &format!("{base}/pager"))
        .env("PAGERDUTY_KEY", "pd-secret-2")
        .env("SERVICE_URL", &format!("{base}/shop"))
        .env("SLACK_WEBHOOK", &format!("{base}/slack"))
        .input(input)
        .finish()
}

fn issue(kind: &str) -> Value {
    json!({"service": "checkout", "namespace": "shop",
           "labels": {"issue_type": kind, "instance": "node-3"}})
}

#[test]
fn a_restart_stops_waits_starts_checks_and_notifies() {
    for kind in ["high_memory", "connection_error"] {
        let server = server(|server| server);
        let mut input = issue(kind);
        input["desired_replicas"] = json!(3);
        let ended = run(&server, &input);
        assert_eq!(ended.output()["body"], "ok");
        assert_eq!(
            server.sequence(),
            [SCALE, DEPLOYMENT, SCALE, HEALTH, SLACK],
            "{kind}"
        );
        let requests = server.requests();
        let scale = [&requests[0], &requests[2]];
        for request in scale {
            assert_eq!(request.header("authorization"), Some("Bearer k8s-secret-1"));
            assert_eq!(
                request.header("content-type"),
                Some("application/strategic-merge-patch+json")
            );
        }
        assert_eq!(scale[0].json(), json!({"spec": {"replicas": 0}}));
        assert_eq!(scale[1].json(), json!({"spec": {"replicas": 3}}));
        assert_eq!(
            requests[4].json()["attachments"][0]["fields"][1],
            json!({"title": "What it had", "value": kind, "short": true})
        );
        assert_eq!(
            ended.with_status("skipped"),
            [
                "cleanup-disk",
                "escalate-to-human",
                "renew-cert",
                "scale-up"
            ]
        );
        assert_eq!(ended.logs().len(), 1);
        assert_eq!(
            ended.logs()[0]["message"],
            "The restart is over for checkout"
        );
    }
}

#[test]
fn replicas_is_the_number_two_by_default() {
    let server = server(|server| server);
    let _ = run(&server, &issue("high_memory")).output();
    assert_eq!(server.requests()[2].text(), r#"{"spec":{"replicas":2}}"#);
}

#[test]
fn scaling_up_is_one_request() {
    let server = server(|server| server);
    let ended = run(&server, &issue("high_cpu"));
    // The notice depends on a chain that did not run.
    assert_eq!(ended.output(), Value::Null);
    assert_eq!(server.sequence(), [SCALE]);
    assert_eq!(server.requests()[0].text(), r#"{"spec":{"replicas":4}}"#);
}

#[test]
fn a_full_disk_is_cleaned() {
    let server = server(|server| server);
    assert_eq!(run(&server, &issue("disk_full")).output(), Value::Null);
    assert_eq!(
        server.sequence(),
        ["POST /k8s/apis/batch/v1/namespaces/shop/jobs"]
    );
    let job = server.requests()[0].json();
    assert_eq!(job["spec"]["template"]["spec"]["nodeName"], "node-3");
}

#[test]
fn a_certificate_is_renewed() {
    let server = server(|server| server);
    assert_eq!(
        run(&server, &issue("certificate_expiry")).output(),
        Value::Null
    );
    assert_eq!(
        server.sequence(),
        ["PATCH /k8s/apis/cert-manager.io/v1/namespaces/shop/certificates/checkout/status"]
    );
    assert_eq!(
        server.requests()[0].header("content-type"),
        Some("application/merge-patch+json")
    );
}

#[test]
fn an_unknown_issue_is_handed_to_a_human() {
    let unlabelled = json!({"service": "checkout", "namespace": "shop"});
    for (input, kind) in [(issue("gremlins"), "gremlins"), (unlabelled, "unknown")] {
        let server = server(|server| server);
        let ended = run(&server, &input);
        assert_eq!(ended.output(), Value::Null);
        assert_eq!(server.sequence(), [PAGE]);
        assert_eq!(
            server.requests()[0].json(),
            json!({
                "routing_key": "pd-secret-2", "event_action": "trigger",
                "payload": {
                    "summary": "Nothing automatic has helped checkout",
                    "severity": "critical", "source": "flowmason-remediation",
                    "custom_details": {"service": "checkout", "issue_type": kind,
                                       "attempted_action": "auto-remediation"},
                },
            })
        );
        assert!(!ended.stderr.contains("pd-secret-2"), "{}", ended.stderr);
    }
}

#[test]
fn a_refused_restart_pages_and_logs_and_is_not_called_a_success() {
    let server = server(|server| {
        server.on(
            "PATCH",
            "/k8s/*",
            [Answer::json(403, &json!({"reason": "Forbidden"}))],
        )
    });
    let ended = run(&server, &issue("high_memory"));
    assert_eq!(ended.output(), Value::Null);
    assert_eq!(server.sequence(), [SCALE, PAGE]);
    assert_eq!(ended.with_status("failed"), ["execute-restart"]);
    assert_eq!(
        ended.with_status("succeeded"),
        [
            "determine-action",
            "escalate-to-human",
            "log-remediation",
            "parse-alert",
            "restart-service"
        ]
    );
    for stage in [
        "wait-for-shutdown",
        "scale-back-up",
        "verify-remediation",
        "notify-resolution",
    ] {
        assert_eq!(ended.statuses()[stage], "skipped", "{stage}");
    }
    assert_eq!(ended.logs().len(), 1);
}

#[test]
fn a_page_that_fails_fails_the_run_after_the_log() {
    let server = server(|server| {
        server.on("PATCH", "/k8s/*", [Answer::status(403)]).on(
            "POST",
            "/pager/*",
            [Answer::status(500)],
        )
    });
    let ended = run(&server, &issue("high_memory"));
    let report = ended.report();
    assert!(report.contains("`escalate-to-human`"), "{report}");
    assert_eq!(server.sequence(), [SCALE, PAGE]);
    assert_eq!(ended.logs().len(), 1, "finally runs");
}

#[test]
fn the_shutdown_is_polled_until_it_is_there() {
    let server = server(|server| {
        let busy = Answer::status(503);
        server.on(
            "GET",
            "/k8s/apis/apps/v1/namespaces/shop/deployments/checkout",
            [busy.clone(), busy.clone(), busy, ok()],
        )
    });
    let ended = run(&server, &issue("high_memory"));
    assert_eq!(ended.output()["status_code"], 200);
    assert_eq!(
        server.sequence(),
        [
            SCALE, DEPLOYMENT, DEPLOYMENT, DEPLOYMENT, DEPLOYMENT, SCALE, HEALTH, SLACK
        ]
    );
    let attempts = ended.events_of("attempt", "wait-for-shutdown");
    let statuses: Vec<_> = attempts.iter().map(|attempt| &attempt["status"]).collect();
    assert_eq!(statuses, ["failed", "failed", "failed", "succeeded"]);
    // 20 ms here, plus or minus a tenth.
    let at: Vec<_> = server.requests().iter().map(|request| request.at).collect();
    for pair in at[1..=4].windows(2) {
        let pause = (pair[1] - pair[0]).as_millis();
        assert!((17..2_000).contains(&pause), "{pause} ms between attempts");
    }
}

#[test]
fn when_the_service_stays_unhealthy_the_run_fails_without_a_notice() {
    let server = server(|server| server.on("GET", "/shop/*", [Answer::text(503, "starting")]));
    let ended = run(&server, &issue("connection_error"));
    let report = ended.report();
    let mut expected = vec![SCALE, DEPLOYMENT, SCALE];
    expected.extend([HEALTH; 6]);
    assert_eq!(server.sequence(), expected);
    for part in [
        "`verify-remediation`",
        "6 attempts",
        "503",
        "starting",
        "notify-resolution",
    ] {
        assert!(report.contains(part), "{part}: {report}");
    }
    assert!(!ended.stderr.contains("k8s-secret-1"), "{}", ended.stderr);
}

#[test]
fn an_id_cannot_leave_its_path_segment() {
    let server = server(|server| server);
    let mut input = issue("high_cpu");
    input["service"] = json!("../../../secrets?watch=1#");
    let _ = run(&server, &input).output();
    assert_eq!(
        server.sequence(),
        [
            "PATCH /k8s/apis/apps/v1/namespaces/shop/deployments/..%2F..%2F..%2Fsecrets%3Fwatch%3D1%23/scale"
        ]
    );
}

#[test]
fn the_original_document_lacks_two_stages() {
    let path = "fixtures/reference/auto-remediation/verbatim.json";
    let output = fmc::command()
        .args(["check", "--format", "json", path])
        .current_dir(tree::root())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = tree::text(path);
    let stdout = String::from_utf8(output.stdout).unwrap();
    let found: Vec<(Value, String)> = stdout
        .lines()
        .map(|line| {
            let found: Value = serde_json::from_str(line).unwrap();
            let offset = |end: &str| {
                usize::try_from(found["range"][end]["offset"].as_u64().unwrap()).unwrap()
            };
            let word = text[offset("start")..offset("end")].to_owned();
            (found["code"].clone(), word)
        })
        .collect();
    assert_eq!(
        found,
        [
            (json!("FMC0301"), "cleanup-disk".to_owned()),
            (json!("FMC0301"), "renew-cert".to_owned()),
        ]
    );
    let built = fmc::command()
        .args(["build", path, "-o", "unwanted"])
        .current_dir(tree::root())
        .output()
        .unwrap();
    assert_eq!(built.status.code(), Some(1));
    assert!(!tree::root().join("unwanted").exists());
}
