//! Incident resolution: the steps run one after the other, whatever happens.

use fmc_tests::{Answer, Ended, Pipeline, Server};
use serde_json::{Value, json};

const SEQUENCE: [&str; 5] = [
    "PATCH /status/pages/p1/incidents/sp-99",
    "POST /pager/v2/enqueue",
    "POST /jira/rest/api/2/issue/OPS-7/transitions",
    "POST /slack",
    "POST /v1/chat/completions",
];

fn server(first: impl FnOnce(Server) -> Server) -> Server {
    let reply = json!({
        "model": "m", "choices": [{"finish_reason": "stop",
                                   "message": {"role": "assistant", "content": "In short: over."}}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7},
    });
    first(Server::start())
        .on("PATCH", "/status/*", [Answer::json(200, &json!({}))])
        .on("POST", "/pager/v2/enqueue", [Answer::json(202, &json!({}))])
        .on("POST", "/jira/*", [Answer::status(204)])
        .on("POST", "/slack", [Answer::text(200, "ok")])
        .on("POST", "/v1/chat/completions", [Answer::json(200, &reply)])
}

fn run(server: &Server) -> Ended {
    let base = server.url();
    let input = json!({
        "incident_id": "sp-99", "resolution_message": "Rolled back.", "dedup_key": "checkout-5xx",
        "jira_ticket": "OPS-7", "incident_title": "Payments", "duration": "40 min",
        "root_cause": "pool", "services": ["checkout", "billing"],
        "timeline": [{"at": "09:30", "what": "first alert"}],
    });
    Pipeline::reference("resolve-incident")
        .build()
        .run()
        .env("STATUSPAGE_API", &format!("{base}/status"))
        .env("STATUSPAGE_ID", "p1")
        .env("STATUSPAGE_TOKEN", "sp-secret")
        .env("PAGERDUTY_URL", &format!("{base}/pager"))
        .env("PAGERDUTY_KEY", "pd-secret")
        .env("JIRA_URL", &format!("{base}/jira"))
        .env("JIRA_AUTH", "jira-secret")
        .env("JIRA_RESOLVE_TRANSITION", "31")
        .env("SLACK_WEBHOOK", &format!("{base}/slack"))
        .env("OPENAI_API_KEY", "sk-secret")
        .env("OPENAI_BASE_URL", &format!("{base}/v1"))
        .env("FMC_LLM_MODEL", "m")
        .input(&input)
        .finish()
}

#[test]
fn five_requests_in_strict_order() {
    let server = server(|server| server);
    let output = run(&server).output();
    assert_eq!(server.sequence(), SEQUENCE);
    assert_eq!(
        output,
        json!({"content": "In short: over.", "tokens_used": 7, "input_tokens": 3,
               "output_tokens": 4, "finish_reason": "stop", "model": "m"})
    );
    let requests = server.requests();
    let credentials: Vec<_> = requests
        .iter()
        .map(|request| request.header("authorization").unwrap_or_default())
        .collect();
    assert_eq!(
        credentials,
        [
            "OAuth sp-secret",
            "",
            "Basic jira-secret",
            "",
            "Bearer sk-secret"
        ]
    );
    let bodies: Vec<Value> = requests
        .iter()
        .take(4)
        .map(|request| request.json())
        .collect();
    assert_eq!(
        bodies,
        [
            json!({"incident": {"status": "resolved", "body": "Rolled back."}}),
            json!({"routing_key": "pd-secret", "event_action": "resolve", "dedup_key": "checkout-5xx"}),
            // A variable is a string, even when it looks like a number.
            json!({"transition": {"id": "31"}, "fields": {"resolution": {"name": "Done"}}}),
            json!({"text": "All good again: Payments", "attachments": [{"color": "good", "fields": [
                {"title": "What helped", "value": "Rolled back.", "short": false},
                {"title": "It took", "value": "40 min", "short": true},
                {"title": "It was", "value": "pool", "short": true},
            ]}]}),
        ]
    );
    let asked = requests[4].json();
    let prompt = asked["messages"][1]["content"].as_str().unwrap();
    for part in [
        "\nWhat it hit: [\"checkout\",\"billing\"]\n",
        "\nWhat happened when: [{\"at\":\"09:30\",\"what\":\"first alert\"}]\n",
    ] {
        assert!(prompt.contains(part), "{part:?} in {prompt}");
    }
}

#[test]
fn each_answer_is_awaited_before_the_next_request() {
    let slow = std::time::Duration::from_millis(60);
    let server = server(|server| {
        server
            .on(
                "PATCH",
                "/status/*",
                [Answer::json(200, &json!({})).after(slow)],
            )
            .on(
                "POST",
                "/pager/*",
                [Answer::json(202, &json!({})).after(slow)],
            )
            .on("POST", "/jira/*", [Answer::status(204).after(slow)])
            .on("POST", "/slack", [Answer::text(200, "ok").after(slow)])
    });
    let _ = run(&server).output();
    let requests = server.requests();
    for pair in requests.windows(2) {
        assert!(
            pair[1].at - pair[0].at >= slow,
            "{} came too early",
            pair[1].line()
        );
    }
}

#[test]
fn a_failure_stops_the_stages_that_follow() {
    let failing = ["/status/*", "/pager/*", "/jira/*", "/slack"];
    for (at, path) in failing.into_iter().enumerate() {
        let server = server(|server| server.on("*", path, [Answer::text(500, "broken")]));
        let report = run(&server).report();
        assert!(
            report.contains("500") && report.contains("broken"),
            "{report}"
        );
        assert_eq!(server.sequence(), SEQUENCE[..=at]);
    }
}
