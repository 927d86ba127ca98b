//! The three fragments, with stand-ins for the stages around them.

use fmc_tests::{Answer, Ended, Pipeline, Server, fmc, tree};
use serde_json::{Value, json};

fn server() -> Server {
    Server::start()
        .on(
            "POST",
            "/hooks/*",
            [Answer::json(200, &json!({"ok": true}))],
        )
        .on("POST", "/pager/v2/enqueue", [Answer::json(202, &json!({}))])
}

fn run(fragment: &str, server: &Server, input: &Value) -> Ended {
    let base = server.url();
    Pipeline::reference(&format!("fragments/{fragment}"))
        .build()
        .run()
        .env("HOOKS", &format!("{base}/hooks"))
        .env("INCIDENT_API", &format!("{base}/incidents"))
        .env("PAGERDUTY_URL", &format!("{base}/pager"))
        .env("PAGERDUTY_KEY", "pd-secret")
        .input(input)
        .finish()
}

fn acknowledged(value: &Value) -> (Vec<String>, Ended) {
    let body = json!({"acknowledged": value});
    let server = server().on("GET", "/incidents/*", [Answer::json(200, &body)]);
    let ended = run("escalation", &server, &json!({"incident_id": "inc/21"}));
    (server.sequence(), ended)
}

#[test]
fn when_nobody_answered_the_manager_is_paged() {
    let (sequence, ended) = acknowledged(&json!(false));
    assert_eq!(
        sequence,
        ["GET /incidents/inc%2F21/status", "POST /hooks/manager"]
    );
    assert_eq!(
        ended.output(),
        json!({"branch_taken": "true", "condition_result": true})
    );
    assert_eq!(ended.statuses()["log-acknowledged"], "skipped");
}

#[test]
fn if_someone_answered_or_it_is_unknown_it_is_only_logged() {
    // As in Python, null is not equal to false.
    for value in [json!(true), Value::Null] {
        let (sequence, ended) = acknowledged(&value);
        assert_eq!(sequence, ["GET /incidents/inc%2F21/status"], "{value}");
        assert_eq!(
            ended.output(),
            json!({"branch_taken": "false", "condition_result": false})
        );
        assert_eq!(ended.statuses()["escalate-to-manager"], "skipped");
        assert_eq!(ended.logs()[0]["message"], "inc/21 is in good hands");
    }
}

#[test]
fn a_value_cannot_change_the_shape_of_the_condition() {
    let (sequence, ended) = acknowledged(&json!("1) or (True"));
    assert_eq!(ended.output()["condition_result"], false);
    assert_eq!(sequence.len(), 1);
}

#[test]
fn each_severity_notifies_its_own_targets() {
    let audiences: [(&str, &[&str]); 5] = [
        (
            "critical",
            &["POST /hooks/page-oncall", "POST /hooks/update-status-page"],
        ),
        (
            "high",
            &[
                "POST /hooks/create-ticket",
                "POST /hooks/notify-slack-urgent",
            ],
        ),
        (
            "medium",
            &["POST /hooks/create-ticket", "POST /hooks/notify-slack"],
        ),
        ("low", &[]),
        ("odd", &[]),
    ];
    for (severity, expected) in audiences {
        let server = server();
        let ended = run("severity-router", &server, &json!({"severity": severity}));
        let output = ended.output();
        let mut sequence = server.sequence();
        // They start at the same time.
        sequence.sort();
        assert_eq!(sequence, expected, "{severity}");
        let ticket = expected.contains(&"POST /hooks/create-ticket");
        assert_eq!(output["body"]["ok"] == json!(true), ticket, "{severity}");
        let logs: Vec<_> = ended
            .logs()
            .iter()
            .map(|log| log["stage"].clone())
            .collect();
        let logged: &[&str] = match severity {
            "low" => &["log-only"],
            // No route was chosen. There is a warning, because that may be a mistake.
            "odd" => &["severity-router"],
            _ => &[],
        };
        assert_eq!(logs, logged, "{severity}");
    }
}

#[test]
fn the_pager_gets_a_key_of_two_parts() {
    let server = server();
    let input = json!({"service": "checkout", "alert_type": 5});
    let output = run("deduplicated-alert", &server, &input).output();
    assert_eq!(output["status_code"], 202);
    assert_eq!(
        server.only("POST", "/pager/v2/enqueue").json(),
        json!({"routing_key": "pd-secret", "event_action": "trigger", "dedup_key": "checkout-5"})
    );
}

#[test]
fn a_fragment_is_one_finding_that_says_what_is_missing() {
    for (path, _) in tree::files("fixtures/reference/fragments", "fragment.json") {
        let output = fmc::command()
            .args(["check", "--format", "json", &path])
            .current_dir(tree::root())
            .output()
            .unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        let findings: Vec<Value> = stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(findings.len(), 1, "{path}: {stdout}");
        assert_eq!(findings[0]["code"], "FMC0409", "{path}");
        let help = findings[0]["help"].to_string();
        assert!(help.contains("stages"), "{path}: {help}");
    }
}
