//! Tests of `http-request` with a scripted server.

#[path = "http_hosts.rs"]
mod hosts;

use std::time::Duration;

use fmc_expr::{Cx, Object, Value};

use super::{LONGEST_TARGET, parameters};
use crate::{
    base::retry::OnError,
    component::http_request::HTTP_REQUEST,
    executor::tests::{
        bench::{Bench, Ran},
        drafts::{Draft, leaf},
    },
    host::http::{
        address::Address,
        tests::server::{Answer, Server, answer, json, with},
    },
};

/// A stage whose settings are the input of the run.
pub(super) fn request(id: &str) -> Draft {
    leaf(id).runs(&HTTP_REQUEST).config(|s| Ok(s.input()))
}

pub(super) async fn run(draft: Draft, settings: &str) -> Ran {
    Bench::new(&[draft], "r").input(settings).go().await
}

/// Sends one request with these settings, in which `HOST` is the server.
pub(super) async fn ask(answers: Vec<Answer>, settings: &str) -> (Server, Ran) {
    let server = Server::start(answers).await;
    let ran = run(request("r"), &settings.replace("HOST", &server.host)).await;
    (server, ran)
}

pub(super) fn field(ran: &Ran, name: &str) -> String {
    let output =
        Value::from_json(ran.output().as_bytes()).unwrap_or_else(|_| panic!("{}", ran.output()));
    output
        .get(name)
        .unwrap_or_else(|| panic!("no `{name}`"))
        .to_json()
}

