//! The status page: a templated key, a list with a single item that stays a list, ids in paths.

use fmc_tests::{Answer, Ended, Pipeline, Server};
use serde_json::{Value, json};

fn run(server: &Server, page: &str, input: &Value) -> Ended {
    Pipeline::reference("update-status-page")
        .build()
        .run()
        .env("STATUSPAGE_API", &format!("{}/v1", server.url()))
        .env("STATUSPAGE_ID", page)
        .env("STATUSPAGE_TOKEN", "sp-secret")
        .input(input)
        .finish()
}

fn server() -> Server {
    Server::start().on(
        "POST",
        "/v1/*",
        [Answer::json(201, &json!({"id": "sp-99"}))],
    )
}

fn input() -> Value {
    json!({
        "title": "Payments — dégradés 💳", "impact": "major", "description": "line 1\nline 2",
        "component_ids": ["cmp-1", "cmp-2"], "component_id": "cmp-1",
        "component_status": "partial_outage",
    })
}

#[test]
fn the_incident_is_opened_and_its_id_kept() {
    let server = server();
    let ended = run(&server, "p1", &input());
    assert_eq!(
        ended.output(),
        json!({"variables": {"statuspage_incident_id": "sp-99"}, "statuspage_incident_id": "sp-99"})
    );
    assert_eq!(server.sequence(), ["POST /v1/pages/p1/incidents"]);
    let request = &server.requests()[0];
    assert_eq!(request.header("authorization"), Some("OAuth sp-secret"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(
        request.json(),
        json!({"incident": {
            "name": "Payments — dégradés 💳", "status": "investigating",
            "impact_override": "major", "body": "line 1\nline 2",
            "component_ids": ["cmp-1", "cmp-2"],
            "components": {"cmp-1": "partial_outage"},
        }})
    );
}

#[test]
fn dots_and_slashes_stay_in_their_segment() {
    let server = server();
    let _ = run(&server, "../../admin?x=1#", &input()).output();
    assert_eq!(
        server.sequence(),
        ["POST /v1/pages/..%2F..%2Fadmin%3Fx%3D1%23/incidents"]
    );
}

#[test]
fn a_path_segment_of_dots_is_refused() {
    let server = server();
    // Even when encoded, a server would resolve such a segment, so the request is not sent.
    for dots in ["..", "."] {
        let report = run(&server, dots, &input()).report();
        assert!(report.contains("`create-incident`"), "{report}");
        assert!(report.contains("ConfigError"), "{report}");
    }
    assert!(server.sequence().is_empty());
}

#[test]
fn a_refused_incident_sets_no_variable() {
    let server = Server::start().on(
        "POST",
        "/v1/*",
        [Answer::json(422, &json!({"error": "bad"}))],
    );
    let ended = run(&server, "p1", &input());
    let report = ended.report();
    assert!(
        report.contains("422") && report.contains("store-incident-id"),
        "{report}"
    );
    assert_eq!(ended.statuses()["store-incident-id"], "skipped");
}
