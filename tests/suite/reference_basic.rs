//! The basic incident handler.

use fmc_tests::{Answer, Ended, Pipeline, Server};
use serde_json::{Value, json};

fn server() -> Server {
    Server::start()
        .on(
            "POST",
            "/jira/rest/api/2/issue",
            [Answer::json(201, &json!({"id": "10007", "key": "OPS-7"}))],
        )
        .on("POST", "/slack", [Answer::text(200, "ok")])
}

fn run(server: &Server, input: &Value) -> Ended {
    Pipeline::reference("basic-incident-handler")
        .build()
        .run()
        .env("JIRA_URL", &format!("{}/jira", server.url()))
        .env("JIRA_AUTH", "amlyYTpodW50ZXIy")
        .env("JIRA_PROJECT", "OPS")
        .env("SLACK_WEBHOOK", &format!("{}/slack", server.url()))
        .input(input)
        .finish()
}

#[test]
fn a_ticket_then_a_message_with_its_key() {
    let server = server();
    let input = json!({
        "alert_id": "al-1", "severity": "critical", "service": "checkout",
        "message": "5xx \"everywhere\"\nand more", "timestamp": "2026-03-01T09:30:00.000Z",
    });
    let ended = run(&server, &input);
    let output = ended.output();
    assert_eq!(
        server.sequence(),
        ["POST /jira/rest/api/2/issue", "POST /slack"]
    );
    let ticket = server.only("POST", "/jira/rest/api/2/issue");
    assert_eq!(
        ticket.header("authorization"),
        Some("Basic amlyYTpodW50ZXIy")
    );
    assert_eq!(ticket.header("content-type"), Some("application/json"));
    assert_eq!(
        ticket.json(),
        json!({"fields": {
            "project": {"key": "OPS"},
            "summary": "[critical] checkout: 5xx \"everywhere\"\nand more",
            "description": "Opened without human hands.\n\nAlert: al-1\nAffected: checkout\nHow bad: critical\nSince: 2026-03-01T09:30:00.000Z",
            "issuetype": {"name": "Incident"},
            "priority": {"name": "critical"},
        }})
    );
    let message = server.only("POST", "/slack");
    assert_eq!(message.header("authorization"), None);
    assert_eq!(
        message.json(),
        json!({
            "text": "Something is wrong: 5xx \"everywhere\"\nand more",
            "attachments": [{"color": "danger", "fields": [
                {"title": "Affected", "value": "checkout", "short": true},
                {"title": "How bad", "value": "critical", "short": true},
                {"title": "Follow it in", "value": "OPS-7", "short": true},
            ]}],
        })
    );
    assert_eq!(output["status_code"], 200);
    assert_eq!(output["body"], "ok");
    assert_eq!(output["success"], true);
    assert_eq!(
        ended.with_status("succeeded"),
        [
            "create-ticket",
            "log-incident",
            "notify-team",
            "parse-alert"
        ]
    );
}

#[test]
fn other_monitors_use_other_names() {
    let server = server();
    let input = json!({
        "id": 4711, "labels": {"service": "search"}, "annotations": {"summary": "slow"},
    });
    let ended = run(&server, &input);
    let _ = ended.output();
    let ticket = server.only("POST", "/jira/rest/api/2/issue").json();
    assert_eq!(ticket["fields"]["summary"], "[unknown] search: slow");
    let description = ticket["fields"]["description"].as_str().unwrap().to_owned();
    let (start, time) = description.split_once("\nSince: ").unwrap();
    assert!(start.contains("\nAlert: 4711\n"), "{start}");
    assert!(fmc_tests::run::is_time(time), "{time}");
    let message = server.only("POST", "/slack").json();
    assert_eq!(message["attachments"][0]["color"], "warning");
    let log = &ended.logs()[0];
    assert_eq!(log["level"], "warning");
    assert_eq!(log["message"], "An alert came in: 4711");
    assert_eq!(log["data"]["alert_id"], 4711);
    assert_eq!(log["data"]["service"], "search");
}

#[test]
fn an_alert_without_fields_is_handled() {
    // `service` and `labels` are missing, so they are null, and null becomes empty text.
    let server = server();
    let ended = run(&server, &json!({}));
    let _ = ended.output();
    let ticket = server.only("POST", "/jira/rest/api/2/issue").json();
    assert_eq!(ticket["fields"]["summary"], "[unknown] : ");
    let message = server.only("POST", "/slack").json();
    let fields = &message["attachments"][0]["fields"];
    assert_eq!(fields[0]["value"], Value::Null);
    assert_eq!(fields[2]["value"], "OPS-7");
}

#[test]
fn missing_variables_are_named_all_at_once_before_anything_is_sent() {
    let server = server();
    let ended = Pipeline::reference("basic-incident-handler")
        .build()
        .run()
        .env("JIRA_URL", &server.url())
        .input(&json!({}))
        .finish();
    assert_eq!(ended.code(), 2, "{}", ended.stderr);
    for name in ["JIRA_AUTH", "JIRA_PROJECT", "SLACK_WEBHOOK"] {
        assert!(
            ended.stderr.contains(&format!("`{name}`")),
            "{}",
            ended.stderr
        );
    }
    assert!(!ended.stderr.contains("`JIRA_URL`"), "{}", ended.stderr);
    assert_eq!(ended.stdout, "");
    assert!(server.sequence().is_empty());
}

#[test]
fn without_a_ticket_no_message_is_sent() {
    let server = Server::start()
        .on(
            "POST",
            "/jira/*",
            [Answer::json(
                403,
                &json!({"error": "bad token amlyYTpodW50ZXIy"}),
            )],
        )
        .on("POST", "/slack", [Answer::text(200, "ok")]);
    let ended = run(&server, &json!({"alert_id": "al-1"}));
    let report = ended.report();
    assert_eq!(server.sequence(), ["POST /jira/rest/api/2/issue"]);
    for part in ["`create-ticket`", "HttpStatusError", "403", "notify-team"] {
        assert!(report.contains(part), "{part}: {report}");
    }
    // The token is masked, also in the text that the server sent back.
    assert!(report.contains("bad token ***"), "{report}");
    assert!(
        !ended.stderr.contains("amlyYTpodW50ZXIy"),
        "{}",
        ended.stderr
    );
}
