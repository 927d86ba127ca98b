//! Whatever a server makes of a secret that it got, nothing that a binary writes holds it.

use fmc_tests::{Answer, Ended, Pipeline, Program, Server, spellings};
use serde_json::{Value, json};

/// Keys of the kinds that leaked: reserved characters, letters beyond ASCII, a URL with a path.
const KEYS: &[&str] = &[
    "tok-SECRET/abc+def=123&x",
    "pä55wörd-ñandé-SECRET",
    "tok|SECRET=x y\"z\\<'>;#",
    "https://hooks.example/services/T0SECRET/B0/xyz?k=v&w=%41",
    "0123456789abcdef0123456789abcdef",
];

/// A pipeline that sends its key, and tells everything that the server answers: as the message of
/// a failure, as data, and as the reason for which the run fails.
fn telling() -> Pipeline {
    let call = |more: &Value| {
        let mut config = json!({
            "url": "{{env.BASE}}/call/{{input.n}}", "method": "POST", "body": {"key": "{{env.API_TOKEN}}"},
        });
        for (key, value) in more.as_object().unwrap() {
            config[key] = value.clone();
        }
        config
    };
    let log = |message: &str, data: &str| json!({"message": message, "data": {"said": data}, "level": "error"});
    Pipeline::of(
        "telling",
        &json!([
            {"id": "guarded", "component_type": "trycatch", "config":
                {"try_stages": ["first"], "catch_stages": ["tell"]}},
            {"id": "first", "component_type": "http-request", "config": call(&json!({}))},
            {"id": "tell", "component_type": "logger", "config":
                log("{{error.message}}", "{{error}}")},
            {"id": "second", "component_type": "http-request", "depends_on": ["guarded"],
                "config": call(&json!({"fail_on_status": false}))},
            {"id": "again", "component_type": "logger", "depends_on": ["second"], "config":
                log("{{upstream.second.body}}", "{{upstream.second}}")},
            {"id": "compared", "component_type": "filter", "depends_on": ["again"], "config":
                {"data": {"key": "{{upstream.second.body}}"}, "field_conditions": {"key": "{{env.API_TOKEN}}"}}},
            {"id": "why", "component_type": "logger", "depends_on": ["compared"], "config":
                log("{{upstream.compared.reason}}", "{{upstream.compared.reason}}")},
            {"id": "third", "component_type": "http-request", "depends_on": ["why"],
                "config": call(&json!({}))}]),
    )
}

/// All texts that a reader of the run sees: its lines, and the texts in its events.
fn seen(ended: &Ended) -> Vec<String> {
    let mut seen = vec![ended.stdout.clone(), ended.stderr.clone()];
    for event in ended.events() {
        texts(&event, &mut seen);
    }
    seen
}

fn texts(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => into.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, into)),
        Value::Object(entries) => {
            for (key, item) in entries {
                into.push(key.clone());
                texts(item, into);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The letters and digits of a text, in lower case.
fn letters(text: &str) -> String {
    let letters = text.chars().filter(|char| char.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn assert_hidden(name: &str, key: &str, spelt: &str, ended: &Ended) {
    let quoted = serde_json::to_string(spelt).unwrap();
    for text in seen(ended) {
        for form in [key, spelt, quoted.trim_matches('"')] {
            assert!(!text.contains(form), "{name} of {key}: {text}");
        }
        assert!(
            !letters(&text).contains(&letters(key)),
            "{name} of {key}: {text}"
        );
        assert!(
            !text.to_lowercase().contains("secret"),
            "{name} of {key}: {text}"
        );
    }
    assert!(
        ended.stderr.contains("***"),
        "{name} of {key}: {}",
        ended.stderr
    );
}

#[test]
fn nothing_holds_a_key_however_a_server_writes_it() {
    let program = telling().build();
    for key in KEYS {
        // Few at a time, because a report shows the beginning of an answer only.
        for forms in spellings::all(key).chunks(6) {
            let spelt: Vec<_> = forms.iter().map(|(_, spelt)| spelt.as_str()).collect();
            let answer = Answer::text(500, &format!("cannot accept {} !", spelt.join(" , ")));
            let server = Server::start().on("POST", "/call/*", [answer]);
            let ended = program
                .run()
                .envs([("BASE", server.url().as_str()), ("API_TOKEN", key)])
                .input(&json!({"n": 1}))
                .finish();
            assert_eq!(ended.code(), 1, "{}", ended.stderr);
            for (name, spelt) in forms {
                assert_hidden(name, key, spelt, &ended);
            }
        }
    }
}

#[test]
fn nothing_holds_a_secret_address_however_it_is_written() {
    let pipeline = Pipeline::of(
        "hook",
        &json!([
            {"id": "ok", "component_type": "http-request", "config":
                {"url": "{{env.HOOK_WEBHOOK}}", "fail_on_status": false}},
            {"id": "no", "component_type": "http-request", "depends_on": ["ok"], "config":
                {"url": "{{env.HOOK_WEBHOOK}}"}}]),
    );
    let shows = pipeline.clone().set("output_stage_id", json!("ok"));
    let shows = shows
        .with("no", |stage| stage["enabled"] = json!(false))
        .build();
    let fails = pipeline.build();
    for path in [
        "/services/T0|SECRET/x",
        "/services/tok=en|SECRETé/x",
        "/services/a b\"SECRET",
        "/SeRvIcEs/T0/SECRET?k=v|w&x=ä",
        "/%53ervices/SECRET",
    ] {
        let answer = Answer::text(500, "no");
        let server = Server::start().on("GET", "/*", [answer]);
        // A host in capitals is written in lower case by everybody.
        let hook = format!(
            "{}{path}",
            server.url_by_name().replace("localhost", "LOCALHOST")
        );
        let run = |program: &Program| {
            program
                .run()
                .env("HOOK_WEBHOOK", &hook)
                .input(&json!({}))
                .finish()
        };
        let failed = run(&fails);
        assert_eq!(failed.code(), 1, "{}", failed.stderr);
        assert_hidden("url", &hook, &hook, &failed);
        let shown = run(&shows);
        assert_eq!(shown.output()["url"], "***");
    }
}

#[test]
fn a_reason_does_not_tell_what_was_expected() {
    let pipeline = Pipeline::of(
        "reason",
        &json!([{"id": "f", "component_type": "filter", "config":
            {"data": {"a": "{{input.guess}}"}, "field_conditions": {"a": "{{env.MY_TOKEN}}"}}}]),
    );
    let program = pipeline.build();
    for token in ["SECRETabcdefgh", &"SECRET-with-many-letters ".repeat(20)] {
        let run = program.run().env("MY_TOKEN", token);
        let output = run.input(&json!({"guess": "guess"})).finish().output();
        let reason = output["reason"].as_str().unwrap();
        assert!(!reason.contains("SECRET"), "{reason}");
        assert!(
            reason.contains("***") && reason.contains("guess"),
            "{reason}"
        );
    }
}