#[test]
fn a_request_is_sent_as_configured() {
    with(async {
        let settings = r#"{
            "url": "http://HOST/a%2Fb/../c?x=1", "method": "patch",
            "headers": {"X-One": "1", "X-Null": null, "Content-Type": "application/strategic-merge-patch+json", "Content-Length": "3"},
            "query_params": {"q": "a b&c", "none": null, "l": [1, true]},
            "body": {"spec": {"replicas": 2}}
        }"#;
        let (server, ran) = ask(vec![json(201, r#"{"ok": [1.0]}"#)], settings).await;
        let request = server
            .requests()
            .remove(0)
            .replace(&server.host, "HOST")
            .replace('\r', "");
        insta::assert_snapshot!(request, @r#"
            PATCH /a%2Fb/../c?x=1&q=a%20b%26c&l=1&l=true HTTP/1.1
            x-one: 1
            content-type: application/strategic-merge-patch+json
            accept: */*
            accept-encoding: gzip, deflate
            user-agent: fmc/0.1.0
            host: HOST
            content-length: 23

            {"spec":{"replicas":2}}
            "#);
        assert_eq!(field(&ran, "status_code"), "201");
        assert_eq!(field(&ran, "body"), r#"{"ok":[1.0]}"#);
        assert_eq!(field(&ran, "success"), "true");
        assert_eq!(field(&ran, "attempts"), "1");
        assert_eq!(
            field(&ran, "headers"),
            r#"{"content-length":"13","content-type":"application/json"}"#
        );
    });
}

#[test]
fn settings_that_cannot_be_sent_fail_the_stage() {
    with(async {
        let server = Server::start(vec![json(200, "{}")]).await;
        let cases = [
            r#"{"url": "http://HOST/", "headers": {"X": "a\r\nEvil: 1"}}"#,
            r#"{"url": "http://HOST/", "headers": {"X\nY": "a"}}"#,
            r#"{"url": "http://HOST/", "headers": {"X-A ": "a"}}"#,
            r#"{"url": "http://HOST/", "headers": {"host": "a", "Host": "b"}}"#,
            r#"{"url": "http://HOST/", "headers": {"host": "a/b"}}"#,
            r#"{"url": "http://HOST/", "headers": {"X": {"a": 1}}}"#,
            r#"{"url": "http://HOST/", "method": "FETCH"}"#,
            r#"{"url": "http://HOST/", "timeout": 0}"#,
            r#"{"url": "/relative"}"#,
            r#"{"method": "GET"}"#,
        ];
        let mut lines = Vec::new();
        for case in cases {
            lines.push(
                run(request("r"), &case.replace("HOST", &server.host))
                    .await
                    .output(),
            );
        }
        insta::assert_snapshot!(lines.join("\n"), @r#"
        ConfigError: field `headers.X`: header values cannot have line breaks or control characters
        ConfigError: field `headers`: `X
        Y` is not the name of a header
        ConfigError: field `headers`: `X-A ` is not the name of a header
        ConfigError: field `headers`: `host` and `Host` are the same header; several values of one header are written as a list
        ConfigError: field `headers.Host`: `a/b` is not a host
        ConfigError: field `headers.X`: expected `string`, found `object` {"a":1}
        ConfigError: field `method`: expected one of `GET`, `POST`, `PUT`, `PATCH`, `DELETE`, `HEAD`, `OPTIONS`, found `FETCH`
        ConfigError: field `timeout`: expected `int of 1 or more`, found `int` 0
        ConfigError: field `url`: expected an `http` or `https` URL, found `/relative`
        ConfigError: field `url`: expected `string`, found `null`
        "#);
        assert!(server.requests().is_empty());
    });
}

#[test]
fn a_failing_status_is_an_error_unless_it_is_observed() {
    with(async {
        let answers = vec![answer(503, &["Retry-After: 7"], b"busy hunter22")];
        let server = Server::start(answers).await;
        let settings = |more: &str| {
            format!(
                r#"{{"url": "http://{}/x?token=hunter22"{more}}}"#,
                server.host
            )
        };
        let fails = run(request("r"), &settings("")).await;
        let report = fails.report().replace(&server.host, "HOST");
        insta::assert_snapshot!(report, @r"
        run failed at `r` (http-request)
          HttpStatusError: `GET HOST/x` answered 503 Service Unavailable
          | busy ***

          ✗ r  N ms, failed

        run-1, N ms
        ");
        let observed = run(request("r").observed(), &settings("")).await;
        assert_eq!(field(&observed, "status_code"), "503");
        assert_eq!(field(&observed, "success"), "false");
        let decided = run(
            request("r").observed(),
            &settings(r#", "fail_on_status": true"#),
        )
        .await;
        assert!(decided.output().starts_with("HttpStatusError"));
        let decided = run(request("r"), &settings(r#", "fail_on_status": false"#)).await;
        assert_eq!(
            field(&decided, "body"),
            r#""busy hunter22""#,
            "a run's output is not masked"
        );
    });
}

fn retry(max_retries: u32) -> OnError {
    OnError::Retry {
        max_retries,
        delay_ms: 1,
        multiplier: 1.0,
        max_delay_ms: Some(5),
    }
}

#[test]
fn failing_statuses_are_retried_and_in_the_end_observed_ones_are_data() {
    with(async {
        let settings = |server: &Server| format!(r#"{{"url": "http://{}/health"}}"#, server.host);
        let server = Server::start(vec![json(500, "{}"), json(404, "{}"), json(200, "1")]).await;
        let ran = run(
            request("r").observed().on_error(retry(5)),
            &settings(&server),
        )
        .await;
        assert_eq!(
            (field(&ran, "attempts"), field(&ran, "status_code")),
            ("3".to_owned(), "200".to_owned())
        );
        assert_eq!(server.connections(), 1, "connections are kept");
        let server = Server::start(vec![json(500, "{}")]).await;
        let ran = run(
            request("r").observed().on_error(retry(2)),
            &settings(&server),
        )
        .await;
        assert_eq!(
            (field(&ran, "attempts"), field(&ran, "status_code")),
            ("3".to_owned(), "500".to_owned())
        );
        let ran = run(request("r").on_error(retry(2)), &settings(&server)).await;
        assert!(
            ran.output()
                .starts_with("RetryExhausted: 3 attempts failed, the last with HttpStatusError"),
            "{}",
            ran.output()
        );
    });
}

#[test]
fn a_broken_connection_and_a_silent_server_are_different_errors() {
    with(async {
        let closed = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let refused = run(request("r"), &format!(r#"{{"url": "http://{closed}/x"}}"#)).await;
        assert_eq!(
            refused.output(),
            format!("ConnectionError: cannot connect to `{closed}`: connection refused")
        );
        let (_, broken) = ask(vec![Answer::Silence(0)], r#"{"url": "http://HOST/x"}"#).await;
        assert!(
            broken
                .output()
                .starts_with("ConnectionError: the connection broke to `127.0.0.1"),
            "{}",
            broken.output()
        );
        let (_, short) = ask(
            vec![
                Answer::Raw(b"HTTP/1.1 200 X\r\nContent-Length: 9\r\n\r\nabc".to_vec()),
                Answer::Silence(0),
            ],
            r#"{"url": "http://HOST/x", "timeout": 300}"#,
        )
        .await;
        assert!(short.output().contains("Error: "), "{}", short.output());
        let (_, silent) = ask(
            vec![Answer::Silence(10_000)],
            r#"{"url": "http://HOST/x", "timeout": 50}"#,
        )
        .await;
        assert!(
            silent.output().starts_with("TimeoutError: `GET 127.0.0.1"),
            "{}",
            silent.output()
        );
        assert!(silent.output().ends_with("was not answered within 50 ms"));
    });
}

#[test]
fn a_large_body_fails_the_stage_while_it_streams() {
    with(async {
        let large = || answer(200, &[], &vec![b'x'; 20 << 20]);
        let (_, ran) = ask(vec![large()], r#"{"url": "http://HOST/x"}"#).await;
        assert!(
            ran.output()
                .contains("more than 16777216 bytes (`max_response_bytes`)"),
            "{:.200}",
            ran.output()
        );
        let chunked = b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n5\r\nfghij\r\n0\r\n\r\n".to_vec();
        let (_, ran) = ask(
            vec![Answer::Raw(chunked.clone())],
            r#"{"url": "http://HOST/x", "max_response_bytes": 9}"#,
        )
        .await;
        assert!(
            ran.output().contains("more than 9 bytes"),
            "{}",
            ran.output()
        );
        let (_, ran) = ask(
            vec![Answer::Raw(chunked)],
            r#"{"url": "http://HOST/x", "max_response_bytes": "10"}"#,
        )
        .await;
        assert_eq!(field(&ran, "body"), r#""abcdefghij""#);
        let settings = r#"{"url": "http://HOST/x", "max_response_bytes": "0"}"#;
        let (server, ran) = ask(vec![json(200, "1")], settings).await;
        assert_eq!(
            ran.output(),
            r#"ConfigError: field `max_response_bytes`: expected `int of 1 or more`, found `string` "0""#
        );
        assert!(server.requests().is_empty());
    });
}

#[test]
fn a_report_shows_the_first_4_kib_of_a_refusal_and_no_part_of_a_secret() {
    with(async {
        let body = format!("{{\"a\": \"{}\", \"reason\": \"hunter2", "x".repeat(300));
        let filled = format!("{body:y<4090}hunter22 and more");
        let (_, ran) = ask(
            vec![answer(500, &[], filled.as_bytes())],
            r#"{"url": "http://HOST/x"}"#,
        )
        .await;
        let report = ran.report();
        let shown = report
            .lines()
            .find(|line| line.starts_with("  | "))
            .unwrap();
        assert_eq!(
            shown.strip_prefix("  | "),
            Some(&*format!("{body:y<4090}***…"))
        );
    });
}

#[test]
fn a_long_secret_is_masked_when_the_message_cuts_it() {
    let secret = format!("eyJ{}", "hbGciOi/\"J9.".repeat(13));
    let settings = [
        r#"{"url": "http://h/x", "timeout": SECRET}"#,
        r#"{"url": SECRET}"#,
        r#"{"url": "http://h/x", "headers": {"A": [[SECRET]]}}"#,
        r#"{"url": "http://h/x", "method": SECRET}"#,
    ];
    for settings in settings {
        let settings = settings.replace("SECRET", &Value::from(secret.as_str()).to_json());
        let ran = Bench::new(&[request("r")], "r")
            .input(&settings)
            .env("OTHER_API_KEY", &secret)
            .events()
            .run();
        let told = format!("{}{}", ran.report(), ran.lines());
        assert!(told.contains("***") && !told.contains("eyJ"), "{told}");
    }
}

#[test]
fn a_status_that_ends_no_exchange_is_refused() {
    with(async {
        for status in [101, 199, 600, 999] {
            let raw = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n");
            let (_, ran) = ask(
                vec![Answer::Raw(raw.into_bytes())],
                r#"{"url": "http://HOST/x", "timeout": 500}"#,
            )
            .await;
            let said = ran.output();
            let refused = format!("answered with status {status}, expected 200 to 599");
            assert!(
                said.starts_with("ConnectionError") && said.ends_with(&refused) || status == 199,
                "{said}"
            );
        }
        let odd = answer(599, &[], b"");
        let (_, ran) = ask(
            vec![odd],
            r#"{"url": "http://HOST/x", "fail_on_status": false}"#,
        )
        .await;
        assert_eq!(field(&ran, "status_code"), "599");
    });
}

#[test]
fn requests_of_one_run_overlap() {
    with(async {
        let server = Server::start(vec![json(200, "1")]).await;
        let drafts = [request("a"), request("b"), request("c")];
        let settings = format!(r#"{{"url": "http://{}/x"}}"#, server.host);
        let ran = tokio::time::timeout(
            Duration::from_secs(5),
            Bench::new(&drafts, "c").input(&settings).go(),
        )
        .await;
        assert!(ran.is_ok());
        assert_eq!((server.lines().len(), server.connections()), (3, 3));
    });
}

#[test]
fn certificates_are_verified_unless_told_otherwise() {
    with(async {
        let server = Server::start_tls(vec![json(200, r#""safe""#)]).await;
        let settings = |more: &str| format!(r#"{{"url": "https://{}/x"{more}}}"#, server.host);
        let refused = run(request("r"), &settings("")).await;
        assert!(
            refused.output().starts_with("ConnectionError: cannot "),
            "{}",
            refused.output()
        );
        assert!(server.requests().is_empty());
        let accepted = run(request("r"), &settings(r#", "verify_ssl": false"#)).await;
        assert_eq!(field(&accepted, "body"), r#""safe""#);
    });
}

#[test]
fn a_url_that_is_too_long_is_refused_before_anything_is_escaped() {
    let of = |length: usize| "a".repeat(length);
    let query = |json: &str| match Value::from_json(json.as_bytes()) {
        Ok(Value::Object(query)) => query,
        _ => Object::default(),
    };
    let pairs = |url: &str, json: &str| {
        let pairs = parameters(&Cx::new(), url, &query(json));
        pairs
            .map_err(|error| error.message)
            .map(|pairs| pairs.len())
    };
    let too_long = Err("uri too long".to_owned());
    assert_eq!(
        pairs("http://h/", r#"{"a": [1, null, 2], "b": null}"#),
        Ok(2)
    );
    let path = format!("http://h/{}", of(LONGEST_TARGET - 1));
    assert_eq!(pairs(&path, "{}"), Ok(0));
    assert_eq!(pairs(&path, r#"{"a": 1}"#), too_long);
    assert_eq!(pairs(&format!("{path}b"), "{}"), too_long);
    assert_eq!(pairs(&format!("{path}#{}", of(9)), "{}"), Ok(0));
    // What `parameters` lets through and is too long is refused by the address.
    assert!(Address::new(&path, &[]).is_ok());
    assert!(Address::new(&format!("{path}b"), &[]).is_err());
    // Of a million parameters only the first are looked at.
    let many = format!(r#"{{"a": [{}1]}}"#, "1,".repeat(100_000));
    let cx = Cx::new();
    parameters(&cx, "http://h/", &query(&many)).unwrap_err();
    assert!(cx.spent() < 70_000, "{}", cx.spent());
}
